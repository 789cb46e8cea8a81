"""What was read for one field, as a type, and the sentences of what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.forms.form import Field
from assistant.forms.words import Words

_SENTENCE = re.compile(r"[^。.!?！？।\n]+(?:\.(?=\d)[^。.!?！？।\n]+)*")


@dataclass(frozen=True, slots=True)
class Answered:
    """A value read from a text, its place there, and how sure the reading is (0 to 1)."""

    value: object
    start: int
    end: int
    confidence: float = 0.95
    notes: tuple[str, ...] = ()


Reader = Callable[[Field, str, Words, date], Answered | None]
"""Reads a field out of a text; the day is today."""


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence and where it begins."""
    for match in _SENTENCE.finditer(text):
        yield match.start(), match.group()
