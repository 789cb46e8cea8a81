"""`/api/articles`: the articles in force, for pages and programs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.http.attached_files import address
from knowledge.article_json import article_to_json, localization_to_json
from knowledge.release import Release
from knowledge.ruby import strip

router = APIRouter(tags=["articles"])


def _release(request: Request) -> Release:
    release: Release = request.app.state.installation.live.get()
    return release


@router.get("/api/articles")
def listing(
    request: Request,
    lang: str = "ja",
    life_event: str | None = None,
    offset: int = Query(0, ge=0),
    limit: int = Query(200, ge=1, le=1000),
) -> dict[str, Any]:
    """List the articles in force, with title and summary in `lang` where they have it."""
    release = _release(request)
    chosen = [
        article
        for article in release.articles.values()
        if life_event is None or article.life_event == life_event
    ]
    page = []
    for article in chosen[offset : offset + limit]:
        text = release.shown(article.slug, lang)
        page.append(
            {
                "slug": article.slug,
                "life_event": article.life_event,
                "kind": article.kind,
                "lang": text.lang,
                "languages": sorted(article.localizations),
                "title": strip(text.title),
                "summary": strip(text.summary),
                "version": article.number,
                "effective_from": article.effective_from.isoformat(),
                "checked_on": article.checked_on.isoformat(),
            }
        )
    return {"total": len(chosen), "release": release.info.id, "articles": page}


@router.get("/api/articles/{slug}")
def one(request: Request, slug: str, lang: str | None = None) -> dict[str, Any]:
    """Return one article with all its languages, or with the one asked for."""
    release = _release(request)
    article = release.articles.get(slug)
    if article is None:
        raise HTTPException(404, "There is no such article.")
    entry = article_to_json(article)
    for file, named in zip(article.files, entry.get("files", ()), strict=True):
        named["url"] = address(file)
    if lang is not None:
        text = release.shown(slug, lang)
        entry["localizations"] = {text.lang: localization_to_json(text)}
    return entry
