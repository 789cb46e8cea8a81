"""The pages around the chat: home, life events, my page, and what the help desk says of itself.

They are made on the server and work without JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.http.disaster import comes_first, is_on
from assistant.http.page_view import View, preferred
from assistant.http.security_headers import WORKER_POLICY
from knowledge.article import LIFE_EVENTS, Article, Localization
from knowledge.release import Release

router = APIRouter(tags=["pages"], include_in_schema=False)

TEXT_PAGES = ("about", "accessibility", "privacy")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a list, with the text that the reader gets to see."""

    slug: str
    life_event: str
    text: Localization


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone that people answer."""

    name: str
    phone: str
    hours: str


def entry(release: Release, article: Article, lang: str) -> Entry:
    """Return `article` as a list shows it to somebody who reads `lang`."""
    return Entry(article.slug, article.life_event, release.shown(article.slug, lang))


@router.get("/", response_class=RedirectResponse)
def front(request: Request) -> RedirectResponse:
    """Go to the home page in the language the browser asks for."""
    lang = preferred(request.headers.get("accept-language", ""))
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(f"/{lang}/", status_code=302, headers=headers)


@router.get("/{lang:page_lang}/")
def home(request: Request, lang: str) -> HTMLResponse:
    """Show the search box, the most asked articles, the life events and the telephones."""
    view = View(request, lang)
    release = view.release
    disaster = is_on(request)
    names = comes_first() if disaster else _most_asked()
    known = [release.articles[slug] for slug in names if slug in release.articles]
    chosen = known or list(release.articles.values())[:8]
    contacts = [
        Contact(view.city(f"section.{name}"), phone, view.city(f"hours.{name}"))
        for name in ("call_center", "interpreter")
        if (phone := view.city(f"phone.{name}"))
    ]
    return view.render(
        "home.html",
        disaster=disaster,
        most_asked=[entry(release, article, lang) for article in chosen],
        events=LIFE_EVENTS,
        contacts=contacts,
        offices=[view.city(key) for key in release.city.values if key.startswith("office.")],
    )


@router.get("/{lang:page_lang}/life/{event}")
def life(request: Request, lang: str, event: str) -> HTMLResponse:
    """List the articles of one life event."""
    if event not in LIFE_EVENTS:
        raise HTTPException(404, "There is no such life event.")
    view = View(request, lang)
    entries = [
        entry(view.release, article, lang)
        for article in view.release.articles.values()
        if article.life_event == event
    ]
    title = view.plain(f"events.{event}")
    return view.render("life.html", title=title, event=event, entries=entries, events=LIFE_EVENTS)


@router.get("/{lang:page_lang}/my")
def my(request: Request, lang: str) -> HTMLResponse:
    """Show the form of what a resident chooses; it is kept in the browser only."""
    view = View(request, lang)
    page = view.render("my.html", title=view.plain("my.title"), events=LIFE_EVENTS)
    page.headers["Content-Security-Policy"] = WORKER_POLICY
    return page


@router.get("/{lang:page_lang}/about")
@router.get("/{lang:page_lang}/accessibility")
@router.get("/{lang:page_lang}/privacy")
def text_page(request: Request, lang: str) -> HTMLResponse:
    """Show a page of headed paragraphs."""
    view = View(request, lang)
    name = request.url.path.rstrip("/").rsplit("/", 1)[-1]
    days = request.app.state.installation.settings.conversations.keep_days
    title = view.plain(f"{name}.title")
    sections = view.sections(name, days=f"{days:g}")
    return view.render("text.html", title=title, name=name, sections=sections)


@cache
def _most_asked() -> list[str]:
    text = resources.files("widget").joinpath("most_asked.yaml").read_text(encoding="utf-8")
    slugs: list[str] = yaml.safe_load(text)
    return slugs
