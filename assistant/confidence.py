"""How sure the desk is that the first article found is the right one.

A logistic model over what search knows of the first article, and of the topics
that no article answers, fitted on the development cases by
``python -m evals calibrate``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.calibration import calibration
from assistant.phrases import elsewhere
from knowledge.release import Release
from knowledge.release_content import OUTSIDE
from knowledge.search import Hit, SearchResult

WIDEST = 3.0
"""Leads count up to so many standard deviations; beyond, all are without doubt."""


def articles(found: SearchResult) -> list[Hit]:
    """Return the hits that are articles, best first."""
    return [hit for hit in found.hits if not hit.slug.startswith(OUTSIDE)]


def outside(found: SearchResult) -> list[Hit]:
    """Return the hits that are topics which no article answers, best first."""
    return [hit for hit in found.hits if hit.slug.startswith(OUTSIDE)]


def signals(
    found: SearchResult, question: str, lang: str, release: Release
) -> dict[str, float] | None:
    """Return the signals by name, or None where no article was found.

    * ``score``: of the first article, in standard deviations, at most 8
    * ``margin``: its lead over the second, at most 3
    * ``inside``: its lead over the best topic that no article answers, -3 to 3
    * ``cosine``: uncentred, of the best windows; tells the city's business from others
    * ``asked``: uncentred cosine with its nearest question variant
    * ``apart``: the same, less that of the best topic that no article answers
    * ``own``: 1 where it is written in the language of the question
    * ``own_coverage``: the share of the question's words that it holds, where ``own``
    * ``elsewhere``: 1 where the words are those of another office's business
    """
    hits = articles(found)
    if not hits:
        return None
    first, others = hits[0], outside(found)
    own = float(release.localization(first.slug, lang) is not None)
    return {
        "score": min(first.score, 8.0),
        "margin": min(first.score - _score(hits[1:]), WIDEST),
        "inside": max(-WIDEST, min(first.score - _score(others), WIDEST)),
        "cosine": 20 * (found.top_cosine - 0.85),
        "asked": 20 * (first.asked - 0.88),
        "apart": 20 * (first.asked - others[0].asked) if others else 1.0,
        "own": own,
        "own_coverage": own * first.coverage,
        "elsewhere": float(elsewhere(question) is not None),
    }


def _score(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def confidence(found: SearchResult, question: str, lang: str, release: Release) -> float:
    """Return the probability (0 to 1) that the first article answers the question."""
    values = signals(found, question, lang, release)
    if values is None:
        return 0.0
    model = calibration().confidence
    total = model["intercept"] + sum(model[name] * value for name, value in values.items())
    return 1.0 / (1.0 + math.exp(-total))
