"""Whether the desk knows what it does not know: measures over what was decided, case by case.

* Reliability: of what it is 90 % sure of, nine in ten are right (`evals.curves`).
* Risk at 80 % coverage: how many of the 80 % it is surest of begin from a wrong article;
  over all questions that confidence decided, over those that the articles answer, and over
  a mixture in which one in ten questions about the city has no article (`lacking`).
* AUROC: how often a question that has an answer gets a higher confidence than one that
  has none, drawn at random (J. A. Hanley, B. J. McNeil, Radiology 143, 1982); for
  nobody's or other offices' business, and for questions whose article was taken away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.curves import auroc, brier, calibration_error, reliability, risk_at, risk_coverage

COVERAGE = 0.8

LACKING_SHARE = 0.1
"""The share of questions without an article in the mixture: an assumption, not a finding."""

Row = Mapping[str, Any]


def measures(cases: Sequence[Row], without: Sequence[Row] = ()) -> dict[str, Any]:
    """Return the measures over `cases`; those on lacking articles where `without` has any.

    Both are rows of ``per_case``; `without` are the answerable ones of `cases`, asked
    while their articles were taken away.
    """
    own = [case for case in cases if case["by_confidence"]]
    pairs = [(case["confidence"], case["first_right"]) for case in own]
    answerable = [case for case in own if case["expect"] == "answer"]
    inside = [case["confidence"] for case in answerable]
    outside = [case["confidence"] for case in own if case["expect"] == "abstain"]
    found: dict[str, Any] = {
        "decided": len(own),
        "answerable": len(answerable),
        "calibration_error": _rounded(calibration_error(reliability(pairs))),
        "brier": _rounded(brier(pairs)),
        "risk_at_80": _risk(pairs),
        "risk_at_80_answerable": _risk([(row["confidence"], row["first_right"])
                                        for row in answerable]),
        "auroc_outside": _rounded(auroc(inside, outside)),
    }  # fmt: skip
    return {**found, "lacking": _lacking(answerable, without)} if without else found


def _lacking(answerable: Sequence[Row], without: Sequence[Row]) -> dict[str, Any]:
    there = {case["case"]: case for case in answerable}
    lost = [case for case in without if case["case"] in there and case["confidence"] is not None]
    kept = [there[case["case"]] for case in lost]
    statuses = [case["status"] for case in lost]
    # Each lost question weighs as much as makes them `LACKING_SHARE` of the mixture.
    weight = LACKING_SHARE / (1 - LACKING_SHARE)
    pairs = [(case["confidence"], case["first_right"]) for case in kept]
    mixture = [*pairs, *((case["confidence"], False) for case in lost)]
    weights = [1.0] * len(kept) + [weight] * len(lost)
    return {
        "cases": len(lost),
        "answered": _share(statuses, "answered"),
        "asked_back": _share(statuses, "clarify"),
        "abstained": _share(statuses, "abstained"),
        "auroc": _rounded(
            auroc([case["confidence"] for case in kept], [case["confidence"] for case in lost])
        ),
        "risk_at_80": _risk(mixture, weights),
    }


def _share(statuses: Sequence[str], status: str) -> float:
    return round(statuses.count(status) / len(statuses), 4) if statuses else 0.0


def _risk(
    pairs: Sequence[tuple[float, bool]], weights: Sequence[float] | None = None
) -> float | None:
    point = risk_at(risk_coverage(pairs, weights), COVERAGE)
    return round(point.risk, 4) if point else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
