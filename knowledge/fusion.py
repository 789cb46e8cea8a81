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

OWN_WEIGHT = 0.8
"""Weight of the first column (the language asked in) where an article stands in both."""


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """The scores of one column.

    `units` is fp32 [units], minus infinity for those filtered out, sorted so that
    the units of an article follow each other; `starts` [articles] says where
    they begin, and `articles` [articles] numbers them over all columns.
    """

    lang: str
    units: NDArray[np.float32]
    starts: NDArray[np.int64]
    articles: NDArray[np.int64]

    def best_units(self, article: int) -> int:
        """Return the best unit of an article that stands in this column."""
        place = int(np.searchsorted(self.articles, article))
        first = self.starts[place]
        last = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.units)
        return int(first + np.argmax(self.units[first:last]))


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in the fused ranking, with its best unit in the column `lang`."""

    article: int
    score: float
    z: Mapping[str, float]
    lang: str
    unit: int


def fuse(columns: Sequence[ColumnScores], articles: int, k: int) -> list[Ranked]:
    """Return the `k` best of `articles`; the column of the language asked in comes first.

    An article that stands in one column only has its score there; one that
    stands in several has their weighted mean.
    """
    if not columns:
        return []
    table = np.full((len(columns), articles), -np.inf, dtype=np.float32)
    for row, column in enumerate(columns):
        table[row, column.articles] = np.maximum.reduceat(column.units, column.starts)
    found = np.isfinite(table)
    weights = np.full((len(columns), 1), 1 - OWN_WEIGHT, dtype=np.float32)
    weights[0] = OWN_WEIGHT
    shares = weights * found
    total = np.where(found, table, 0.0) * shares
    some = found.any(axis=0)
    scores = np.full(articles, -np.inf, dtype=np.float32)
    scores[some] = total.sum(axis=0)[some] / shares.sum(axis=0)[some]
    best = np.argsort(-scores, kind="stable")[:k]
    ranked = []
    for article in best[np.isfinite(scores[best])]:
        row = int(np.argmax(table[:, article]))
        column = columns[row]
        z = {
            other.lang: float(table[place, article])
            for place, other in enumerate(columns)
            if found[place, article]
        }
        unit = column.best_units(int(article))
        ranked.append(Ranked(int(article), float(scores[article]), z, column.lang, unit))
    return ranked
