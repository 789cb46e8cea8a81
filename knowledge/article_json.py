"""Articles as JSON objects: in releases and over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.article import Article, Localization, Section
from knowledge.attached_file import file_from_json, file_to_json


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def article_to_json(article: Article) -> dict[str, Any]:
    """Return `article` as a JSON object; `article_from_json` is its inverse.

    One without files has no key for them, so that its hash is what it always was.
    """
    files = {"files": [file_to_json(file) for file in article.files]} if article.files else {}
    return {
        "slug": article.slug,
        "kind": article.kind,
        "life_event": article.life_event,
        "number": article.number,
        "effective_from": article.effective_from.isoformat(),
        "effective_until": article.effective_until.isoformat() if article.effective_until else None,
        "checked_on": article.checked_on.isoformat(),
        "review_by": article.review_by.isoformat() if article.review_by else None,
        "related": list(article.related),
        "synonyms": list(article.synonyms),
        "owner": article.owner,
        "address": article.address,
        **files,
        "localizations": {
            lang: localization_to_json(text) for lang, text in article.localizations.items()
        },
    }


def localization_to_json(text: Localization) -> dict[str, Any]:
    """Return one language of an article as a JSON object."""
    return {
        "lang": text.lang,
        "title": text.title,
        "questions": list(text.questions),
        "summary": text.summary,
        "facts": {
            name: value if isinstance(value, str) else list(value)
            for name, value in text.facts.items()
        },
        "conditions": list(text.conditions),
        "sections": [
            {"heading": s.heading, "text": s.text, "path": list(s.path), "page": s.page}
            for s in text.sections
        ],
    }


def localization_from_json(entry: dict[str, Any]) -> Localization:
    """Return the localization that `localization_to_json` wrote."""
    return Localization(
        lang=entry["lang"],
        title=entry["title"],
        questions=tuple(entry["questions"]),
        summary=entry["summary"],
        facts={
            name: value if isinstance(value, str) else tuple(value)
            for name, value in entry["facts"].items()
        },
        conditions=tuple(entry["conditions"]),
        sections=tuple(
            Section(s["heading"], s["text"], tuple(s["path"]), s["page"]) for s in entry["sections"]
        ),
    )


def article_from_json(entry: dict[str, Any]) -> Article:
    """Return the article that `article_to_json` wrote; KeyError or ValueError if damaged."""
    return Article(
        slug=entry["slug"],
        kind=entry["kind"],
        life_event=entry["life_event"],
        number=entry["number"],
        effective_from=date.fromisoformat(entry["effective_from"]),
        effective_until=_day(entry["effective_until"]),
        checked_on=date.fromisoformat(entry["checked_on"]),
        review_by=_day(entry["review_by"]),
        related=tuple(entry["related"]),
        synonyms=tuple(entry["synonyms"]),
        owner=entry["owner"],
        address=entry["address"],
        files=tuple(file_from_json(file) for file in entry.get("files", ())),
        localizations={
            lang: localization_from_json(text) for lang, text in entry["localizations"].items()
        },
    )
