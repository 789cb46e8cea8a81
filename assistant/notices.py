"""The notice above every page, in the chat and at the counter, and disaster mode.

Texts stand by language with the notice, as staff approved them; a reader whose
language is missing gets English or Japanese, and `lang` says which it became.
A notice ends by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal, TypedDict

import yaml
from pydantic import BaseModel, Field

from knowledge.article import languages
from knowledge.release import Release
from knowledge.store import Store
from knowledge.store_notices import NoticeRecord

Level = Literal["emergency", "warning", "info"]

LEVELS: tuple[Level, ...] = ("emergency", "warning", "info")
"""The levels, the gravest first."""

LONGEST = timedelta(days=14)
"""The longest that a notice may hold; one that goes on is put up anew, and looked at again."""

TITLE, TEXT = 120, 2000
"""The most characters of a title and of a text."""


class NoticeLink(BaseModel):
    """A page to go on to: a path of ours, or an https address."""

    url: str = Field(pattern=r"^(/[^/]|https://)")
    label: str


class Notice(BaseModel):
    """One notice; texts may carry ruby as ``{漢字|かんじ}``, and `text` several lines."""

    id: str
    level: Level
    lang: str
    title: str
    text: str
    links: list[NoticeLink] = []
    until: datetime | None = None


class NoticeRefused(ValueError):
    """A notice that cannot be put up; `field` names what is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class Words(TypedDict):
    """The title and the text of a notice in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice, as ``notice_kinds.yaml`` describes it."""

    name: str
    level: Level
    disaster: bool
    push: str
    links: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of notices by name."""
    text = resources.files("assistant").joinpath("notice_kinds.yaml").read_text("utf-8")
    return {
        name: Kind(name, entry["level"], entry["disaster"], entry["push"], tuple(entry["links"]))
        for name, entry in yaml.safe_load(text).items()
    }


@cache
def templates(kind: str) -> dict[str, Words]:
    """Return the prepared words of `kind` by language."""
    folder = resources.files("assistant").joinpath("notice_texts")
    found: dict[str, Words] = {}
    for lang in languages():
        file = folder.joinpath(f"{lang}.yaml")
        if file.is_file() and kind in (texts := yaml.safe_load(file.read_text("utf-8"))):
            found[lang] = texts[kind]
    return found


def put_up(
    store: Store,
    release: Release | None,
    *,
    kind: str,
    texts: Mapping[str, Words],
    until: datetime,
    reason: str,
    by: str,
    level: str = "",
    disaster: bool = False,
) -> NoticeRecord:
    """Check a notice and put it up; raises NoticeRefused.

    Languages whose title and text are both empty are left out. Links to the
    articles of the kind are added with their titles in each language.
    """
    known = kinds().get(kind)
    if known is None:
        raise NoticeRefused("kind", f"There is no kind of notice {kind}.")
    if level and level not in LEVELS:
        raise NoticeRefused("level", f"There is no level {level}.")
    if not reason.strip():
        raise NoticeRefused("reason", "A notice needs a reason.")
    now = store.now()
    if not now < until <= now + LONGEST:
        raise NoticeRefused("until", f"The end must lie within the next {LONGEST.days} days.")
    kept = {lang: _checked(lang, words) for lang, words in texts.items() if any(words.values())}
    if "ja" not in kept:
        raise NoticeRefused("ja", "A notice needs Japanese words.")
    return store.put_up_notice(
        kind=kind,
        level=level or known.level,
        disaster=disaster,
        texts={
            lang: {**words, "links": _links(known, release, lang)} for lang, words in kept.items()
        },
        reason=reason.strip(),
        until=until,
        by=by,
    )


def active_notice(store: Store, lang: str) -> Notice | None:
    """Return the notice that holds now as a reader of `lang` gets it; None where none does.

    Of several, the gravest, and of those the newest.
    """
    records = store.notices_in_force()
    if not records:
        return None
    return shown(min(records, key=lambda record: _rank(record.level)), lang)


def shown(record: NoticeRecord, lang: str) -> Notice:
    """Return `record` as a reader of `lang` gets it."""
    wishes = (lang, "ja") if lang.startswith("ja") else (lang, "en", "ja")
    read = next((wish for wish in wishes if wish in record.texts), next(iter(record.texts)))
    level = next(name for name in LEVELS if _rank(name) == _rank(record.level))
    return Notice(id=record.id, level=level, lang=read, until=record.until, **record.texts[read])


def disaster_mode(store: Store) -> bool:
    """Say whether a notice that holds now puts the desk into disaster mode."""
    return any(record.disaster for record in store.notices_in_force())


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1


def _checked(lang: str, words: Words) -> Words:
    title, text = words["title"].strip(), words["text"].strip().replace("\r\n", "\n")
    if not title or not text:
        raise NoticeRefused(lang, "A language has a title without a text, or the other way round.")
    if len(title) > TITLE or len(text) > TEXT:
        raise NoticeRefused(lang, f"A title has {TITLE} characters at most, a text {TEXT}.")
    return {"title": title, "text": text}


def _links(kind: Kind, release: Release | None, lang: str) -> list[dict[str, str]]:
    if release is None:
        return []
    return [
        {"url": f"/{lang}/articles/{slug}", "label": release.shown(slug, lang).title}
        for slug in kind.links
        if slug in release.articles
    ]
