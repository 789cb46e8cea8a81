"""The short-lived token that a page in a browser shows with every question.

`POST /api/visitor` gives it to pages of our own and of allowed origins, when the
first question is asked. It says nothing about the visitor: a moment, a random
number and a seal over both and the page's origin (HMAC-SHA-256). Programs, which
send no Origin, need none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response, WebSocket
from pydantic import BaseModel
from starlette.requests import HTTPConnection

router = APIRouter(tags=["chat"])

LIFETIME_SECONDS = 1800
HEADER = "Madoguchi-Visitor"

_HEAD = struct.Struct(">Q8s")
_SEAL_BYTES = 24


class VisitorToken(BaseModel):
    """A token, and how many seconds it may be used."""

    token: str
    expires_in: int


class VisitorTokens:
    """Makes and checks tokens with one key; `clock` tells seconds since 1970."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock

    def issue(self, origin: str) -> str:
        """Return a token for the pages of `origin`."""
        head = _HEAD.pack(int(self._clock()) + LIFETIME_SECONDS, secrets.token_bytes(8))
        return base64.urlsafe_b64encode(head + self._seal(head, origin)).decode()

    def valid(self, token: str, origin: str) -> bool:
        """Say whether `token` was issued to the pages of `origin` and may still be used."""
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True)
        except ValueError:
            return False
        head, seal = raw[: _HEAD.size], raw[_HEAD.size :]
        if len(head) < _HEAD.size or not hmac.compare_digest(seal, self._seal(head, origin)):
            return False
        expires, _ = _HEAD.unpack(head)
        return bool(self._clock() < expires)

    def _seal(self, head: bytes, origin: str) -> bytes:
        return hmac.digest(self._key, head + origin.encode(), hashlib.sha256)[:_SEAL_BYTES]


@router.post("/api/visitor")
def issue(request: Request, response: Response) -> VisitorToken:
    """Give a page the token that its questions need; pages of other origins get none."""
    tokens: VisitorTokens = request.app.state.visitor_tokens
    response.headers["Cache-Control"] = "no-store"
    return VisitorToken(token=tokens.issue(_origin(request)), expires_in=LIFETIME_SECONDS)


def known_visitor(
    request: Request,
    token: Annotated[str, Header(alias=HEADER, description="needed by pages in a browser")] = "",
) -> None:
    """Let programs pass, and pages in a browser that show their token; 401 otherwise."""
    headers = request.headers
    if "origin" not in headers and "sec-fetch-site" not in headers:
        return
    if not request.app.state.visitor_tokens.valid(token, _origin(request)):
        raise HTTPException(401, f"The header {HEADER} lacks a valid token of POST /api/visitor.")


def known_socket(socket: WebSocket, token: str) -> bool:
    """Say the same of a WebSocket, which cannot send headers: its address holds the token."""
    if "origin" not in socket.headers and "sec-fetch-site" not in socket.headers:
        return True
    tokens: VisitorTokens = socket.app.state.visitor_tokens
    return tokens.valid(token, _origin(socket))


def _origin(request: HTTPConnection) -> str:
    """The origin of the page that sent the request; our own where the browser names none."""
    named = request.headers.get("origin", "null")
    return named if named != "null" else f"own {request.headers.get('host', '')}"


KnownVisitor = Depends(known_visitor)
"""The dependency of every route that answers a question or takes a rating."""
