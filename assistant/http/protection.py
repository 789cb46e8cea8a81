"""Who may post, and how often: requests from other sites, limits, and the switch that stops.

`protect` puts the middlewares around the application; a route that answers a
question calls `refused` first and passes on what it gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.http.page_view import page_texts
from assistant.http.security_headers import SecurityHeaders
from assistant.http.visitor_limit import VisitorLimit
from assistant.replies import replies
from assistant.settings import ServerSettings
from knowledge.article import languages
from knowledge.ruby import strip

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not taken now, in words, and when to come back (0: unknown)."""

    status: int
    kind: str
    words: str
    seconds: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell a program when to come back."""
        return {"Retry-After": str(self.seconds)} if self.seconds else {}

    def response(self) -> JSONResponse:
        """Return the refusal as the API says it."""
        body = {"error": {"type": self.kind, "message": self.words}}
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def protect(app: FastAPI, server: ServerSettings) -> None:
    """Put the check of origins and the security headers around `app`, and set its limits."""
    app.state.limit = VisitorLimit(server.questions_per_minute, server.global_questions_per_minute)
    app.add_middleware(SameOrigin, allowed=[*server.allowed_origins, server.public_url])
    app.add_middleware(SecurityHeaders)


def refused(request: Request, lang: str | None) -> Refusal | None:
    """Say why the question in `request` is not taken, or None if it is; counts it."""
    reader = lang if lang in languages() else "ja"
    server: ServerSettings = request.app.state.installation.settings.server
    if not server.assistant_enabled:
        return Refusal(503, "AssistantOff", _off(request, reader))
    limit: VisitorLimit = request.app.state.limit
    seconds = limit.seconds_to_wait(request.client.host if request.client else "")
    if seconds == 0:
        return None
    request.app.state.metrics.refused.inc()
    words = replies(reader)("busy", seconds=seconds)
    return Refusal(429, "Busy", strip(words), seconds)


def _off(request: Request, lang: str) -> str:
    """The sentence that says the assistant is switched off, with the telephone of the city."""
    city = request.app.state.installation.live.get().city
    phone = city.text("phone.call_center", lang) if "phone.call_center" in city.values else ""
    return strip(page_texts(lang)("paused", phone=phone))


class SameOrigin:
    """ASGI middleware: takes changes from our own pages, allowed origins and programs only.

    Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); what
    comes from a page of another site is refused. Programs send neither.
    """

    def __init__(self, app: ASGIApp, allowed: list[str]) -> None:
        self._app = app
        self._allowed = {origin.rstrip("/") for origin in allowed if origin}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with status 403."""
        if scope["type"] == "http" and scope["method"] in CHANGING:
            headers = Headers(scope=scope)
            if not self._may(headers):
                words = "Requests from other sites are not accepted."
                body = {"error": {"type": "OtherOrigin", "message": words}}
                await JSONResponse(body, status_code=403)(scope, receive, send)
                return
        if scope["type"] == "websocket" and not self._may(Headers(scope=scope)):
            # Refused before it is accepted: the browser's page learns nothing.
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    def _may(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site in ("same-origin", "none"):
            return True
        origin = headers.get("origin")
        if origin is None:
            return site is None
        same_host = urlsplit(origin).netloc == headers.get("host", "")
        return same_host or origin in self._allowed
