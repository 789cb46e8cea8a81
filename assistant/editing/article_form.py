"""An article as a form, one tab for what all languages share and one for each language.

Nothing that was typed is refused for being unfinished: a draft may lack anything.
Only a day or a moment that cannot be read is a problem at once; `unfinished` says
what has to be done before a draft is handed in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from assistant.importing import refuse_orders
from knowledge.article import FACT_NAMES, LIFE_EVENTS, LIST_FACTS, Article, Localization, Section
from knowledge.article_rules import check_article
from knowledge.errors import ArticleInvalid, ImportRefused
from knowledge.machine_text import MachineText, fields_of, is_of, unconfirmed
from knowledge.store_base import JAPAN, storable
from knowledge.store_drafts import Draft

SHARED = "shared"
"""The tab of what all languages share."""

FILES = "files"
"""The tab of the images and attachments, which is a page of its own."""

SPARE_SECTIONS = 1
"""Empty sections below those that are there."""

SUGGESTED_QUESTIONS = 5
"""Question variants that a language should have."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a form held; `problems` maps a field to the key of the words about it."""

    article: Article
    publish_at: datetime | None
    ends_at: datetime | None
    confirmed: frozenset[str]
    machine: tuple[MachineText, ...]
    problems: dict[str, str] = field(default_factory=dict)


def entered(form: Mapping[str, object], draft: Draft, tab: str, by: str = "") -> Entered:
    """Return `draft` as the form of one tab, filled in by somebody, changes it."""
    values = {name: clean(value) for name, value in form.items() if isinstance(value, str)}
    if tab == SHARED:
        return _shared(values, draft)
    text = localization(values, tab, draft.article.localizations.get(tab))
    texts = {lang: one for lang, one in draft.article.localizations.items() if lang != tab}
    if text is not None:
        texts[tab] = text
    confirmed = set(draft.confirmed) - {tab}
    if values.get("confirmed"):
        confirmed.add(tab)
    return Entered(
        replace(draft.article, localizations=texts),
        draft.publish_at,
        draft.ends_at,
        frozenset(confirmed),
        tuple(_machine(values, draft, tab, text, by)),
    )


def _machine(
    values: Mapping[str, str], draft: Draft, tab: str, text: Localization | None, by: str
) -> Iterator[MachineText]:
    """What a model wrote, with the name of whoever ticked that it is right."""
    ticked = [one for one in fields_of(text).items() if values.get(f"seen.{one[0]}")]
    for one in draft.machine:
        right = not one.checked_by and any(is_of(one, tab, *told) for told in ticked)
        yield replace(one, checked_by=by) if right else one


def localization(
    values: Mapping[str, str], lang: str, before: Localization | None
) -> Localization | None:
    """Return one language from its fields; None where all of them are empty."""
    facts: dict[str, str | tuple[str, ...]] = {}
    for name in FACT_NAMES:
        told = values.get(f"fact.{name}", "")
        if told:
            facts[name] = _lines(told) if name in LIST_FACTS else told
    text = Localization(
        lang,
        values.get("title", ""),
        _lines(values.get("questions", "")),
        values.get("summary", ""),
        facts,
        _lines(values.get("conditions", "")),
        tuple(_sections(values, before)),
    )
    return text if any(words.strip() for words in text.texts()) else None


def unfinished(draft: Draft) -> list[tuple[str, str]]:
    """Return what is missing before a draft can be handed in: a tab, and the key of the words."""
    article = draft.article
    found = []
    if article.life_event not in LIFE_EVENTS:
        found.append((SHARED, "life_event"))
    if not article.owner:
        found.append((SHARED, "owner"))
    if draft.ends_at and draft.publish_at and draft.ends_at <= draft.publish_at:
        found.append((SHARED, "ends_before"))
    if "ja" not in article.localizations:
        found.append(("ja", "no_japanese"))
    waiting = dict.fromkeys(one.lang for one in unconfirmed(article, draft.machine))
    found += [(lang, "machine") for lang in waiting]
    for lang, text in article.localizations.items():
        if not text.title.strip():
            found.append((lang, "title"))
        elif not text.summary and not text.facts and not text.sections:
            found.append((lang, "nothing_said"))
        try:
            refuse_orders([replace(article, localizations={lang: text})])
        except ImportRefused:
            found.append((lang, "orders"))
    if any(file.untold(article.localizations) for file in article.files):
        found.append((FILES, "files"))
    if not found:
        try:
            check_article(article)
        except ArticleInvalid:
            found.append((SHARED, "rules"))
    return found


def moment_value(at: datetime | None) -> str:
    """Return a moment as a field for a moment shows it, on Japan's clock."""
    return at.astimezone(JAPAN).strftime("%Y-%m-%dT%H:%M") if at else ""


def section_rows(text: Localization | None) -> list[Section]:
    """Return the sections of a language and the empty ones below."""
    return [*(text.sections if text else ()), *[Section("", "")] * SPARE_SECTIONS]


def new_article(slug: str, title: str, *, owner: str, life_event: str, today: date) -> Article:
    """Return an article that has nothing but a title yet."""
    return Article(
        slug=slug,
        life_event=life_event,
        effective_from=today,
        checked_on=today,
        localizations={"ja": Localization("ja", title)},
        review_by=today + timedelta(days=365),
        owner=owner,
    )


def _shared(values: Mapping[str, str], draft: Draft) -> Entered:
    problems: dict[str, str] = {}

    def moment(name: str, before: datetime | None) -> datetime | None:
        told = values.get(name, "")
        try:
            return datetime.fromisoformat(told).replace(tzinfo=JAPAN) if told else None
        except ValueError:
            problems[name] = "moment"
            return before

    def day(name: str, before: date | None) -> date | None:
        told = values.get(name, "")
        try:
            return date.fromisoformat(told) if told else None
        except ValueError:
            problems[name] = "day"
            return before

    article = draft.article
    related = tuple(
        slug for slug in _lines(values.get("related", "")) if slug != article.slug
    )  # fmt: skip
    changed = replace(
        article,
        life_event=values.get("life_event", ""),
        checked_on=day("checked_on", article.checked_on) or article.checked_on,
        review_by=day("review_by", article.review_by),
        related=related,
        synonyms=_lines(values.get("synonyms", "")),
    )
    publish_at, ends_at = moment("publish_at", draft.publish_at), moment("ends_at", draft.ends_at)
    if ends_at and publish_at and ends_at <= publish_at:
        problems["ends_at"] = "ends_before"
    return Entered(
        changed, publish_at, ends_at, frozenset(draft.confirmed), draft.machine, problems
    )


def _sections(values: Mapping[str, str], before: Localization | None) -> Iterator[Section]:
    """Sections with a heading or a text; where one stood in its document stays with it."""
    former = before.sections if before else ()
    for number in count():
        if f"heading.{number}" not in values:
            return
        heading, text = values[f"heading.{number}"], values.get(f"text.{number}", "")
        if heading or text:
            place = former[number] if number < len(former) else Section("", "")
            yield replace(place, heading=" ".join(heading.split()), text=text)


def clean(value: str) -> str:
    """Return what a browser sent, as an article holds it: Unix line ends, no control characters."""
    text = storable(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ch for ch in text if unicodedata.category(ch) != "Cc" or ch in "\n\t").strip()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
