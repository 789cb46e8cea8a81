"""The terms that a release teaches the recogniser, with their readings.

They are the glossary, and the compound nouns of the Japanese articles: those of
titles and questions, and those that stand in several articles. They are made
from the release itself, so that an article teaches them the moment it is
published.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from knowledge.japanese import Morpheme, analyse, katakana
from knowledge.release import Release
from knowledge.ruby import strip
from speech.lexicon import Lexicon, Term, Word

SHORTEST, LONGEST = 2, 16
"""Characters of a term."""

SHORTEST_READING = 3
"""Kana of a reading: anything shorter sounds like something everywhere."""

GLOSSARY_WEIGHT = 2
"""Articles that a word of the glossary counts for besides those it stands in."""

SEVERAL = 2
"""Articles in which a compound stands that no title and no question has."""

LONGEST_PART = 2
"""Words of a part of a compound."""

ARTICLES = 10_000
"""Articles whose compounds are kept in memory, so that one that is published costs no more
than its own analysis."""

PREFIX, SUFFIX = "接頭辞", "接尾辞"
PARTS = frozenset({"名詞", PREFIX, SUFFIX})
"""Parts of speech that a compound is made of."""

_TERM = re.compile(r"(?=.*[\u3400-\u9fffァ-ヺ])[\u3400-\u9fff々ァ-ヺー\u3041-\u3096]+")
_FIGURE = re.compile(r"[\d何〇一二三四五六七八九十百千万数]+$")
_NOT_IDEOGRAMS = re.compile(r"[^\u3400-\u9fff々]")
_READING = re.compile(r"[ァ-ヺー]+")


def words(text: str) -> Sequence[Word]:
    """Return the words of a Japanese text with their readings, as `speech.lexicon` wants."""
    return [Word(word.surface, word.reading) for word in analyse(text)]


class ReleaseLexicon:
    """The lexicon of the current release; made when first asked for, and when it changes."""

    def __init__(self, release: Callable[[], Release | None]) -> None:
        self._release = release
        self._making = threading.Lock()
        self._lexicon = Lexicon()

    def __call__(self) -> Lexicon:
        """Return the lexicon of the release that is answered from; empty before the first one."""
        release = self._release()
        if release is None:
            return Lexicon()
        if self._lexicon.version != release.info.id:
            with self._making:
                if self._lexicon.version != release.info.id:
                    self._lexicon = lexicon_of(release)
        return self._lexicon


def lexicon_of(release: Release) -> Lexicon:
    """Return the terms of a release.

    Of spellings of one word (引っ越し, 引越し; 届け出, 届出) the one that most articles use is
    taken. A word of one article that sounds like a commoner one is left out: questions
    hold the slips of those who ask (学堂 for 学童).
    """
    readings = dict(_glossary(release))
    frequencies: Counter[str] = Counter(dict.fromkeys(readings, GLOSSARY_WEIGHT))
    asked: set[str] = set(readings)
    normal: dict[str, str] = {surface: surface for surface in readings}
    for article in release.articles.values():
        text = article.localizations.get("ja")
        if text is None:
            continue
        found = {found.surface: found for found in _compounds(tuple(text.texts()))}
        frequencies.update(found.keys())
        for compound in found.values():
            readings.setdefault(compound.surface, compound.reading)
            normal.setdefault(compound.surface, compound.normal)
        asked.update(found.surface for found in _compounds((text.title, *text.questions)))
    taken, spellings = set[str](), list[str]()
    for surface, _ in frequencies.most_common():
        if surface in asked or frequencies[surface] >= SEVERAL:
            word = {
                f"{readings[surface]} {same}"
                for same in (normal[surface], _NOT_IDEOGRAMS.sub("", surface) or surface)
            }
            if not word & taken:
                spellings.append(surface)
            taken |= word
    commonest: Counter[str] = Counter()
    for surface in spellings:
        commonest[readings[surface]] = max(commonest[readings[surface]], frequencies[surface])
    terms = (
        Term(surface, readings[surface], frequencies[surface])
        for surface in sorted(spellings)
        if frequencies[surface] >= min(SEVERAL, commonest[readings[surface]])
    )
    return Lexicon(tuple(terms), release.info.id)


def _glossary(release: Release) -> Iterator[tuple[str, str]]:
    for entry in release.lexicon.get("glossary", ()):
        yield entry["term"], katakana(entry["reading"])


class _Compound(NamedTuple):
    surface: str
    reading: str
    normal: str


@lru_cache(maxsize=ARTICLES)
def _compounds(texts: tuple[str, ...]) -> tuple[_Compound, ...]:
    """The compound nouns of the texts of an article; analysed again only when they change."""
    return tuple(_found(texts))


def _found(texts: tuple[str, ...]) -> Iterator[_Compound]:
    for text in texts:
        for joined, group in groupby(analyse(strip(text), "C"), _is_part):
            run = list(group)
            for part in _parts(run) if joined else ():
                compound = _compound(part)
                if compound is not None:
                    yield compound


def _is_part(word: Morpheme) -> bool:
    return word.part_of_speech in PARTS


def _parts(run: list[Morpheme]) -> Iterator[list[Morpheme]]:
    """A compound, and what of it is said alone as well: 国民健康保険料, 国民健康保険.

    Nothing that counts (時間以内 of 2時間以内) or asks for a number (何度).
    """
    sizes = {len(run), *range(1, min(len(run), LONGEST_PART) + 1)}
    for size in sizes:
        for start in range(len(run) - size + 1):
            after = run[start + size] if start + size < len(run) else None
            if run[start].part_of_speech == SUFFIX or (after and after.part_of_speech == SUFFIX):
                continue
            if run[start].surface.startswith("何") or (
                start and _FIGURE.search(run[start - 1].surface)
            ):
                continue
            yield run[start : start + size]


def _compound(run: list[Morpheme]) -> _Compound | None:
    surface = "".join(word.surface for word in run)
    reading = "".join(word.reading for word in run)
    if not SHORTEST <= len(surface) <= LONGEST or len(reading) < SHORTEST_READING:
        return None
    if not (_TERM.fullmatch(surface) and _READING.fullmatch(reading)):
        return None
    if run[-1].part_of_speech == PREFIX:
        return None
    return _Compound(surface, reading, "".join(word.normalized for word in run))
