"""Japanese terms that people of other languages write by ear, in Latin letters.

Whoever lives here asks for "juminhyo" and "kazei shomeisho" in any language. The term is
put behind the word, in Japanese, before the question is searched for: the articles of
every language carry the Japanese terms in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import jaconv

from knowledge.article import languages
from knowledge.japanese import katakana, reading
from knowledge.release import Release

SHORTEST = 4
"""Letters of a term as it is compared; anything shorter is a word of some language."""

LONGEST = 5
"""Words that one term is written in at most (kokumin kenko hoken ryo)."""

SHORTEST_PART = 3
"""Letters of each of several words: "di ko" is not 時効."""

_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]+")
"""A word from another language, which is written in that language."""

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"si|sy(?=[aueo])", "shi"),
        (r"t[iy](?=[aueo])|ti", "chi"),
        (r"z[iy](?=[aueo])|zi|jy|di", "ji"),
        (r"(sh|ch|j)i(?=[aueo])", r"\1"),
        (r"tu", "tsu"),
        (r"(?<![sc])hu", "fu"),
        (r"dz?u", "zu"),
        (r"m(?=[bp])", "n"),
        (r"t(?=ch)", ""),
        (r"o[uo]+", "o"),
        (r"uu+", "u"),
        (r"([bcdfghjklmnpqrstvwxyz])\1+", r"\1"),
    )
)
"""One spelling for Hepburn, kunrei, macrons, long vowels left out, and what ears make of them."""


def with_terms(question: str, lang: str, release: Release) -> str:
    """Return `question` with the Japanese of each term that it writes in Latin letters.

    A question in Japanese, or without such terms, comes back as it is.
    """
    if languages()[lang].script == "japanese":
        return question
    known = _known(release, lang)
    plain = _letters(question)
    words = list(_WORD.finditer(plain))
    found: list[tuple[int, str]] = []
    first = 0
    while first < len(words):
        taken = 1
        for count in range(min(LONGEST, len(words) - first), 0, -1):
            part = words[first : first + count]
            term = known.get(sounded("".join(word[0] for word in part)))
            if term is not None and _one_term(plain, part) and term not in question:
                found.append((part[-1].end(), term))
                taken = count
                break
        first += taken
    for end, term in reversed(found):
        question = f"{question[:end]} ({term}){question[end:]}"
    return question


def sounded(word: str) -> str:
    """Return romanised Japanese in the one spelling that terms are compared in.

    >>> sounded("Jūmin-hyō") == sounded("juuminhyou") == sounded("zyuminhyo")
    True
    """
    text = _letters(word)
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return text


def _letters(text: str) -> str:
    """`text` in small letters without accents, letter for letter."""
    return "".join(_letter(ch) for ch in text)


@lru_cache(maxsize=4096)
def _letter(ch: str) -> str:
    base = unicodedata.normalize("NFKD", ch.lower())[:1]
    return base if len(base) == 1 else ch


def _one_term(plain: str, part: list[re.Match[str]]) -> bool:
    """Whether `part` may be one term: no short word among several, nothing but spaces between."""
    if len(part) > 1 and any(len(word[0]) < SHORTEST_PART for word in part):
        return False
    gaps = pairwise(part)
    return all(not plain[one.end() : two.start()].strip(" \t-") for one, two in gaps)


@lru_cache(maxsize=32)
def _known(release: Release, lang: str) -> Mapping[str, str]:
    """The terms by their sound, without what is a word of `lang` itself."""
    own = _ordinary(release, lang)
    return {sound: term for sound, term in _terms(release).items() if sound not in own}


def _ordinary(release: Release, lang: str) -> set[str]:
    """How the words of the articles in `lang` sound; how people ask is not looked at."""
    words = set[str]()
    for article in release.articles.values():
        text = article.localizations.get(lang)
        if text is not None:
            said = "\n".join(replace(text, questions=()).texts())
            words.update(_WORD.findall(_letters(said)))
    return {sounded(word) for word in words}


@lru_cache(maxsize=2)
def _terms(release: Release) -> Mapping[str, str]:
    """The city's official terms and everyday words by their sound."""
    read = {
        word: reading(word)
        for word in release.lexicon.get("synonyms", {}).get("ja", {})
        if not _KATAKANA.fullmatch(word)
    }
    for entry in release.lexicon.get("glossary", ()):
        read[entry["term"]] = katakana(entry["reading"])
    known: dict[str, str] = {}
    # The glossary is read last and goes first where two sound alike.
    for term, kana in reversed(read.items()):
        sound = sounded(jaconv.kana2alphabet(jaconv.kata2hira(kana).replace("ー", "")))
        if len(sound) >= SHORTEST:
            known.setdefault(sound, term)
    return known
