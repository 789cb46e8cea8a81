"""Scores in standard deviations, so that different measures can be added up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FARTHEST = 8.0
"""No score stands out by more: one rare word must not outweigh everything else."""

_PRIOR_WEIGHT = 2.0


def standardise(scores: NDArray[np.float32], prior: float = 1.0) -> NDArray[np.float32]:
    """Return `scores` [n] less their mean, in standard deviations.

    Mean and deviation are those of all scores but the best one, which may be
    the answer and in a small column would otherwise bound its own score.
    `prior` is the deviation expected of this measure; it counts as two more
    observations.
    """
    size = len(scores)
    if size == 0:
        return scores
    values = scores.astype(np.float64)
    best = float(values.max())
    rest = size - 1
    mean = (float(values.sum()) - best) / rest if rest else 0.0
    squares = float(np.square(values - mean).sum()) - (best - mean) ** 2
    variance = (max(squares, 0.0) + _PRIOR_WEIGHT * prior**2) / (rest + _PRIOR_WEIGHT)
    deviation = max(variance**0.5, (best - mean) / FARTHEST)
    return np.asarray((values - mean) / deviation, dtype=np.float32)
