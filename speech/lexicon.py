"""The words that the knowledge base teaches the ear: terms with their readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from speech import sounds


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the knowledge base.

    `reading` is katakana; `frequency` is the number of articles it stands in.
    """

    surface: str
    reading: str
    frequency: int = 1


class Word(NamedTuple):
    """A word of a text as it stands there, and how it is read, in katakana."""

    surface: str
    reading: str


Readings = Callable[[str], Sequence[Word]]
"""Cuts a Japanese text into words with readings; the words joined are the text."""


@dataclass(frozen=True)
class Lexicon:
    """The terms of one release; `version` changes when they do."""

    terms: tuple[Term, ...] = ()
    version: str = ""
    phonemes: tuple[str, ...] = field(init=False, repr=False)
    """The phonemes of each term."""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "phonemes", tuple(sounds.sounds(term.reading) for term in self.terms)
        )

    @classmethod
    def of(cls, terms: Iterable[tuple[str, str, int]], version: str = "") -> Lexicon:
        """Return the lexicon of plain values: surface, reading, frequency."""
        return cls(tuple(Term(*values) for values in terms), version)

    def found(self, text: str) -> tuple[str, ...]:
        """Return the terms that stand in `text`, the longest at each place, in order."""
        surfaces = {term.surface for term in self.terms}
        longest = max((len(surface) for surface in surfaces), default=0)
        found, start = [], 0
        while start < len(text):
            for size in range(min(longest, len(text) - start), 0, -1):
                if text[start : start + size] in surfaces:
                    found.append(text[start : start + size])
                    start += size
                    break
            else:
                start += 1
        return tuple(found)
