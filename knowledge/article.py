"""What an article is: versions of a procedure or notice, in several languages.

The words are those of the README: an `Article` is known by its slug, a
`Localization` is one language of one version of it, `Facts` are its typed
part, a `Section` its running text.

Texts may hold two kinds of inline markup, both plain text:

* ``{{key}}``: a value of the city (`knowledge.city`), filled in when a
  release is built, so that a telephone number stands in one place;
* ``{漢字|かんじ}``: a ruby annotation (`knowledge.ruby`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from knowledge.attached_file import AttachedFile

Kind = Literal["procedure", "faq", "document"]

FACT_NAMES = (
    "who",
    "deadline",
    "where",
    "hours",
    "bring",
    "fee",
    "steps",
    "duration",
    "online",
    "contact",
    "legal_basis",
)
"""The typed facts in the order in which a card shows them."""

LIST_FACTS = frozenset({"bring", "steps"})
"""Facts that are lists of lines; the others are one text."""

LIFE_EVENTS = (
    "moving",
    "certificates",
    "my-number",
    "foreign-residents",
    "birth-and-children",
    "school",
    "marriage-and-family",
    "bereavement",
    "health-insurance",
    "pension",
    "elderly",
    "disability",
    "welfare",
    "tax",
    "garbage",
    "pets",
    "daily-life",
    "disaster",
    "civic",
    "business",
)


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the help desk, as `languages.yaml` describes it."""

    tag: str
    name: str
    script: Literal["japanese", "bigram", "words"]
    columns: tuple[str, ...]


@cache
def languages() -> dict[str, Language]:
    """Return the languages of the help desk by BCP 47 tag, in picker order."""
    text = resources.files("knowledge").joinpath("languages.yaml").read_text(encoding="utf-8")
    return {
        tag: Language(tag, entry["name"], entry["script"], tuple(entry["columns"]))
        for tag, entry in yaml.safe_load(text).items()
    }


@dataclass(frozen=True, slots=True)
class Section:
    """Running text under one heading; `path` names the headings above it."""

    heading: str
    text: str
    path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Localization:
    """One language of one version.

    `facts` maps a name of `FACT_NAMES` to a text, or to a tuple of lines for
    the names in `LIST_FACTS`. `conditions` are whole sentences that narrow or
    widen what the facts say; an answer that shows facts shows them too.
    """

    lang: str
    title: str
    questions: tuple[str, ...] = ()
    summary: str = ""
    facts: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    def texts(self) -> Iterator[str]:
        """Yield every text a reader of this localization can see."""
        yield self.title
        yield from self.questions
        yield self.summary
        for value in self.facts.values():
            if isinstance(value, str):
                yield value
            else:
                yield from value
        yield from self.conditions
        for section in self.sections:
            yield section.heading
            yield section.text


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article with all its localizations.

    Dates are calendar days in Japan. `number` counts versions from 1; an
    article read from files that the store does not hold yet has number 0.
    `address` is where an imported document came from, `files` what is shown and
    handed out beside the text, in this order.
    """

    slug: str
    life_event: str
    effective_from: date
    checked_on: date
    localizations: dict[str, Localization]
    kind: Kind = "procedure"
    effective_until: date | None = None
    review_by: date | None = None
    related: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    owner: str = ""
    address: str = ""
    files: tuple[AttachedFile, ...] = ()
    number: int = 0
