"""One ranking of articles out of the rankings of several languages.

A raw score of one language says nothing beside one of another: a question
prefers texts of its own language even when they are wrong. So each column
gives standard deviations, and an article is judged by the columns it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.column import Column, Query

OWN_WEIGHT = 0.6
"""Weight of the first column (the language asked in) where an article stands in both."""


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """The scores of one column's units; minus infinity for those filtered out."""

    lang: str
    column: Column
    scores: NDArray[np.float32]

    def best(self) -> dict[str, tuple[float, int]]:
        """Return for each slug the score and the number of its best unit."""
        found: dict[str, tuple[float, int]] = {}
        for number in np.argsort(-self.scores, kind="stable"):
            score = float(self.scores[number])
            if score == -np.inf:
                break
            found.setdefault(self.column.units[number].slug, (score, int(number)))
        return found

    def top_cosine(self, query: Query, depth: int = 5) -> float:
        """Return the highest uncentred cosine among the first units."""
        first = np.argsort(-self.scores)[:depth]
        return max(
            (self.column.cosine(query, int(n)) for n in first if self.scores[n] > -np.inf),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in the fused ranking, with its best unit in the column `lang`."""

    slug: str
    score: float
    z: Mapping[str, float]
    lang: str
    number: int


def fuse(columns: Sequence[ColumnScores], k: int) -> list[Ranked]:
    """Return the `k` best articles over `columns`, the language asked in first.

    An article that stands in one column only has its score there; one that
    stands in several has their weighted mean.
    """
    every = [(column.lang, column.best()) for column in columns]
    slugs = dict.fromkeys(slug for _, best in every for slug in best)
    ranked = []
    for slug in slugs:
        own = {lang: best[slug] for lang, best in every if slug in best}
        scores = [score for score, _ in own.values()]
        score = scores[0] if len(scores) == 1 else _mean(scores)
        lang = max(own, key=lambda tag: own[tag][0])
        z = {tag: value for tag, (value, _) in own.items()}
        ranked.append(Ranked(slug, score, z, lang, own[lang][1]))
    ranked.sort(key=lambda one: -one.score)
    return ranked[:k]


def _mean(scores: Sequence[float]) -> float:
    rest = scores[1:]
    return OWN_WEIGHT * scores[0] + (1 - OWN_WEIGHT) * sum(rest) / len(rest)
