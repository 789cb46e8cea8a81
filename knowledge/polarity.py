"""What a sentence denies, and under which conditions it holds, by the words of `polarity.yaml`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from knowledge import yaml_text
from knowledge.claims_words import NEVER, either

_SENTENCE = re.compile(r"[。．！？!?।()（）;；\n]|\.(?=\s|$)")
_CLAUSE = re.compile(r"[、,，;；:。．！？!?।()（）\n]|\.(?=\s|$)")


@dataclass(frozen=True)
class Polarity:
    """The patterns of one language, by the names they have in `polarity.yaml`."""

    negations: re.Pattern[str]
    neutral: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]
    following: re.Pattern[str]
    free: re.Pattern[str]
    limiting: re.Pattern[str]
    needed: re.Pattern[str]
    excused: re.Pattern[str]
    allowed: re.Pattern[str]
    barred: re.Pattern[str]


@lru_cache(maxsize=8192)
def negated(text: str, lang: str) -> bool:
    """Say whether `text` says that something is not so, not allowed, not needed or free.

    >>> negated("予約は不要です", "ja"), negated("予約しなければなりません", "ja")
    (True, False)
    """
    words = polarity(lang)
    return bool(words.negations.search(words.neutral.sub(" ", _folded(text))))


@lru_cache(maxsize=8192)
def conditions(text: str, lang: str) -> tuple[str, ...]:
    """Return the clauses of `text` by which it makes an exception of itself.

    >>> conditions("無料です。ただし、市外の方は300円です。", "ja")
    ('市外の方は300円です',)
    """
    words, folded = polarity(lang), _folded(text)
    found = []
    for match in words.after.finditer(folded):
        rest = folded[match.end() :].lstrip(" 、,，")
        opens = not _SENTENCE.split(folded[: match.start()])[-1].strip()
        # "Unless X, Y" is limited by X; "However, X" by all of it.
        end = _CLAUSE if opens and not words.following.match(match.group()) else _SENTENCE
        cut = end.search(rest)
        found.append(rest[: cut.start()] if cut else rest)
    for match in words.before.finditer(folded):
        found.append(_CLAUSE.split(folded[: match.start()])[-1])
    return tuple(clause.strip() for clause in found if clause.strip())


@lru_cache(maxsize=8192)
def without_conditions(text: str, lang: str) -> str:
    """Return what is left of `text`, folded, without the clauses `conditions` returns.

    The words that introduce them go too: "except", 「ただし」, "does not apply to".
    """
    words, folded = polarity(lang), _folded(text)
    for clause in conditions(text, lang):
        folded = folded.replace(clause, " ")
    return words.before.sub(" ", words.after.sub(" ", folded))


def free(text: str, lang: str) -> bool:
    """Say whether `text` says that something costs nothing."""
    return bool(polarity(lang).free.search(_folded(text)))


def without_free(text: str, lang: str) -> str:
    """Return `text`, folded, without the words that say that something costs nothing."""
    return polarity(lang).free.sub(" ", _folded(text))


def without_negations(text: str, lang: str) -> str:
    """Return `text`, folded, without the words that deny."""
    return polarity(lang).negations.sub(" ", _folded(text))


def limiting(text: str, lang: str) -> bool:
    """Say whether `text` allows only one thing, and so denies others: 「〜に限られます」."""
    return bool(polarity(lang).limiting.search(_folded(text)))


@lru_cache(maxsize=8192)
def demands(text: str, lang: str) -> frozenset[str]:
    """Return which of ``needed``, ``excused``, ``allowed`` and ``barred`` `text` says of things.

    >>> sorted(demands("予約は不要ですが、本人確認書類が必要です", "ja"))
    ['excused', 'needed']
    """
    words, folded = polarity(lang), _folded(text)
    pairs = (
        ("needed", words.needed, "excused", words.excused),
        ("allowed", words.allowed, "barred", words.barred),
    )
    found = set()
    for positive, says, negative, denies in pairs:
        rest = denies.sub(" ", folded)
        found |= {positive} if says.search(rest) else set()
        found |= {negative} if rest != folded else set()
    return frozenset(found)


def limits_the_last(sentence: str, lang: str) -> bool:
    """Say whether `sentence` begins as one that limits the sentence before it."""
    return bool(polarity(lang).following.match(_folded(sentence).lstrip()))


def _folded(text: str) -> str:
    return _normal(text).lower().replace("’", "'")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@cache
def polarity(lang: str) -> Polarity:
    """Return the patterns of `lang`; ones that never match where it is not known."""
    content = _content()
    found = content.get(content["like"].get(lang, lang), {})

    def pattern(name: str) -> re.Pattern[str]:
        listed = found.get(name)
        return re.compile(either(map(_normal, listed))) if listed else NEVER

    names = (
        "negations", "neutral", "condition_after", "condition_before", "following",
        "free", "limiting", "needed", "excused", "allowed", "barred",
    )  # fmt: skip
    return Polarity(*map(pattern, names))


@cache
def _content() -> dict[str, Any]:
    text = resources.files("knowledge").joinpath("polarity.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml_text.load(text, "polarity.yaml")
    return content
