"""What is put into the search index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IndexChunk:
    """A piece of a unit that can be cited; `heading` is empty where it has none."""

    id: str
    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One unit that is ranked: a procedure in one language, or a part of a document.

    `slug` is what hits are counted by; several units may share it. `questions`
    and `synonyms` help it to be found and are never shown. `prose` says that it
    is running text, a part of a report for instance, whose title is no question.
    """

    slug: str
    lang: str
    unit: str
    title: str
    questions: tuple[str, ...] = ()
    chunks: tuple[IndexChunk, ...] = ()
    life_event: str = ""
    effective_from: date | None = None
    effective_until: date | None = None
    synonyms: tuple[str, ...] = ()
    prose: bool = False

    def content_hash(self) -> str:
        """Return a hash of everything that the index makes of this unit."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()

    def asked(self) -> tuple[str, ...]:
        """Return what somebody may ask to get this unit: title, questions, other words."""
        texts = (self.title, *self.questions, *self.synonyms)
        found = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
        return found or (self.chunks[0].text[:100] if self.chunks else self.slug,)

    def searched_text(self) -> str:
        """Return everything that lexical search looks at, a text a line."""
        headings = dict.fromkeys(chunk.heading for chunk in self.chunks if chunk.heading)
        texts = (*self.asked(), *headings, *(chunk.text for chunk in self.chunks))
        return "\n".join(texts)
