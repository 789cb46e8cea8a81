"""The chat's files for the browser: `/widget.js`, `/theme.css`, `/static/…` and its two pages.

Files are public and carry no secret, so that pages of any origin may load
them; what a page may *ask* is decided at the API. They are revalidated by
their ETag on every load, so that no browser ever mixes two versions.
"""

from __future__ import annotations

import gzip
import hashlib
import html
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter(tags=["widget"], include_in_schema=False)

FOLDER = Path(str(resources.files("widget")))

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {ancestors}"
)
"""What our own two pages allow themselves: nothing inline, nothing from elsewhere."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, ready to be sent."""

    body: bytes
    zipped: bytes
    etag: str


@lru_cache(maxsize=512)
def _read(path: Path, modified: int) -> StaticFile:
    """Return the file at `path`; `modified` (ns) is there so that a changed one is read anew."""
    return _ready(path.read_bytes())


@lru_cache(maxsize=4)
def _ready(body: bytes) -> StaticFile:
    digest = hashlib.sha256(body).hexdigest()[:20]
    return StaticFile(body, gzip.compress(body, 9, mtime=0), f'"{digest}"')


def _file(request: Request, name: str) -> Response:
    path = (FOLDER / "static" / name).resolve()
    if not path.is_relative_to(FOLDER / "static") or path.suffix not in TYPES or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    return _sent(request, _read(path, path.stat().st_mtime_ns), path.suffix)


def _sent(request: Request, file: StaticFile, suffix: str) -> Response:
    headers = {
        "ETag": file.etag,
        "Cache-Control": "public, no-cache",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = file.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = file.zipped
    return Response(body, media_type=TYPES[suffix], headers=headers)


@router.get("/widget.js")
def loader(request: Request) -> Response:
    """Return the loader that puts the launcher on a page."""
    return _file(request, "widget.js")


@router.get("/push.js")
def push_worker(request: Request) -> Response:
    """Return the service worker of notices; it lies at the root, as its scope must."""
    return _file(request, "push.js")


@router.get("/theme.css")
def theme(request: Request) -> Response:
    """Return the colours: the city's own, then the sheet that names all of them."""
    own = request.app.state.installation.settings.theme.properties()
    sheet = (FOLDER / "static" / "theme.css").read_text(encoding="utf-8")
    if own:
        values = " ".join(f"{name}: {colour};" for name, colour in own.items())
        sheet = f":root {{ {values} }}\n{sheet}"
    return _sent(request, _ready(sheet.encode()), ".css")


@router.get("/static/{name:path}")
def static(request: Request, name: str) -> Response:
    """Return one file of `widget/static`."""
    return _file(request, name)


@router.get("/embed")
def embed(request: Request) -> Response:
    """Return the chat as a page of its own, for a frame on a page of an allowed origin."""
    origins = request.app.state.installation.settings.server.allowed_origins
    page = (FOLDER / "embed.html").read_text(encoding="utf-8")
    page = page.replace("{origins}", html.escape(" ".join(origins)))
    return _page(page, " ".join(["'self'", *origins]))


@router.get("/demo-host")
def demo_host() -> Response:
    """Return a page that stands for a city's website, with a strict policy of its own."""
    return _page((FOLDER / "demo_host.html").read_text(encoding="utf-8"), "'none'")


def _page(body: str, ancestors: str) -> Response:
    headers = {
        "Content-Security-Policy": PAGE_POLICY.format(ancestors=ancestors),
        "Cache-Control": "no-cache",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)
