"""Which languages the packaged voice speaks so that it is understood, by a measured round trip."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import yaml

from speech.errors import VoiceUnavailable
from speech.phonemizer import Phonemizer


def offered() -> dict[str, Callable[[], Phonemizer]]:
    """Return a maker of phonemes for each language of ``voices.yaml`` that is understood.

    Those that need espeak-ng are left out where the extra ``voices`` is not installed.
    """
    espeak = importlib.util.find_spec("phonemizer") is not None
    return {
        lang: maker(lang)
        for lang, row in measured().items()
        if row["understood"] and (espeak or row["phonemes"] != "espeak")
    }


def maker(lang: str) -> Callable[[], Phonemizer]:
    """Return what makes the phonemizer of a language that stands in ``voices.yaml``."""
    row = measured()[lang]
    return _MAKERS[row["phonemes"]](row.get("variant", lang))


@cache
def measured() -> dict[str, Any]:
    """Return the rows of ``voices.yaml`` by language."""
    text = (resources.files("speech") / "voices.yaml").read_text(encoding="utf-8")
    rows: dict[str, Any] = yaml.safe_load(text)["voices"]
    return rows


def _openjtalk(variant: str) -> Callable[[], Phonemizer]:
    def make() -> Phonemizer:
        from speech.phonemizer_openjtalk import OpenJTalkPhonemizer

        return OpenJTalkPhonemizer()

    return make


def _lexicon(variant: str) -> Callable[[], Phonemizer]:
    def make() -> Phonemizer:
        from speech.phonemizer_english import EnglishPhonemizer
        from speech.phonemizer_espeak import english_word

        try:
            return EnglishPhonemizer(english_word())
        except VoiceUnavailable:  # without the extra, names are spelt
            return EnglishPhonemizer()

    return make


def _pinyin(variant: str) -> Callable[[], Phonemizer]:
    def make() -> Phonemizer:
        from speech.phonemizer_chinese import ChinesePhonemizer

        return ChinesePhonemizer()

    return make


def _espeak(variant: str) -> Callable[[], Phonemizer]:
    def make() -> Phonemizer:
        from speech.phonemizer_espeak import EspeakPhonemizer

        return EspeakPhonemizer(variant)

    return make


_MAKERS = {"openjtalk": _openjtalk, "lexicon": _lexicon, "pinyin": _pinyin, "espeak": _espeak}
