"""`/open-data`: the procedures for anybody's use, as JSON-LD and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.http.attached_files import address
from knowledge.article import FACT_NAMES, Article, Localization
from knowledge.release import Release
from knowledge.release_content import plain_text
from knowledge.ruby import strip

router = APIRouter(tags=["open data"])


def _rows(release: Release) -> Iterator[tuple[Article, Localization]]:
    for article in release.articles.values():
        if article.kind == "procedure":
            for text in article.localizations.values():
                yield article, plain_text(text)


def _base(request: Request) -> str:
    configured: str = request.app.state.installation.settings.server.public_url
    return (configured or str(request.base_url)).rstrip("/")


@router.get("/open-data/procedures.jsonld")
def jsonld(request: Request) -> Response:
    """Return every procedure in every language as schema.org GovernmentService."""
    base = _base(request)
    release = request.app.state.installation.live.get()
    provider = {"@type": "GovernmentOrganization", "name": _city_name(release)}
    graph = [service(article, text, base, provider) for article, text in _rows(release)]
    body = {"@context": "https://schema.org", "@graph": graph}
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/ld+json")


def service(
    article: Article, text: Localization, base: str, provider: dict[str, Any]
) -> dict[str, Any]:
    """Return one localization as a schema.org GovernmentService."""
    url = f"{base}/{text.lang}/articles/{article.slug}"
    entry: dict[str, Any] = {
        "@type": "GovernmentService",
        "@id": url,
        "url": url,
        "identifier": article.slug,
        "name": text.title,
        "description": text.summary,
        "inLanguage": text.lang,
        "category": article.life_event,
        "provider": provider,
        "version": str(article.number),
        "validFrom": article.effective_from.isoformat(),
        "lastReviewed": article.checked_on.isoformat(),
    }
    if "who" in text.facts:
        entry["audience"] = {"@type": "Audience", "audienceType": text.facts["who"]}
    if "fee" in text.facts:
        entry["offers"] = {"@type": "Offer", "description": text.facts["fee"]}
    if "contact" in text.facts:
        entry["availableChannel"] = {
            "@type": "ServiceChannel",
            "servicePhone": {"@type": "ContactPoint", "description": text.facts["contact"]},
        }
    entry |= _files(article, text.lang, base)
    return entry


def _files(article: Article, lang: str, base: str) -> dict[str, Any]:
    """The images and attachments of an article, under the keys that schema.org has for them."""
    images = [
        {
            "@type": "ImageObject",
            "contentUrl": f"{base}{address(file)}",
            "encodingFormat": file.media_type,
            "width": file.width,
            "height": file.height,
            "description": strip(file.text(lang)),
        }
        for file in article.files
        if file.kind == "image"
    ]
    attachments = [
        {
            "@type": "DigitalDocument",
            "url": f"{base}{address(file)}",
            "encodingFormat": file.media_type,
            "name": strip(file.text(lang)),
        }
        for file in article.files
        if file.kind == "attachment"
    ]
    found = {"image": images, "subjectOf": attachments}
    return {key: entries for key, entries in found.items() if entries}


@router.get("/open-data/procedures.csv")
def table(request: Request) -> Response:
    """Return every procedure in every language as CSV in UTF-8 with a byte-order mark."""
    release = request.app.state.installation.live.get()
    out = io.StringIO()
    writer = csv.writer(out)
    head = ["slug", "lang", "life_event", "version", "effective_from", "checked_on", "title"]
    writer.writerow([*head, "summary", *FACT_NAMES, "conditions", "url", "files"])
    base = _base(request)
    for article, text in _rows(release):
        facts = (text.facts.get(name, "") for name in FACT_NAMES)
        writer.writerow(
            [
                article.slug,
                text.lang,
                article.life_event,
                article.number,
                article.effective_from,
                article.checked_on,
                text.title,
                text.summary,
                *(fact if isinstance(fact, str) else "\n".join(fact) for fact in facts),
                "\n".join(text.conditions),
                f"{base}/{text.lang}/articles/{article.slug}",
                "\n".join(f"{base}{address(file)}" for file in article.files),
            ]
        )
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="procedures.csv"'},
    )


def _city_name(release: Release) -> str:
    return release.city.text("city.name", "ja") if "city.name" in release.city.values else ""
