"""Signing in and out, and setting a password with a link."""

from __future__ import annotations

import asyncio
import math
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts import passwords
from assistant.accounts.accounts import Accounts, Locked, SignedIn
from assistant.accounts.guard import is_own_page, require, sent_token, signed_in
from assistant.accounts.roles import Account
from assistant.accounts.session import (
    clear_cookies,
    is_form_token,
    new_token,
    session_cookie,
    set_session_cookie,
    set_visitor_cookie,
    visitor_cookie,
)
from assistant.composition import Installation
from assistant.http.staff_view import LANGUAGES, PRIVATE, StaffView

router = APIRouter(tags=["staff"], include_in_schema=False)

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")

Anybody = Annotated[Account, Depends(require())]
"""Whoever is signed in."""


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """Show the form to sign in, or go on for somebody who is signed in."""
    if await signed_in(request) is not None:
        return _go(own_path(request.query_params.get("next", "")))
    return form_page(request)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Sign in with a name and a password."""
    form = await request.form()
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    if not await _is_own_form(request):
        return form_page(request, problem="sign_in.again", name=name, status=403)
    outcome = await asyncio.to_thread(
        _accounts(request).sign_in,
        name,
        password,
        address=request.client.host if request.client else "",
        former=session_cookie(request),
    )
    if isinstance(outcome, SignedIn):
        return signed_in_response(request, outcome, str(form.get("next", "")))
    if isinstance(outcome, Locked):
        store = request.app.state.installation.store
        seconds = max(1, math.ceil((outcome.until - store.now()).total_seconds()))
        page = form_page(request, problem="sign_in.locked", name=name, status=429, seconds=seconds)
        page.headers["Retry-After"] = str(seconds)
        return page
    return form_page(request, problem="sign_in.wrong", name=name, status=401)


@router.get("/sign-out")
async def sign_out_page(request: Request) -> Response:
    """Show the button to sign out."""
    account = await signed_in(request)
    if account is None:
        return _go("/sign-in")
    view = StaffView(request, account)
    return view.render("staff/sign_out.html", title=view.say("sign_in.out.title"))


@router.post("/sign-out")
async def sign_out(request: Request, _: Anybody) -> Response:
    """End the session and make the browser forget it."""
    await asyncio.to_thread(_accounts(request).sign_out, session_cookie(request))
    response = _go("/sign-in?done=sign_in.out")
    response.headers["Clear-Site-Data"] = '"cache"'
    clear_cookies(request, response)
    return response


@router.get("/staff")
async def start(request: Request, account: Anybody) -> Response:
    """Show where the account may go."""
    view = StaffView(request, account)
    return view.render("staff/start.html", title=view.say("staff.start.title"))


@router.get("/set-up/{token}")
async def set_up_page(request: Request, token: str) -> Response:
    """Show the form that sets a password, or say that the link is void."""
    return await _set_up(request, token)


@router.post("/set-up/{token}")
async def set_up(request: Request, token: str) -> Response:
    """Set the password, which uses the link up."""
    form = await request.form()
    password = str(form.get("password", ""))
    if not await _is_own_form(request):
        return await _set_up(request, token, problem="again")
    if password != str(form.get("password_again", "")):
        return await _set_up(request, token, problem="different")
    record = await asyncio.to_thread(_accounts(request).of_link, token)
    if record is None:
        return await _set_up(request, token)
    cities = " ".join(StaffView(request).city("city.name", lang) for lang in LANGUAGES)
    known = (record.name, *f"{record.display_name} {cities} madoguchi".split())
    weak = await asyncio.to_thread(passwords.weakness, password, known)
    if weak is not None:
        return await _set_up(request, token, problem=weak)
    await asyncio.to_thread(_accounts(request).set_password, token, password)
    response = _go("/sign-in?done=sign_in.set_up")
    clear_cookies(request, response)
    return response


def signed_in_response(request: Request, signed: SignedIn, wish: str) -> Response:
    """Give the browser its session, and go where somebody wanted to go."""
    response = _go(own_path(wish))
    clear_cookies(request, response)
    set_session_cookie(request, response, signed.cookie)
    return response


def own_path(wish: str) -> str:
    """Return `wish` if it is a path of this site, else the start page.

    >>> own_path("/admin?tab=2"), own_path("//evil.example"), own_path("https://evil.example")
    ('/admin?tab=2', '/staff', '/staff')
    """
    return wish if _OWN_PATH.fullmatch(wish) else "/staff"


def visitor_view(request: Request) -> StaffView:
    """Return the view of a page before signing in, with a cookie that its form is bound to."""
    return StaffView(request, None, visitor_cookie(request) or new_token())


def form_page(
    request: Request, *, problem: str = "", name: str = "", status: int = 200, **values: object
) -> Response:
    """Return the form to sign in, with the text `problem` if something went wrong."""
    view = visitor_view(request)
    directory = request.app.state.installation.settings.directory
    page = view.render(
        "staff/sign_in.html",
        status=status,
        title=view.say("sign_in.title"),
        problem=view.say(problem, **values) if problem else "",
        name=name,
        next=own_path(request.query_params.get("next", "")),
        directory=(directory.label or view.say("sign_in.directory")) if directory.issuer else "",
    )
    set_visitor_cookie(request, page, view.visitor)
    return page


async def _set_up(request: Request, token: str, *, problem: str = "") -> Response:
    record = await asyncio.to_thread(_accounts(request).of_link, token)
    view = visitor_view(request)
    status = 200 if record and not problem else 400 if record else 404
    page = view.render(
        "staff/set_up.html",
        status=status,
        title=view.say("sign_in.set_up.title"),
        record=record,
        problem=view.say(f"sign_in.set_up.{problem}", shortest=passwords.SHORTEST)
        if problem
        else "",
        shortest=passwords.SHORTEST,
    )
    set_visitor_cookie(request, page, view.visitor)
    return page


async def _is_own_form(request: Request) -> bool:
    """Say whether a form before signing in comes from our page in this browser."""
    token = await sent_token(request)
    return is_own_page(request) and is_form_token(visitor_cookie(request), token)


def _accounts(request: Request) -> Accounts:
    installation: Installation = request.app.state.installation
    return installation.accounts


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers=PRIVATE)
