"""The page of an article in one language, any of its versions, and its deadline as a file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from assistant.deadline import Period, period
from assistant.http.attached_files import documents, pictures
from assistant.http.open_data import service
from assistant.http.page_view import View
from assistant.http.pages import entry
from assistant.icalendar import day_event
from assistant.replies import replies
from knowledge.article import FACT_NAMES, Article, Localization
from knowledge.errors import ArticleMissing
from knowledge.release_content import plain_text
from knowledge.ruby import strip

router = APIRouter(tags=["pages"], include_in_schema=False)

SHOWN_STATES = frozenset({"published", "superseded", "retired"})
"""States of a version that the public has seen or may see."""


@router.get("/{lang:page_lang}/articles/{slug}")
def article_page(request: Request, lang: str, slug: str) -> HTMLResponse:
    """Show an article, or the version of it that is asked for."""
    view = View(request, lang)
    article, current = _asked_for(view, slug, request.query_params.get("version"))
    text = shown_text(article, lang)
    base = _base(request)
    json_ld = None
    if current is None and article.kind == "procedure":
        json_ld = _json_ld(view, article, text, base)
    return view.render(
        "article.html",
        title=strip(text.title),
        base=base,
        json_ld=json_ld,
        **article_context(view, article, text, current),
    )


def article_context(
    view: View, article: Article, text: Localization, current: int | None
) -> dict[str, Any]:
    """Return what the template of an article shows of `article`, whose city values are filled in.

    `current` is the number of the version in force where that is another one.
    """
    in_its_words = View(view.request, text.lang)
    labels = {
        "facts": in_its_words.say("article.facts"),
        "steps": replies(text.lang)("fact_labels.steps"),
        "conditions": replies(text.lang)("labels.conditions"),
    }
    related = [view.release.articles[s] for s in article.related if s in view.release.articles]
    return {
        "article": article,
        "text": text,
        "current": current,
        "labels": labels,
        "facts": [
            (name, replies(text.lang)(f"fact_labels.{name}"), text.facts[name])
            for name in FACT_NAMES
            if name in text.facts and name != "steps"
        ],
        "steps": text.facts.get("steps", ()),
        "period": None if current else _period(article),
        "pictures": pictures(article, text.lang),
        "documents": documents(article, text.lang),
        "related": [entry(view.release, other, view.lang) for other in related],
        "shown_in_japanese": _filled(view, view.says("shown_in_japanese")),
    }


@router.get("/{lang:page_lang}/articles/{slug}/deadline.ics")
def deadline(request: Request, lang: str, slug: str) -> Response:
    """Return the last day of the article's deadline, counted from `start`, as a calendar file."""
    view = View(request, lang)
    article, _ = _asked_for(view, slug, None)
    counted = _period(article)
    if counted is None:
        raise HTTPException(404, "This article has no deadline that can be counted.")
    try:
        start = date.fromisoformat(request.query_params.get("start", ""))
        last = counted.end(start)
    except (ValueError, OverflowError):
        return view.render(
            "problem.html", status=400, title=view.plain("calendar.title"), code="date", slug=slug
        )
    text = plain_text(shown_text(article, lang))
    body = day_event(
        last,
        view.plain("calendar.event", title=text.title),
        "\n".join(str(text.facts[name]) for name in ("deadline", "where") if name in text.facts),
        f"{_base(request)}/{lang}/articles/{slug}",
        datetime.now(UTC),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{slug}.ics"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _asked_for(view: View, slug: str, version: str | None) -> tuple[Article, int | None]:
    """Return the article, and the number of the version in force if another one is shown."""
    current = view.release.articles.get(slug)
    if version is None:
        if current is None:
            raise HTTPException(404, "There is no such article.")
        return current, None
    if current is not None and version == str(current.number):
        return current, None
    store = view.request.app.state.installation.store
    today = view.request.app.state.installation.today()
    known = {
        str(known.number): known.number
        for known in store.versions(slug)
        if known.state in SHOWN_STATES and known.effective_from <= today
    }
    try:
        article = store.article(slug, known[version])
    except (KeyError, ArticleMissing) as error:
        raise HTTPException(404, "There is no such version.") from error
    city = view.release.city
    texts = {tag: city.render_localization(t) for tag, t in article.localizations.items()}
    # The files of a former version are for the staff: what was taken back is gone.
    return replace(article, localizations=texts, files=()), current.number if current else 0


def shown_text(article: Article, lang: str) -> Localization:
    """Return the text to show somebody who reads `lang`: theirs, else the Japanese one."""
    texts = article.localizations
    found = texts.get(lang) or texts.get("ja")
    return found if found is not None else next(iter(texts.values()))


def _period(article: Article) -> Period | None:
    original = article.localizations.get("ja")
    told = original.facts.get("deadline") if original else None
    return period(strip(told)) if isinstance(told, str) else None


def _json_ld(view: View, article: Article, text: Localization, base: str) -> Markup:
    """Return the article for search engines, safe inside a script element."""
    provider = {
        "@type": "GovernmentOrganization",
        "name": strip(view.city("city.name")),
        "url": base,
    }
    body = {
        "@context": "https://schema.org",
        **service(article, plain_text(text), base, provider),
    }
    written = json.dumps(body, ensure_ascii=False)
    for mark, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        written = written.replace(mark, code)
    return Markup(written)


def _filled(view: View, words: str) -> str:
    return view.release.city.render(words, view.lang) if view.phone else ""


def _base(request: Request) -> str:
    configured: str = request.app.state.installation.settings.server.public_url
    return (configured or str(request.base_url)).rstrip("/")
