"""How sure the desk is that the first article found is the right one.

A logistic model over what search knows of the first article, fitted on the
development cases by ``python -m evals calibrate``.
"""

from __future__ import annotations

import math

from assistant.calibration import calibration
from knowledge.release import Release
from knowledge.search import SearchResult


def signals(found: SearchResult, lang: str, release: Release) -> dict[str, float] | None:
    """Return the signals by name, or None where nothing was found.

    * ``score``: of the first article, in standard deviations, at most 8
    * ``margin``: its lead over the second, at most 3
    * ``cosine``: uncentred, of the best windows; tells the city's business from others
    * ``asked``: uncentred cosine with its nearest question variant
    * ``own``: 1 where it is written in the language of the question
    * ``own_coverage``: the share of the question's words that it holds, where ``own``
    """
    if not found.hits:
        return None
    first = found.hits[0]
    second = found.hits[1].score if len(found.hits) > 1 else 0.0
    own = float(release.localization(first.slug, lang) is not None)
    return {
        "score": min(first.score, 8.0),
        "margin": min(first.score - second, 3.0),
        "cosine": 20 * (found.top_cosine - 0.85),
        "asked": 20 * (first.asked - 0.88),
        "own": own,
        "own_coverage": own * first.coverage,
    }


def confidence(found: SearchResult, lang: str, release: Release) -> float:
    """Return the probability (0 to 1) that the first article answers the question."""
    values = signals(found, lang, release)
    if values is None:
        return 0.0
    model = calibration().confidence
    total = model["intercept"] + sum(model[name] * value for name, value in values.items())
    return 1.0 / (1.0 + math.exp(-total))
