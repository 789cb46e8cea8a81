"""The counter tablet's pages: the tablet itself, the printed form, and what it keeps offline.

The worker and the manifest lie outside `/counter/`, since a browser fetches them
without asking who is signed in; there is nothing in them that is not public.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from markupsafe import Markup

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.answer import JAPAN
from assistant.composition import Installation
from assistant.counter.desk_content import desk_content, ready_articles
from assistant.forms.sheet import in_era, lines, qr_svg, record
from assistant.http.counter import open_session
from assistant.http.page_view import icons
from assistant.http.security_headers import COUNTER_POLICY, COUNTER_WORKER_POLICY
from assistant.http.staff_view import StaffView, staff_texts
from knowledge.article import languages
from knowledge.ruby import strip

router = APIRouter(tags=["counter"], include_in_schema=False)

Staff = Annotated[Account, Depends(require(Role.COUNTER))]

KEPT = {"Cache-Control": "no-cache"}
"""Sent with what a tablet may keep for a lost network, and must ask for anew before."""


@router.get("/counter")
async def tablet(request: Request, account: Staff) -> Response:
    """Show the tablet."""
    return _tablet(StaffView(request, account))


@router.get("/counter/shell")
async def shell(request: Request, _: Staff) -> Response:
    """Show the tablet without anybody's name or token, as it is kept for a lost network."""
    return _tablet(StaffView(request))


@router.get("/counter/desk.json")
async def desk(request: Request, _: Staff) -> Response:
    """Return what the tablet knows before anybody speaks."""
    installation = _installation(request)
    content = desk_content(installation.live.get(), installation.settings.counter.interpreter_url)
    content["staff_words"] = {lang: staff_texts(lang).texts["counter"] for lang in ("ja", "en")}
    content["icons"] = icons()
    content["idle_seconds"] = installation.settings.counter.idle_minutes * 60
    return JSONResponse(content, headers=KEPT)


@router.get("/counter/articles.json")
async def articles(request: Request, _: Staff) -> Response:
    """Return the articles that stay usable without a network, in every language."""
    release = _installation(request).live.get()
    found = ready_articles(release, _most_asked())
    return JSONResponse({"release": release.info.id, "articles": found}, headers=KEPT)


@router.get("/counter/sheet/{session}/{form}")
async def sheet(request: Request, account: Staff, session: str, form: str) -> Response:
    """Show the filled form to be printed; made from memory, kept nowhere.

    Only what staff confirmed stands in it; the rest is left empty to write by hand.
    """
    opened = await open_session(request, account, session)
    if opened.form is None or opened.form.id != form:
        raise HTTPException(404, "This form was not begun.")
    today = datetime.now(JAPAN).date()
    values = opened.confirmed
    view = StaffView(request, account)
    try:
        code = Markup(qr_svg(record(opened.form, values, today)))
    except ValueError:
        code = Markup("")
    return view.render(
        "counter/sheet.html",
        title=opened.form.title["ja"],
        form=opened.form,
        own_title=strip(opened.form.title.get(opened.lang, "")),
        own_lang=opened.lang,
        lines=list(
            zip(
                lines(opened.form, values, frozenset(values)),
                (strip(f.text(f.label, opened.lang)) for f in opened.form.asked(values)),
                strict=True,
            )
        ),
        filed_on=in_era(today),
        code=code,
    )


@router.get("/counter-worker.js")
def worker() -> Response:
    """Return the service worker; it lies at the root, as its scope must."""
    file = resources.files("widget").joinpath("static", "counter", "worker.js")
    headers = {**KEPT, "Content-Security-Policy": COUNTER_WORKER_POLICY}
    return Response(file.read_bytes(), media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/counter.webmanifest")
def manifest(request: Request) -> Response:
    """Return the manifest of the installed app."""
    view = StaffView(request)
    content = {
        "id": "/counter",
        "name": view.say("counter.app_name"),
        "short_name": view.say("counter.title"),
        "lang": view.lang,
        "start_url": "/counter",
        "scope": "/counter",
        "display": "fullscreen",
        "orientation": "any",
        "background_color": "#ffffff",
        "theme_color": "#0017c1",
        "icons": [
            {"src": "/static/pages/icon.svg", "type": "image/svg+xml", "sizes": "any"},
        ],
    }
    return JSONResponse(content, media_type="application/manifest+json", headers=KEPT)


def _tablet(view: StaffView) -> Response:
    page = view.render(
        "counter/tablet.html", title=view.say("counter.title"), tongues=languages().values()
    )
    page.headers["Content-Security-Policy"] = COUNTER_POLICY
    return page


@cache
def _most_asked() -> tuple[str, ...]:
    text = resources.files("widget").joinpath("most_asked.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation
