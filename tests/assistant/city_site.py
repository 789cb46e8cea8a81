"""A small site of a city, served on 127.0.0.1, whose pages a test can change."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = """<!doctype html><html lang="ja"><head><title>{title}｜みおつくし市</title>{head}</head>
<body><nav><a href="/">トップ</a></nav><main><h1>{title}</h1><h2>くわしく</h2><p>{text}</p>
{links}</main><footer>表示 {count} 回</footer></body></html>"""


class CitySite:
    """Pages by path: bytes with a content type, or an HTML page from a title, a text, links."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes, dict[str, str]]] = {}
        self.asked: list[tuple[str, int]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.host = f"127.0.0.1:{self.httpd.server_address[1]}"
        self.url = f"http://{self.host}"

    def put(
        self, path: str, title: str, text: str, links: tuple[str, ...] = (), head: str = ""
    ) -> None:
        """Put an HTML page at `path`; its footer differs with every putting."""
        anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
        body = PAGE.format(title=title, text=text, links=anchors, head=head, count=len(self.asked))
        self.put_bytes(path, body.encode(), "text/html; charset=utf-8")

    def put_bytes(
        self, path: str, content: bytes, content_type: str, status: int = 200, **headers: str
    ) -> None:
        """Put anything at `path`."""
        self.pages[path] = (status, content_type, content, headers)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request; pages have an ETag."""
        status, kind, content, headers = self.pages.get(
            handler.path, (404, "text/plain", b"not here", {})
        )
        etag = f'"{hashlib.sha256(content).hexdigest()[:12]}"'
        if status == 200 and handler.headers["if-none-match"] == etag:
            status, content = 304, b""
        self.asked.append((handler.path, status))
        with contextlib.suppress(OSError):
            handler.send_response(status)
            handler.send_header("content-type", kind)
            handler.send_header("etag", etag)
            handler.send_header("content-length", str(len(content)))
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)

    @contextlib.contextmanager
    def running(self) -> Iterator[CitySite]:
        """Serve the pages inside the block."""
        thread = threading.Thread(target=self.httpd.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.httpd.shutdown()
            self.httpd.server_close()
            thread.join(5)
