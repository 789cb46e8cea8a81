"""What a search is asked and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import TokenVectors


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A question with its vectors, so that it is encoded once a turn."""

    text: str
    lang: str
    pooled: NDArray[np.float32]
    tokens: TokenVectors | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that may answer.

    `score` is what hits are ranked by, in standard deviations of the columns
    searched; only differences mean something. `z` has the score in each column
    in which the article stands, `lang` the column in which it stands out most
    and `unit` its best unit there. `cosine` is uncentred, of its best window, and
    `asked` of the question variant nearest to the question, over the columns.
    `coverage` is the share of the question's words that stand in the article, in
    the language asked in, weighted by how rare they are; 0 where it lacks it.
    """

    slug: str
    score: float
    z: Mapping[str, float]
    cosine: float
    lang: str
    unit: str
    asked: float = 0.0
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; `top_cosine` tells a question of the city from others."""

    hits: tuple[Hit, ...]
    top_cosine: float
    query: EncodedQuery
    cosines: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an article, as it stands there, and the chunk that holds it.

    `score` is between -1 and 1; scores of one article in one language compare.
    """

    chunk_id: str
    sentence: str
    score: float
