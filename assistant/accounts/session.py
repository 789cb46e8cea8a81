"""The session of somebody who is signed in: a random cookie, of which the store has the hash.

Forms and scripts prove with a token made from the cookie that they come from
one of our own pages; another site can make a browser send the cookie, but can
neither read it nor make the token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Response
from starlette.requests import HTTPConnection

from assistant.settings import Settings

FIELD = "form_token"
"""The field of a form that carries the token."""

HEADER = "x-form-token"
"""The header in which scripts send the token, which stands in `<meta name="form-token">`."""

_SESSION = "madoguchi-staff"
_VISITOR = "madoguchi-form"


def new_token() -> str:
    """Return a random token of 256 bits, as cookies and links carry it."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return the hash of `token` that the store keeps: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def form_token(cookie: str) -> str:
    """Return the token that a form carries on a page shown with `cookie`."""
    return hmac.new(cookie.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Say whether `token` is that of a page shown with `cookie`, in constant time."""
    made = form_token(cookie).encode()
    return bool(cookie) and hmac.compare_digest(made, token.encode("utf-8", "replace"))


def session_cookie(connection: HTTPConnection) -> str:
    """Return the cookie of the session; empty if there is none."""
    return connection.cookies.get(_name(connection, _SESSION), "")


def visitor_cookie(connection: HTTPConnection) -> str:
    """Return the cookie of somebody who is about to sign in; empty if there is none."""
    return connection.cookies.get(_name(connection, _VISITOR), "")


def set_session_cookie(connection: HTTPConnection, response: Response, token: str) -> None:
    """Let the browser keep the session until it closes; the store ends it sooner or at once."""
    _set(connection, response, _SESSION, token)


def set_visitor_cookie(connection: HTTPConnection, response: Response, token: str) -> None:
    """Let the browser keep a random token with which the form to sign in is protected."""
    _set(connection, response, _VISITOR, token)


def clear_cookies(connection: HTTPConnection, response: Response) -> None:
    """Make the browser forget both cookies."""
    for name in (_SESSION, _VISITOR):
        response.delete_cookie(
            _name(connection, name), secure=_is_secure(connection), httponly=True, samesite="lax"
        )


def _set(connection: HTTPConnection, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        _name(connection, name),
        value,
        path="/",
        secure=_is_secure(connection),
        httponly=True,
        samesite="lax",
    )


def _name(connection: HTTPConnection, name: str) -> str:
    """Over https, the prefix makes browsers refuse the cookie from any other host or path."""
    return f"__Host-{name}" if _is_secure(connection) else name


def _is_secure(connection: HTTPConnection) -> bool:
    settings: Settings = connection.app.state.installation.settings
    return settings.server.public_url.startswith("https:") or connection.url.scheme in (
        "https",
        "wss",
    )
