"""A limit on the size of request bodies, enforced while they arrive."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """ASGI middleware: refuses bodies of more than `limit` bytes with status 413.

    `larger` are paths that take more, with their limits; one that ends with a slash
    stands for everything below it.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._larger = larger or {}

    def _limit_of(self, path: str) -> int:
        for known, limit in self._larger.items():
            if path == known or (known.endswith("/") and path.startswith(known)):
                return limit
        return self._limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting the bytes of its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if received > limit and not started:
                return  # what the routes say about a body they could not read
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLargeError:
            if started:
                raise
        if received > limit and not started:
            words = f"The request is larger than {limit} bytes."
            response = JSONResponse(
                {"error": {"type": "TooLarge", "message": words}}, status_code=413
            )
            await response(scope, receive, send)
