"""Readings that a dictionary gets wrong or cannot know, as a file of snippets.

The file has three parts::

    snippets:                 # longest first; only what has a reading is annotated,
      - "が{開|あ}いて"          # the rest is the context in which it is read so
    alone:                    # words that stand between kana
      体: からだ
    counters:                 # what follows a number in digits
      "{日|にち}": {2: ふつか, 14: じゅうよっか}       # these numbers are read as a whole
      "{分|ふん}": {"...0": ぷん, "...1": ぷん}       # after numbers that end so
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import yaml_text
from knowledge.errors import ArticleInvalid
from knowledge.japanese import nfkc
from knowledge.ruby import parse, strip
from knowledge.ruby_line import Span

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_ENDING = "..."


@dataclass(frozen=True, slots=True)
class Overrides:
    """Snippets and counters in ruby notation, and readings of words that stand alone."""

    snippets: tuple[str, ...] = ()
    alone: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def with_more(self, others: Sequence[Overrides]) -> Overrides:
        """Return these overrides with others, which go before them."""
        merged = self
        for other in others:
            merged = Overrides(
                (*other.snippets, *merged.snippets),
                {**merged.alone, **other.alone},
                {**merged.counters, **other.counters},
            )
        return merged

    def find(self, plain: str) -> Iterator[list[Span]]:
        """Yield what is read in another way in `plain`, the readings of a snippet together.

        The first that names a character wins: longer snippets come first, then counters.
        """
        for snippet, literal in _longest_first(self.snippets):
            at = plain.find(literal)
            while at >= 0:
                yield _spans(snippet, at)
                at = plain.find(literal, at + 1)
        for number in _NUMBER.finditer(plain):
            if spans := self._counted(plain, number):
                yield spans

    def _counted(self, plain: str, number: re.Match[str]) -> list[Span]:
        """The reading of a number with its counter, or of the counter alone."""
        after = plain[number.end() : number.end() + 12]
        fitting = [counter for counter in self.counters if after.startswith(_bare(counter))]
        if not fitting:
            return []
        counter = max(fitting, key=lambda text: len(_bare(text)))
        special = self.counters[counter]
        digits = number.group().replace(",", "")
        if digits in special:
            return [(number.start(), number.end() + len(_bare(counter)), special[digits])]
        if _ENDING + digits[-1] in special:
            base, _ = next(run for run in parse(counter) if run[1])
            return [(number.end(), number.end() + len(base), special[_ENDING + digits[-1]])]
        return _spans(counter, number.end())


def load_overrides(path: Path) -> Overrides:
    """Return the overrides in a file; raises `ArticleInvalid`."""
    values = yaml_text.load(path.read_text(encoding="utf-8"), path.name)
    if not set(values) <= {"snippets", "alone", "counters"}:
        raise ArticleInvalid(f"{path.name}: it holds other parts than snippets, alone, counters.")
    snippets = yaml_text.lines_at(values, "snippets", path.name)
    counters = _mapping(values, "counters", path)
    for text in (*snippets, *counters):
        if not any(reading for _, reading in parse(text)):
            raise ArticleInvalid(f"{path.name}: there is no reading in {text!r}.")
    return Overrides(
        snippets,
        {str(word): str(reading) for word, reading in _mapping(values, "alone", path).items()},
        {
            counter: {str(number): str(reading) for number, reading in (special or {}).items()}
            for counter, special in counters.items()
        },
    )


def _mapping(values: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = values.get(key) or {}
    if not isinstance(value, dict):
        raise ArticleInvalid(f"{path.name}: '{key}' is not a list of `key: value` lines.")
    return value


@cache
def _longest_first(snippets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each snippet with the text that is looked for."""
    found = sorted(snippets, key=lambda text: -len(strip(text)))
    return tuple((snippet, nfkc(strip(snippet))) for snippet in found)


_bare = cache(strip)


def _spans(snippet: str, at: int) -> list[Span]:
    """The readings in a snippet whose text begins at `at`."""
    spans: list[Span] = []
    for base, reading in parse(snippet):
        if reading:
            spans.append((at, at + len(base), reading))
        at += len(base)
    return spans
