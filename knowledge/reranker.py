"""The role of a reranker: a slower model that reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.search import Hit

WEIGHT = 0.5
"""Weight of the reranker beside the score of the search, in deviations of the hits."""


class Reranker(Protocol):
    """A model that scores passages for a question; safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name of the model."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return a score for each passage, higher is better, [passages]."""


@dataclass(frozen=True, slots=True)
class Reranked:
    """Hits in their new order, and the reranker's score of each."""

    hits: tuple[Hit, ...]
    scores: tuple[float, ...] = field(default=())


def rerank(
    reranker: Reranker, question: str, hits: Sequence[Hit], passages: Sequence[str]
) -> Reranked:
    """Order `hits` anew by what `reranker` thinks of their `passages`, one each.

    Both scores are put into standard deviations over the hits and added, since
    a reranker alone loses what the search knew.
    """
    if len(hits) < 2:
        return Reranked(tuple(hits))
    given = reranker.scores(question, passages)
    total = _over(np.array([hit.score for hit in hits])) + WEIGHT * _over(given)
    order = np.argsort(-total, kind="stable")
    return Reranked(
        tuple(hits[number] for number in order), tuple(float(given[number]) for number in order)
    )


def _over(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / (values.std() + 1e-9), dtype=np.float64)
