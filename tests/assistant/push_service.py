"""A push service on this machine: takes notices as a real one does, and reads them."""

from __future__ import annotations

import base64
import json
import os
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Browser:
    """A browser's side of one subscription; `statuses` are given before notices are taken."""

    path: str
    statuses: list[int] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def keys(self) -> dict[str, str]:
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": _encoded(point), "auth": _encoded(self._auth)}

    def read(self, body: bytes) -> None:
        content = http_ece.decrypt(
            body, private_key=self._private, auth_secret=self._auth, version="aes128gcm"
        )
        self.received.append(json.loads(content))


class PushService:
    """Serves on a port of its own until the block ends."""

    def __enter__(self) -> PushService:
        service = self
        self._browsers: dict[str, Browser] = {}
        self.requests: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                service.requests.append({k.lower(): v for k, v in self.headers.items()})
                browser = service._browsers[self.path]
                status = browser.statuses.pop(0) if browser.statuses else 201
                if status == 201 and not Vapid02.verify(self.headers["authorization"]):
                    status = 403
                if status == 201:
                    browser.read(body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def browser(self, *statuses: int) -> Browser:
        """Return a new browser that the service knows."""
        made = Browser(f"/push/{len(self._browsers)}", list(statuses))
        self._browsers[made.path] = made
        return made

    def subscription(self, browser: Browser) -> dict[str, Any]:
        """What the browser says of its subscription, as JavaScript would send it."""
        endpoint = f"{self.url}{browser.path}"
        return {"endpoint": endpoint, "expirationTime": None, "keys": browser.keys()}
