"""What every response tells the browser about itself."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What our pages allow themselves: their own files, nothing inline, no frame around them."""

WORKER_POLICY = PAGE_POLICY.replace("trusted-types 'none'", "trusted-types madoguchi-push")
"""For the page that may register the service worker of notices, and no other worker."""

COUNTER_POLICY = (
    PAGE_POLICY.replace("trusted-types 'none'", "trusted-types madoguchi-counter")
    + "; manifest-src 'self'"
)
"""For the counter tablet, which is an installed app with a service worker of its own."""

COUNTER_WORKER_POLICY = "default-src 'none'; connect-src 'self'"
"""For the tablet's service worker: a worker fetches by its own policy, not by the page's."""

API_POLICY = "default-src 'none'; frame-ancestors 'none'"

HEADERS = {
    "Content-Security-Policy": API_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every response that does not bring its own."""

HSTS = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """ASGI middleware: adds the headers that a response lacks; HSTS on https only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        await self._app(scope, receive, completed)
