"""What an answer looks like on the wire: typed blocks, sources and the answer itself.

Every text a resident reads is a `Text`: `text` is plain, and `ruby` is there
only where the article carries ruby annotations (やさしい日本語): the same text
as ``[base, reading or null]`` segments.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.ruby import parse, strip

Status = Literal["answered", "clarify", "abstained", "handoff", "emergency", "error"]


class Wire(BaseModel):
    """Base of everything that goes over the wire: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Wire):
    """One text, plain and, where it has ruby, in segments."""

    text: str
    ruby: list[tuple[str, str | None]] | None = None


class ShortBlock(Wire):
    """The short answer, which stands alone."""

    type: Literal["short"] = "short"
    lang: str
    body: Text
    lines: list[Text] = []
    fact: str | None = None


class Labelled(Wire):
    """What has a label; one given with ruby, ``{漢字|かんじ}``, is taken apart."""

    label: str
    label_ruby: list[tuple[str, str | None]] | None = None

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "{" not in str(given.get("label")):
            return given
        return {**given, "label": strip(given["label"]), "label_ruby": parse(given["label"])}

    def words(self) -> Text:
        """Return the label as a text."""
        return Text(text=self.label, ruby=self.label_ruby)


class FactItem(Labelled):
    """One row of the card: one text, or lines."""

    name: str
    body: Text | None = None
    lines: list[Text] = []


class FactsBlock(Wire):
    """The card: the typed facts of the article in their fixed order."""

    type: Literal["facts"] = "facts"
    lang: str
    title: Text
    items: list[FactItem]


class StepsBlock(Labelled):
    """What to do, in order."""

    type: Literal["steps"] = "steps"
    lang: str
    lines: list[Text]


class NotesBlock(Labelled):
    """Conditions and exceptions, which an answer never leaves out."""

    type: Literal["notes"] = "notes"
    lang: str
    lines: list[Text]


class PassageBlock(Wire):
    """A passage of the source, word for word, with its heading."""

    type: Literal["passage"] = "passage"
    lang: str
    heading: Text
    body: Text


class NoticeBlock(Wire):
    """A word about the answer itself, such as why it is shown in Japanese."""

    type: Literal["notice"] = "notice"
    lang: str
    kind: Literal["shown_in_japanese", "masked", "interpreter", "machine_drafted"]
    body: Text


class Choice(Wire):
    """One thing the resident may have meant; `question` is sent when it is chosen."""

    label: str
    question: str
    slug: str | None = None


class ChoicesBlock(Wire):
    """The question asked back, with two to four choices."""

    type: Literal["choices"] = "choices"
    lang: str
    body: Text
    items: list[Choice]


class ReplyBlock(Wire):
    """A reply that is not from an article: abstention, hand-over, emergency, error."""

    type: Literal["reply"] = "reply"
    lang: str
    kind: str
    body: Text
    phones: list[str] = []


Block = Annotated[
    ShortBlock
    | FactsBlock
    | StepsBlock
    | NotesBlock
    | PassageBlock
    | NoticeBlock
    | ChoicesBlock
    | ReplyBlock,
    Field(discriminator="type"),
]


class Source(Wire):
    """What an answer rests on: one version of one article, and where in it."""

    slug: str
    title: str
    lang: str
    version: int
    effective_from: date
    checked_on: date
    url: str
    score: float
    section: str = ""
    page: int | None = None


class Answer(Wire):
    """One answer, as every door of the help desk gives it."""

    status: Status
    lang: str
    answer: str
    blocks: list[Block]
    sources: list[Source] = []
    suggestions: list[str] = []
    timings_ms: dict[str, float] = {}
    conversation: str | None = None
    turn: str | None = None
