"""`GET /api/notice`: the notice that holds now, for the chat."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request, Response

from assistant import notices
from knowledge.article import languages

router = APIRouter(tags=["widget"])


@router.get("/api/notice")
def notice(
    request: Request, response: Response, lang: str = Query("ja", max_length=20)
) -> notices.Notice | None:
    """Return the notice in `lang`, null where none holds."""
    response.headers["Cache-Control"] = "no-cache"
    reader = lang if lang in languages() else "ja"
    return notices.active_notice(request.app.state.installation.store, reader)
