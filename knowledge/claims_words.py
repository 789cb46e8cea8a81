"""The words of `claims.yaml`, compiled: one set of patterns for each language.

Every pattern works on the text that `knowledge.claims_numerals.plain` returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from knowledge import yaml_text

Kind = Literal[
    "url", "phone", "date", "weekday", "time", "amount", "percent", "place", "age", "duration",
    "number",
]  # fmt: skip

Key = tuple[object, ...]
"""What tells equal figures of one kind."""

Reading = tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], Key | None]]
"""A kind of figure, how it is written, and its key.

The key is None where it is no figure after all and the text is left to other readings,
and empty where it is none and the text is taken away.
"""

NEVER = re.compile(r"(?!)")
NUMBER = r"\d+(?:\.\d+)?"

_SPACED = frozenset({"en", "vi", "pt", "es", "tl", "id"})
"""Languages whose words must not be found inside other words."""


@dataclass(frozen=True)
class Words:
    """What the figures of one language are told by."""

    lang: str
    numerals: Mapping[str, float]
    multipliers: Mapping[str, float]
    content: Mapping[str, Any]

    def alternatives(self, name: str) -> str:
        """Return the alternatives of `name` for a pattern; one that never matches if none."""
        return either(self.content.get(name, ()))

    @property
    def spaced(self) -> bool:
        """Whether words are told apart by spaces and written in Latin letters."""
        return self.lang in _SPACED


def either(words: Iterable[str]) -> str:
    """Return a group that matches any of `words`, the longest pattern first."""
    listed = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(listed)})" if listed else "(?!)"


@cache
def words(lang: str) -> Words:
    """Return the words of `lang`; of no language at all where it is not known."""
    content = loaded()
    found = content.get(content["like"].get(lang, lang), {})
    return Words(
        content["like"].get(lang, lang),
        {str(word): float(value) for word, value in found.get("numerals", {}).items()},
        {str(word): float(value) for word, value in found.get("multipliers", {}).items()},
        found,
    )


@cache
def loaded() -> dict[str, Any]:
    """Return the content of `claims.yaml`."""
    text = resources.files("knowledge").joinpath("claims.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml_text.load(text, "claims.yaml")
    return content


@cache
def units(lang: str) -> str:
    """Return the alternatives of every unit that a number of `lang` may have."""
    content = words(lang).content
    named: list[str] = []
    for name in ("currencies", "spans"):
        named += [word for listed in content.get(name, {}).values() for word in listed]
    for name in ("percent", "tenths", "age", "hours", "floor", "counter", "room", "things"):
        named += content.get(name, ())
    return either([*named, *_EAST.get(words(lang).lang, ()), *words(lang).multipliers])


_EAST: Mapping[str, tuple[str, ...]] = {
    "ja": ("年", "月", "日", "号"),
    "zh-Hans": ("年", "月", "[日号號]"),
    "ko": ("년", "월", "일"),
}
