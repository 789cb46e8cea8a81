"""Disaster mode: what comes first then, and which doors are shut so that the others stay fast."""

from __future__ import annotations

import logging
from functools import cache
from importlib import resources

import yaml
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant import notices
from assistant.composition import Installation
from knowledge.errors import KnowledgeError

DOORS = {
    "open-data": ("/open-data/",),
    "openai": ("/v1/",),
    "speech": ("/api/speech", "/v1/audio/"),
}
"""The beginnings of the addresses of what may be turned off, by its name in the settings."""

_TRY_AGAIN_LATER = 1013  # the code that closes a WebSocket, of the IANA registry

log = logging.getLogger(__name__)


@cache
def comes_first() -> tuple[str, ...]:
    """Return the articles that come first in disaster mode, from ``disaster_first.yaml``."""
    text = resources.files("widget").joinpath("disaster_first.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def is_on(connection: HTTPConnection) -> bool:
    """Say whether disaster mode is on; not where the store cannot be asked."""
    installation: Installation = connection.app.state.installation
    try:
        return notices.disaster_mode(installation.store)
    except KnowledgeError:
        log.warning("the store could not be asked for disaster mode")
        return False


class DisasterDoors:
    """Refuses what the settings turn off, in one sentence, while disaster mode is on."""

    def __init__(self, app: ASGIApp, off: list[str]) -> None:
        self._app = app
        self._shut = tuple(start for name in off for start in DOORS[name])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        kind = scope["type"]
        shut = kind in ("http", "websocket") and scope["path"].startswith(self._shut)
        if not shut or not self._shut or not is_on(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        elif kind == "websocket":
            await WebSocketClose(_TRY_AGAIN_LATER, "disaster")(scope, receive, send)
        else:
            words = "This is turned off while the city is in disaster mode; please try later."
            error = {"error": {"type": "DisasterMode", "message": words}}
            response = JSONResponse(error, status_code=503, headers={"Retry-After": "3600"})
            await response(scope, receive, send)
