"""`GET /api/qr`: the address of one of our article pages as a QR code, for a resident's phone."""

from __future__ import annotations

import re

import segno
from fastapi import APIRouter, HTTPException, Query, Request, Response

router = APIRouter(tags=["widget"])

ARTICLE_PATH = re.compile(r"/[A-Za-z-]{2,12}/articles/([a-z0-9-]{1,100})")
BORDER = 4
"""Empty modules around the code, as ISO/IEC 18004 asks for."""


@router.get("/api/qr", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def qr(
    request: Request,
    text: str = Query(max_length=300, description="path or address of an article page"),
) -> Response:
    """Return the QR code of an article page of this help desk as SVG; nothing else is encoded."""
    installation = request.app.state.installation
    base = (installation.settings.server.public_url or str(request.base_url)).rstrip("/")
    path = text.removeprefix(str(request.base_url).rstrip("/")).removeprefix(base)
    match = ARTICLE_PATH.fullmatch(path)
    if match is None or match.group(1) not in installation.live.get().articles:
        raise HTTPException(404, "There is no such article.")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(_svg(base + path), media_type="image/svg+xml", headers=headers)


def _svg(words: str) -> str:
    """Return `words` as one black path on white, one unit a module."""
    rows = segno.make_qr(words, error="m").matrix
    path = "".join(
        f"M{x + BORDER} {y + BORDER}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    size = len(rows) + 2 * BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>'
    )
