"""What the tablet knows before anybody speaks: words, phrases, forms, and ready articles.

All of it is the city's own and public, so that a tablet may keep it for the hours
in which the network is down. Nothing here is from a session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from assistant.counter.phrasebook import phrasebook
from assistant.forms.form import forms
from assistant.replies import replies
from knowledge.article import FACT_NAMES, Localization, languages
from knowledge.city import City
from knowledge.release import Release

SERVICES = ("interpreter", "call_center")
"""City values `section.X`, `phone.X`, `hours.X` of those who help people to be understood."""


def desk_content(release: Release, interpreter_url: str) -> dict[str, Any]:
    """Return languages, forms, phrasebook, pictures, services and the residents' words."""
    return {
        "languages": [{"tag": lang.tag, "name": lang.name} for lang in languages().values()],
        "words": {tag: resident_words(tag) for tag in languages()},
        "forms": [{"id": form.id, "slug": form.slug, "title": form.title["ja"],
                   "titles": form.title} for form in forms().values()],
        "tasks": _tasks(),
        "topics": [
            {"slug": slug, "icon": icon, "titles": _titles(release, slug)}
            for slug, icon in _data("topics.yaml").items()
            if slug in release.articles
        ],
        "services": list(_services(release.city)),
        "interpreter_url": interpreter_url,
        "city": {tag: release.city.text("city.name", tag) for tag in languages()},
    }  # fmt: skip


def ready_articles(release: Release, most_asked: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the articles a tablet keeps for a lost network: disasters, then the most asked."""
    slugs = [a.slug for a in release.articles.values() if a.life_event == "disaster"]
    slugs += [slug for slug in most_asked if slug in release.articles and slug not in slugs]
    return [
        {
            "slug": slug,
            "life_event": release.articles[slug].life_event,
            "texts": {
                lang: _text(localization)
                for lang in release.articles[slug].localizations
                for localization in [release.shown(slug, lang)]
            },
        }
        for slug in slugs
    ]


@cache
def resident_words(lang: str) -> Mapping[str, str]:
    """Return the words of the residents' side in `lang`; they may carry ruby markup."""
    folder = resources.files("widget").joinpath("counter")
    content: dict[str, str] = yaml.safe_load(folder.joinpath(f"{lang}.yaml").read_text("utf-8"))
    return content


def _tasks() -> list[dict[str, Any]]:
    titles = _data("phrasebook/tasks_titles.yaml")
    tasks: dict[str, list[dict[str, Any]]] = {}
    for phrase in phrasebook().values():
        tasks.setdefault(phrase.task, []).append({"id": phrase.id, "words": dict(phrase.words)})
    return [
        {"id": task, "titles": titles.get(task, {"ja": task, "en": task}), "phrases": phrases}
        for task, phrases in tasks.items()
    ]


def _titles(release: Release, slug: str) -> dict[str, str]:
    """The titles of an article by language, with their ruby."""
    return {tag: release.shown(slug, tag).title for tag in release.articles[slug].localizations}


def _services(city: City) -> Iterator[dict[str, Any]]:
    for name in SERVICES:
        if f"phone.{name}" not in city.values:
            continue
        yield {
            "id": name,
            "phone": city.text(f"phone.{name}", "ja"),
            "fax": _value(city, f"phone.{name}_fax", "ja"),
            "names": {tag: _value(city, f"section.{name}", tag) for tag in languages()},
            "hours": {tag: _value(city, f"hours.{name}", tag) for tag in languages()},
        }


def _value(city: City, key: str, lang: str) -> str:
    return city.text(key, lang) if key in city.values else ""


def _text(text: Localization) -> dict[str, Any]:
    """What the tablet shows of an article, with its ruby."""
    say = replies(text.lang)
    facts = []
    for name in FACT_NAMES:
        if value := text.facts.get(name):
            lines = [value] if isinstance(value, str) else list(value)
            facts.append({"label": say(f"fact_labels.{name}"), "lines": lines})
    return {
        "title": text.title,
        "summary": text.summary,
        "facts": facts,
        "conditions": list(text.conditions),
    }


def _data(name: str) -> dict[str, Any]:
    file = resources.files("assistant.counter").joinpath(*name.split("/"))
    if not file.is_file():
        return {}
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content
