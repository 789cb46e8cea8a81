"""The words by which a text is found, by the script of its language.

Each script has channels, which are ranked apart and then added up
(`CHANNELS` holds their weights): inflected and misspelt words meet in the
fuzzier ones. Function words of Japanese are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from knowledge.japanese import Morpheme, analyse

Script = Literal["japanese", "bigram", "words"]

CHANNELS: Mapping[str, Mapping[str, float]] = {
    "japanese": {"form": 1.0, "reading": 1.0, "bigram": 0.5},
    "bigram": {"bigram": 1.0},
    "words": {"word": 1.0, "gram": 0.5},
}
"""Weights of the channels in the lexical score."""

KANA = "kana"
"""The channel of 2- and 3-grams over readings, which forgives homophones."""

_FUNCTION = frozenset({"助詞", "助動詞", "接続詞"})
_SIGNS = frozenset({"補助記号", "空白"})
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
"""Accents, and the vowel signs of Devanagari and Thai, which are no letters to `re`."""

_LATIN = "0-9a-z\u00c0-\u024f\u1e00-\u1eff"
_ASCII = re.compile(f"[{_LATIN}]+")
_RUN = re.compile(rf"[{_LATIN}]+|(?:(?![_{_LATIN}])[\w{_MARKS}])+")
_WORD = re.compile(rf"\w(?:[\w{_MARKS}]|(?<=\w)['’-](?=\w))*")
_HAN_OR_KANA = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_POSSESSIVE = re.compile(r"['’]s$")
_NOT_KANA = re.compile(r"[^\u30a1-\u30fa\u30fc0-9a-z]+")
_SPACES = re.compile(r"\s+")


def terms(text: str, script: str, morphemes: list[Morpheme] | None = None) -> dict[str, list[str]]:
    """Return the terms of `text` by channel.

    `morphemes` are those of `analyse(text)` where they are known already; they
    are used by the script ``japanese`` only, which also has the channel `KANA`.
    """
    if script == "japanese":
        return japanese_terms(text, analyse(text) if morphemes is None else morphemes)
    if script == "bigram":
        return {"bigram": bigrams(text)}
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(_normal(text))]
    return {"word": [_stem(folded(word)) for word in words], "gram": _word_grams(words)}


def shared_words(text: str, lang: str, column: str) -> str:
    """Return what of a question in `lang` may be looked up in the words of `column`.

    All of it within one language. Across languages only Han characters and
    kana, so that 転入届 is found in an English question and a figure or an
    English word of a notice does not pass for a match.
    """
    if lang.split("-")[0] == column.split("-")[0]:
        return text
    return " ".join(_HAN_OR_KANA.findall(text))


def japanese_terms(text: str, morphemes: list[Morpheme]) -> dict[str, list[str]]:
    """Return the terms of a Japanese text by channel."""
    content = [word for word in morphemes if word.part_of_speech not in _FUNCTION | _SIGNS]
    reading = "".join(word.reading or word.surface.casefold() for word in morphemes)
    return {
        "form": [word.normalized.casefold() for word in content],
        "reading": [(word.reading or word.surface).casefold() for word in content],
        "bigram": character_grams(_SPACES.sub("", _normal(text)), (2,)),
        KANA: kana_grams(reading),
    }


def kana_grams(reading: str) -> list[str]:
    """Return the 2- and 3-grams of a reading in katakana."""
    return character_grams(_NOT_KANA.sub("", reading.casefold()), (2, 3))


def character_grams(text: str, sizes: tuple[int, ...]) -> list[str]:
    """Return the runs of `sizes` characters of `text`."""
    return [text[start : start + size] for size in sizes for start in range(len(text) - size + 1)]


def bigrams(text: str) -> list[str]:
    """Return pairs of neighbouring characters; Latin words and figures stay whole."""
    found: list[str] = []
    for run in _RUN.findall(_normal(text)):
        if _ASCII.fullmatch(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(character_grams(run, (2,)))
    return found


def folded(word: str) -> str:
    """Return `word` without accents and other marks above and below its letters."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", word)
        if not "\u0300" <= letter <= "\u036f"
    )
    return bare.replace("đ", "d")


def _stem(word: str) -> str:
    """Take the plural off: the one ending that English, Spanish and Portuguese share."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _word_grams(words: list[str]) -> list[str]:
    return [
        gram
        for word in words
        for gram in (character_grams(f"_{word}_", (4,)) if len(word) > 2 else [f"_{word}_"])
    ]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
