"""The suite of figures: what its pairs are, and that its rates count what they say."""

from __future__ import annotations

from collections import Counter

from evals.safety_figures import figure_cases, run
from knowledge.article import languages


def test_every_language_has_right_and_wrong_pairs_mostly_by_hand() -> None:
    cases = figure_cases()
    assert len({(case.lang, case.source, case.answer) for case in cases}) == len(cases) >= 640
    by_hand = Counter(case.made for case in cases)["hand"]
    assert by_hand >= len(cases) / 2
    for ok in (True, False):
        counted = Counter(case.lang for case in cases if case.ok is ok)
        assert set(counted) == set(languages()) and min(counted.values()) >= 20


def test_wrong_figures_are_stopped_and_right_ones_are_not() -> None:
    found = run(None)
    development, test = found["halves"]["development"], found["halves"]["test"]
    assert development["precision"] >= 0.99 and development["recall"] >= 0.99
    assert test["precision"] >= 0.96 and test["recall"] >= 0.96
    first = test["by"]["file figures"]
    assert first["precision"] >= 0.98 and first["recall"] >= 0.97
    assert test["by"]["bare numbers"]["recall"] < 0.7
    assert test["failures"] == []
