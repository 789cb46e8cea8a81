"""The guard in front of every route of the staff: who is it, and may they?

::

    @router.post("/admin/articles/{slug}")
    async def save(
        request: Request, account: Annotated[Account, Depends(require(Role.EDITOR))]
    ) -> HTMLResponse: ...

A request that changes something must also carry the form's token (see
`assistant.accounts.session`) and come from one of our own pages. What is
refused becomes a page or a JSON object in `assistant.http.staff_problems`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, WebSocketException
from starlette.requests import HTTPConnection

from assistant.accounts.roles import Account, Role
from assistant.accounts.session import FIELD, HEADER, is_form_token, session_cookie
from assistant.composition import Installation

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_POLICY_VIOLATION = 1008  # the code with which a WebSocket is refused (RFC 6455)


class StaffRefused(Exception):
    """Somebody may not do what they asked for.

    ::

        StaffRefused
        ├── NotSignedIn    there is no session, or it has ended
        ├── NotAllowed     the account has none of the roles, or not in this department
        └── ForeignForm    the request comes from another site, or the form's token is wrong
    """


class NotSignedIn(StaffRefused):
    """There is no session, or it has ended."""


class NotAllowed(StaffRefused):
    """The account has none of the roles, or not in this department."""


class ForeignForm(StaffRefused):
    """The request comes from another site, or the form's token is wrong."""


@dataclass(frozen=True)
class Guard:
    """A dependency that gives the signed-in `Account`, which has one of `roles`.

    Without roles, anybody who is signed in may pass. Raises `StaffRefused`, or
    closes a WebSocket with code 1008.
    """

    roles: frozenset[Role]

    async def __call__(self, connection: HTTPConnection) -> Account:
        """Return who asks, or refuse them."""
        try:
            account = await signed_in(connection)
            if account is None:
                raise NotSignedIn
            if self.roles and not account.has(*self.roles):
                raise NotAllowed
            await check_origin(connection)
        except StaffRefused as refusal:
            if connection.scope["type"] == "websocket":
                raise WebSocketException(_POLICY_VIOLATION, type(refusal).__name__) from refusal
            raise
        connection.state.account = account
        return account


def require(*roles: Role) -> Guard:
    """Return the guard of a route: ``Depends(require(Role.EDITOR, Role.APPROVER))``."""
    return Guard(frozenset(roles))


async def signed_in(connection: HTTPConnection) -> Account | None:
    """Return who is signed in, or None; one look into the store."""
    cookie = session_cookie(connection)
    if not cookie:
        return None
    installation: Installation = connection.app.state.installation
    return await asyncio.to_thread(installation.accounts.of_session, cookie)


def check_department(account: Account, role: Role, department: str) -> None:
    """Raise `NotAllowed` unless `account` has `role` in `department` (an article's owner)."""
    if not account.may(role, department):
        raise NotAllowed


async def check_origin(connection: HTTPConnection) -> None:
    """Raise `ForeignForm` for a change, or a WebSocket, that one of our pages did not ask for."""
    if connection.scope["type"] == "websocket":
        if not is_own_page(connection):
            raise ForeignForm
        return
    assert isinstance(connection, Request)
    if connection.method in SAFE:
        return
    token = await sent_token(connection)
    if not is_own_page(connection) or not is_form_token(session_cookie(connection), token):
        raise ForeignForm


def is_own_page(connection: HTTPConnection) -> bool:
    """Say whether a browser says that the request comes from our origin, or says nothing.

    Stricter than for residents: pages that may embed the chat are not among them.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = connection.headers.get("origin")
    if origin is None or site is not None:
        return True
    own = connection.app.state.installation.settings.server.public_url.rstrip("/")
    return urlsplit(origin).netloc == connection.headers.get("host", "") or origin == own


async def sent_token(request: Request) -> str:
    """Return the token that a script sent in a header or a form in a field; empty if none."""
    header = request.headers.get(HEADER)
    if header is not None:
        return header
    if request.headers.get("content-type", "").startswith(_FORMS):
        value = (await request.form()).get(FIELD, "")
        return value if isinstance(value, str) else ""
    return ""
