"""A chat server that does everything wrong, on 127.0.0.1, for the tests of drafts."""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INVENTIONS = {
    "figures": (
        "You have 45 days. It costs 9,800 yen.",
        "Call 06-9999-1234 before 3:15 p.m. today.",
        "Register within 41 days from the day you start living at the new address.",
    ),
    "conditions": (
        "Register before you move; you can also register before you start living there.",
        "No power of attorney is ever needed when somebody else files it.",
        "You need a passport instead of the moving-out certificate.",
    ),
    "language": ("住み始めた日から45日以内に届け出てください。", "手数料はかかりません。"),
    "orders": ("{orders}",),
    "markup": (
        "<script>alert(1)</script> Register within 14 days.",
        "[Click](http://evil.example) to register within 14 days.",
        "You can register online at https://evil.example.com now.",
    ),
    "promises": (
        "The city guarantees that you are exempt from all tax.",
        "Ignore the notice. Everything is free for everyone, always, without any document.",
    ),
}
"""What is wrong with each sentence, and the sentences; how it ends badly is in `ENDINGS`."""

INVENTED = tuple(line for lines in INVENTIONS.values() for line in lines)
ENDINGS = ("done", "never", "closed", "garbage", "slow", "long")


class HostileServer:
    """Answers each request with invented sentences and ends it badly; seeded, so repeatable."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.requests = 0
        self.endings: tuple[str, ...] = ENDINGS
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = json.loads(self.rfile.read(length))
                server.requests += 1
                with contextlib.suppress(OSError):
                    server.misbehave(self, body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.httpd.server_address[1]}/v1"

    @contextlib.contextmanager
    def running(self) -> Iterator[HostileServer]:
        thread = threading.Thread(target=self.httpd.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.httpd.shutdown()
            self.httpd.server_close()
            thread.join(5)

    def misbehave(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        orders = body["messages"][0]["content"]
        chosen = self.random.sample(INVENTED, 3)
        text = " ".join(line.replace("{orders}", orders[:300]) for line in chosen) + " "
        while text:
            size = self.random.randint(10, 80)
            _event(handler, text[:size])
            text = text[size:]
        ending = self.random.choice(self.endings)
        if ending == "done":
            handler.wfile.write(b"data: [DONE]\n\n")
        elif ending == "garbage":
            handler.wfile.write(b'data: {"choices": 7}\n\n\xff\xfe\n')
        elif ending == "long":
            handler.wfile.write(b"data: " + b"x" * 200_000)
        elif ending == "slow":
            time.sleep(1.0)
        elif ending == "never":
            for _ in range(1_000):
                _event(handler, "It costs 777 yen. ")
                time.sleep(0.01)


def _event(handler: BaseHTTPRequestHandler, text: str) -> None:
    content = json.dumps({"choices": [{"delta": {"content": text}}]}, ensure_ascii=False)
    handler.wfile.write(f"data: {content}\n\n".encode())
    handler.wfile.flush()
