"""The words that the knowledge base teaches the ear: terms with their readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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

    by_surface: Mapping[str, str] = field(init=False, repr=False)
    """The phonemes of each term by its surface."""

    def __post_init__(self) -> None:
        own = tuple(sounds.sounds(term.reading) for term in self.terms)
        surfaces = (term.surface for term in self.terms)
        object.__setattr__(self, "phonemes", own)
        object.__setattr__(self, "by_surface", dict(zip(surfaces, own, strict=True)))

    @classmethod
    def of(cls, terms: Iterable[tuple[str, str, int]], version: str = "") -> Lexicon:
        """Return the lexicon of plain values: surface, reading, frequency."""
        return cls(tuple(Term(*values) for values in terms), version)

    def sound(self, surface: str) -> str:
        """Return the phonemes of a term; empty for what is none."""
        return self.by_surface.get(surface, "")

    def found(self, text: str) -> tuple[str, ...]:
        """Return the terms that stand in `text`, the longest at each place, in order."""
        return tuple(text[start:end] for start, end in self.stretches(text))

    def stretches(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return where those terms begin and end in `text`."""
        surfaces = self.by_surface
        longest = max(map(len, surfaces), default=0)
        found, start = [], 0
        while start < len(text):
            for size in range(min(longest, len(text) - start), 0, -1):
                if text[start : start + size] in surfaces:
                    found.append((start, start + size))
                    start += size
                    break
            else:
                start += 1
        return tuple(found)
