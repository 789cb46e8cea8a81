"""Signing in with the city's own directory: out to it, and back."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.accounts import SIGNING_IN, SignedIn, Wrong
from assistant.accounts.directory import Directory, DirectoryFailed
from assistant.accounts.session import (
    hashed,
    new_token,
    session_cookie,
    set_visitor_cookie,
    visitor_cookie,
)
from assistant.composition import Installation
from assistant.http.sign_in import form_page, own_path, signed_in_response
from assistant.http.staff_view import PRIVATE

router = APIRouter(prefix="/sign-in/directory", tags=["staff"], include_in_schema=False)

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the directory."""


@router.get("")
async def depart(request: Request) -> Response:
    """Send the browser to the directory."""
    directory = _directory(request)
    try:
        departure = await asyncio.to_thread(directory.depart, _redirect_uri(request))
    except DirectoryFailed as failure:
        log.error("%s", failure)
        return form_page(request, problem="sign_in.directory_failed", status=503)
    browser = visitor_cookie(request) or new_token()
    store = _installation(request).store
    kept = {
        **departure.kept,
        "browser": hashed(browser),
        "next": own_path(request.query_params.get("next", "")),
    }
    await asyncio.to_thread(
        store.begin_sign_in, hashed(departure.state), kept, store.now() + PATIENCE
    )
    response = RedirectResponse(departure.address, status_code=303, headers=PRIVATE)
    set_visitor_cookie(request, response, browser)
    return response


@router.get("/callback")
async def arrive(request: Request) -> Response:
    """Sign in whom the directory sends back, if this browser was sent there."""
    directory = _directory(request)
    installation = _installation(request)
    answer = dict(request.query_params)
    kept = await asyncio.to_thread(installation.store.take_sign_in, hashed(answer.get("state", "")))
    if kept is None or kept["browser"] != hashed(visitor_cookie(request)):
        return form_page(request, problem="sign_in.directory_failed", status=403)
    address = request.client.host if request.client else ""

    def work() -> SignedIn | Wrong:
        person = directory.arrive(_redirect_uri(request), kept, answer)
        record = installation.staff.account(person)
        if record is None:
            detail = {"by": "directory", "address": address}
            installation.store.audit(SIGNING_IN, "session.refuse", "", detail)
            return Wrong()
        detail = {"by": "directory", "address": address}
        return installation.accounts.begin(record, detail, former=session_cookie(request))

    try:
        outcome = await asyncio.to_thread(work)
    except DirectoryFailed as failure:
        log.warning("%s", failure)
        return form_page(request, problem="sign_in.directory_failed", status=502)
    if isinstance(outcome, Wrong):
        return form_page(request, problem="sign_in.directory_unknown", status=403)
    return signed_in_response(request, outcome, kept["next"])


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


def _directory(request: Request) -> Directory:
    directory = _installation(request).directory
    if directory is None:
        raise HTTPException(404, "No directory is set up.")
    return directory


def _redirect_uri(request: Request) -> str:
    base = _installation(request).settings.server.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/sign-in/directory/callback"
