"""What a resident reads when a page cannot be shown, in the language of the page."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.http.page_view import View, preferred
from knowledge.article import languages

FOR_PROGRAMS = ("/api/", "/v1/", "/open-data/", "/static/", "/healthz", "/readyz", "/metrics")
WORDED = frozenset({403, 404, 429, 500, 503})


def wants_page(request: Request) -> bool:
    """Say whether a person in a browser waits for the answer."""
    if request.url.path.startswith(FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "")


def problem_page(request: Request, status: int) -> HTMLResponse:
    """Return the page that says what is the matter, and where to go on."""
    first = request.url.path.split("/")[1]
    if first not in languages():
        first = preferred(request.headers.get("accept-language", ""))
    view = View(request, first)
    code = str(status if status in WORDED else 500 if status >= 500 else 404)
    title = view.plain(f"problem.{code}.title")
    return view.render("problem.html", status=status, title=title, code=code)
