"""A line of text without its spaces and markup, and how readings are written back into it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.ruby import RUBY

PROTECTED = re.compile(r"\{\{.*?\}\}|https?://[^\s{}|\u0080-\uffff]+|[\w.+-]+@[\w.-]+", re.ASCII)
"""Placeholders and addresses: what is no text to be read."""

_SPACE = re.compile(r"[ \u3000]")

Span = tuple[int, int, str]
"""Start and end in the text without spaces, and the reading; empty for what has none."""


@dataclass(slots=True)
class BareLine:
    """A line without spaces and markup, and where each character stood.

    `plain` has one character for each of `places`, the span of it in the original.
    `spans` are the readings found so far, `taken` the characters that have one.
    """

    plain: str
    places: list[tuple[int, int]]
    spans: list[Span] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def add(self, start: int, end: int, reading: str) -> bool:
        """Keep a reading unless one of its characters has one."""
        if self.taken.intersection(range(start, end)):
            return False
        self.spans.append((start, end, reading))
        self.taken.update(range(start, end))
        return True

    def written(self, line: str) -> str:
        """Return `line`, which this was made of, with the readings in it."""
        return "".join(self._written_parts(line))

    def _written_parts(self, line: str) -> Iterator[str]:
        at = 0
        for start, end, reading in sorted(self.spans):
            first, last = self.places[start][0], self.places[end - 1][1]
            yield line[at:first]
            yield f"{{{line[first:last]}|{reading}}}"
            at = last
        yield line[at:]

    def has_space(self, start: int, end: int) -> bool:
        """Whether a space stands inside the span in the original."""
        return any(self.places[at][1] != self.places[at + 1][0] for at in range(start, end - 1))


def bare_line(line: str) -> BareLine:
    """Return the line with ruby taken out, placeholders as one sign, and no spaces."""
    text = BareLine("", [])
    characters: list[str] = []

    def put(character: str, start: int, end: int) -> None:
        characters.append(character)
        text.places.append((start, end))

    at = 0
    while at < len(line):
        protected = PROTECTED.match(line, at)
        ruby = RUBY.match(line, at)
        if protected:
            put("□", at, protected.end())
            at = protected.end()
        elif ruby:
            first = len(characters)
            for character in ruby.group(1):  # all of its characters stand for the whole span
                put(_one(character), at, ruby.end())
            text.taken.update(range(first, len(characters)))
            at = ruby.end()
        else:
            if not _SPACE.match(line[at]):
                put(_one(line[at]), at, at + 1)
            at += 1
    text.plain = "".join(characters)
    return text


def _one(character: str) -> str:
    """The character in compatibility form, a sign where that is none or more than one."""
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 and not unicodedata.combining(normal) else "□"
