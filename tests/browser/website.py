"""A website of somebody else, with a strict policy, that carries the chat."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SCRIPTED = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>市のページ</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{desk}/widget.js" data-lang="ja"></script></head>
<body><main><h1>市のページ</h1><p>本文</p></main></body></html>"""

FRAMED = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>市のページ</title>
</head><body><main><h1>市のページ</h1>
<iframe title="AI窓口" width="420" height="640" src="{desk}/embed?lang=ja"></iframe>
</main></body></html>"""

PAGES = {
    "/scripted": (SCRIPTED, "default-src 'none'; script-src {desk}; connect-src {desk}"),
    "/framed": (FRAMED, "default-src 'none'; frame-src {desk}"),
}


class Website:
    """Serves the pages above on a port of its own; `desk` is the address of the help desk."""

    desk = ""

    def __enter__(self) -> Website:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, policy = PAGES.get(self.path, ("", "default-src 'none'"))
                content = body.replace("{desk}", site.desk).encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy.replace("{desk}", site.desk))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
