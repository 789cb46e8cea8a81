"""`/admin/accounts`: administrators add people, give them roles, and let them in again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.accounts import Accounts, Link
from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Grant, Role, grants, pairs
from assistant.composition import Installation
from assistant.http.staff_view import PRIVATE, StaffView
from knowledge.errors import AccountMissing, AccountRefused, KnowledgeError
from knowledge.store import Store

router = APIRouter(prefix="/admin/accounts", tags=["staff"], include_in_schema=False)

Administrator = Annotated[Account, Depends(require(Role.ADMINISTRATOR))]

SPARE_ROWS = 2
"""Empty rows for further roles in the form of an account."""


@router.get("")
async def accounts_page(request: Request, account: Administrator) -> Response:
    """List the accounts, with a form for a new one."""
    return await _list(request, account)


@router.post("")
async def add(request: Request, account: Administrator) -> Response:
    """Add an account, and show the link that sets its password."""
    form = await request.form()
    name, display_name = str(form.get("name", "")), str(form.get("display_name", ""))
    given = _given(form)

    def work() -> Link:
        return _accounts(request).add(name, display_name, given, by=account.name)

    try:
        link = await asyncio.to_thread(work)
    except AccountRefused as refusal:
        return await _list(
            request, account, refusal=refusal, name=name, display_name=display_name, given=given
        )
    return _link(request, account, display_name or name, link)


@router.get("/{name}")
async def account_page(request: Request, account: Administrator, name: str) -> Response:
    """Show one account, with forms for its roles, a new link, and disabling it."""
    return await _one(request, account, name)


@router.post("/{name}/roles")
async def set_roles(request: Request, account: Administrator, name: str) -> Response:
    """Replace the roles of an account."""
    given = pairs(_given(await request.form()))
    work = lambda: _store(request).set_grants(name, given, by=account.name)  # noqa: E731
    return await _changed(request, account, name, work, "roles")


@router.post("/{name}/disable")
async def disable(request: Request, account: Administrator, name: str) -> Response:
    """Disable an account, which ends its sessions."""
    work = lambda: _store(request).set_disabled(name, True, by=account.name)  # noqa: E731
    return await _changed(request, account, name, work, "disabled")


@router.post("/{name}/enable")
async def enable(request: Request, account: Administrator, name: str) -> Response:
    """Enable an account again."""
    work = lambda: _store(request).set_disabled(name, False, by=account.name)  # noqa: E731
    return await _changed(request, account, name, work, "enabled")


@router.post("/{name}/link")
async def new_link(request: Request, account: Administrator, name: str) -> Response:
    """Show a new link that sets the password of an account."""
    try:
        link = await asyncio.to_thread(lambda: _accounts(request).new_link(name, by=account.name))
    except AccountRefused as refusal:
        return await _one(request, account, name, refusal=refusal)
    return _link(request, account, name, link)


async def _list(
    request: Request,
    account: Account,
    *,
    refusal: AccountRefused | None = None,
    name: str = "",
    display_name: str = "",
    given: list[Grant] | None = None,
) -> Response:
    view = StaffView(request, account)
    records = await asyncio.to_thread(_store(request).accounts)
    return view.render(
        "staff/accounts.html",
        status=400 if refusal else 200,
        title=view.say("accounts.title"),
        problem=_words(view, refusal),
        records=[(record, grants(record.grants)) for record in records],
        name=name,
        display_name=display_name,
        rows=[*(given or []), None],
        roles=list(Role),
        departments=_departments(view),
    )


async def _one(
    request: Request, account: Account, name: str, *, refusal: AccountRefused | None = None
) -> Response:
    view = StaffView(request, account)
    try:
        record = await asyncio.to_thread(_store(request).account, name)
    except AccountMissing as missing:
        raise HTTPException(404, str(missing)) from missing
    given = grants(record.grants)
    return view.render(
        "staff/account.html",
        status=400 if refusal else 200,
        title=record.display_name,
        problem=_words(view, refusal),
        record=record,
        rows=[*given, *[None] * SPARE_ROWS],
        roles=list(Role),
        departments=_departments(view, {grant.department for grant in given}),
    )


async def _changed(
    request: Request, account: Account, name: str, work: Callable[[], None], done: str
) -> Response:
    """Do `work`, and go back to the account with a word about what was done."""
    try:
        await asyncio.to_thread(work)
    except AccountMissing as missing:
        raise HTTPException(404, str(missing)) from missing
    except AccountRefused as refusal:
        return await _one(request, account, name, refusal=refusal)
    address = f"/admin/accounts/{name}?done=accounts.{done}"
    return RedirectResponse(address, status_code=303, headers=PRIVATE)


def _link(request: Request, account: Account, name: str, link: Link) -> Response:
    """Show a link, once: it is not in the address, and the store has only its hash."""
    base = request.app.state.installation.settings.server.public_url or str(request.base_url)
    view = StaffView(request, account)
    return view.render(
        "staff/link.html",
        title=view.say("accounts.link.title"),
        name=name,
        link=base.rstrip("/") + link.path,
        expires_at=link.expires_at,
    )


def _given(form: Any) -> list[Grant]:
    """The roles chosen in a form: rows of a role and a department; a row without a role is none."""
    known = {role.value for role in Role}
    rows = zip(form.getlist("role"), form.getlist("department"), strict=False)
    return sorted({Grant(Role(role), str(where)[:200]) for role, where in rows if role in known})


def _departments(view: StaffView, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """The departments that own articles, and those in `also`, with their names."""
    try:
        articles = view.request.app.state.installation.live.get().articles.values()
    except KnowledgeError:
        articles = ()
    keys = ({article.owner for article in articles} | set(also)) - {""}
    return sorted(((key, view.department(key)) for key in keys), key=lambda pair: pair[1])


def _words(view: StaffView, refusal: AccountRefused | None) -> str:
    return view.say(f"accounts.problem.{type(refusal).__name__}") if refusal else ""


def _store(request: Request) -> Store:
    installation: Installation = request.app.state.installation
    return installation.store


def _accounts(request: Request) -> Accounts:
    installation: Installation = request.app.state.installation
    return installation.accounts
