"""Statistics of shares: how sure a share is, and whether a stated confidence is true.

* Wilson's interval (E. B. Wilson, JASA 22, 1927): stays within 0 and 1, and is
  honest for few cases.
* Reliability: what was stated, in groups of equally many cases, beside what came true.
  The expected calibration error is the mean distance, weighted by cases (M. Pakdaman
  Naeini et al., AAAI 2015); Brier's score the mean squared one (G. W. Brier, 1950).
* Risk and coverage (R. El-Yaniv, Y. Wiener, JMLR 11, 2010): how often the desk would be
  wrong, were it to answer only the questions it is surest of.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

QUANTILE = 1.959964
"""Of the normal distribution, for an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like confidence: the mean stated, and how many came true."""

    stated: float
    right: int
    cases: int

    @property
    def share(self) -> float:
        """The share that came true."""
        return self.right / self.cases


@dataclass(frozen=True, slots=True)
class Point:
    """Answering whatever is at least as sure: shares answered, and wrong of what is answered."""

    confidence: float
    coverage: float
    risk: float


def wilson(right: int, cases: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; all of 0 to 1 where there is no case."""
    if not cases:
        return 0.0, 1.0
    share, spread = right / cases, QUANTILE**2 / cases
    middle = share + spread / 2
    half = QUANTILE * math.sqrt(share * (1 - share) / cases + spread / (4 * cases))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Return `pairs` of confidence and truth in at most `bins` groups, by confidence."""
    ordered = sorted(pairs)
    count = min(bins, len(ordered))
    edges = [round(number * len(ordered) / count) for number in range(count + 1)] if count else []
    groups = [ordered[low:high] for low, high in pairwise(edges)]
    return [
        Bin(sum(sure for sure, _ in group) / len(group), sum(ok for _, ok in group), len(group))
        for group in groups
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of what was stated from what came true, 0 to 1."""
    cases = sum(each.cases for each in bins)
    return sum(each.cases * abs(each.stated - each.share) for each in bins) / cases if cases else 0


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the mean squared distance of confidence from truth, 0 to 1."""
    return sum((sure - ok) ** 2 for sure, ok in pairs) / len(pairs) if pairs else 0.0


def risk_coverage(
    pairs: Sequence[tuple[float, bool]], weights: Sequence[float] | None = None
) -> list[Point]:
    """Return a point for each distinct confidence, surest first; equals are never parted.

    `weights` say how much each pair counts, where not all count alike.
    """
    shares = [1.0] * len(pairs) if weights is None else weights
    ordered = sorted(zip(pairs, shares, strict=True), reverse=True)
    total = sum(shares)
    points = []
    wrong = answered = 0.0
    for number, ((sure, ok), weight) in enumerate(ordered, 1):
        answered += weight
        wrong += weight * (not ok)
        if number == len(ordered) or ordered[number][0][0] != sure:
            points.append(Point(sure, answered / total, wrong / answered))
    return points


def risk_at(points: Sequence[Point], coverage: float) -> Point | None:
    """Return the first point that answers at least the share `coverage`; None where none does."""
    return next((point for point in points if point.coverage >= coverage - 1e-9), None)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return how often one drawn of `inside` is over one of `outside`, ties half; None of none."""
    if not inside or not outside:
        return None
    ordered = sorted(outside)
    below = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in inside)
    return below / (len(inside) * len(ordered))
