"""Writes figures, dates, telephone numbers and terms as they are read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from speech.readings import words
from speech.readings.chinese import ChineseReading
from speech.readings.japanese import JapaneseReading


def base_language(lang: str) -> str:
    """Return the language that is spoken: ``ja`` for ``ja-x-easy``, ``zh`` for ``zh-Hant``."""
    return lang.split("-")[0]


def as_read(text: str, lang: str, readings: Mapping[str, str] | None = None) -> str:
    """Return `text` as it is read aloud in `lang`; `readings` are the city's own terms."""
    base = base_language(lang)
    if base == "ja":
        return _japanese(frozenset((readings or {}).items())).read(text)
    if base == "zh":
        return ChineseReading().read(text)
    return words.WordsReading(base).read(text) if base in words.LANGS else text


@lru_cache(maxsize=8)
def _japanese(readings: frozenset[tuple[str, str]]) -> JapaneseReading:
    return JapaneseReading(dict(readings))
