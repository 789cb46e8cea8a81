"""One turn of a conversation while it passes through the steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from knowledge.search import SearchResult

if TYPE_CHECKING:
    from assistant.blocks import Answer
    from assistant.drafting import Drafting
    from knowledge.release import Release


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier turn leaves to the next one: the masked question and its article."""

    question: str
    lang: str
    slug: str | None


@dataclass(slots=True)
class Turn:
    """The question and what the steps have found out about it so far.

    `question` is as it was typed until `screen` has masked it. `hint` is the
    language of the page the question came from. `topic` is the article chosen
    by the resident (a choice after a question asked back). `rest` is the question
    without the words that ask for a fact, `before` the article of the turn before,
    and `follow_up` says whether the question leans on it. `ordered` says that orders
    to the machine stood beside the question.
    """

    question: str
    release: Release
    today: date
    hint: str | None = None
    past: tuple[Past, ...] = ()
    topic: str | None = None
    life_event: str | None = None
    kana: str | None = None
    lang: str = "ja"
    query: str = ""
    rest: str = ""
    fact: str | None = None
    before: str | None = None
    follow_up: bool = False
    ordered: bool = False
    masked: tuple[str, ...] = ()
    found: SearchResult | None = None
    slug: str | None = None
    confidence: float = 0.0
    answer: Answer | None = None
    drafting: Drafting | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
