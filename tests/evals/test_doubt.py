"""What is said of the desk's doubts, of languages beside Japanese, and of peers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from evals.curves import auroc, risk_at, risk_coverage
from evals.doubt import measures
from evals.languages import beside_japanese
from evals.peers import Group, PeerError, ask, rankings
from evals.report_comparisons import languages_section, peers_section
from evals.results import Result, read_result


def row(case: str, confidence: float, right: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "case": case, "lang": "ja", "about": "a", "expect": "answer", "status": "answered",
        "right": right, "confidence": confidence, "first_right": right, "by_confidence": True,
        **more,
    }  # fmt: skip


def test_the_area_counts_pairs_and_halves_of_ties() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auroc([], [0.5]) is None


def test_a_pair_counts_as_much_as_its_weight() -> None:
    points = risk_coverage([(0.9, True), (0.8, False)], [3.0, 1.0])
    assert [(point.coverage, point.risk) for point in points] == [(0.75, 0.0), (1.0, 0.25)]
    assert risk_coverage([(0.9, True), (0.8, False)], [1.0, 1.0]) == risk_coverage(
        [(0.9, True), (0.8, False)]
    )
    assert risk_at(points, 0.8) == points[1]


def test_outside_and_inside_are_told_apart() -> None:
    cases = [
        row("a", 0.9),
        row("b", 0.4, right=False),
        row("c", 0.2, right=True, expect="abstain", first_right=False, status="abstained"),
        row("d", 0.99, by_confidence=False),
    ]
    found = measures(cases)
    assert found["decided"] == 3 and found["answerable"] == 2
    assert found["auroc_outside"] == 1.0
    assert found["risk_at_80_answerable"] == 0.5
    assert "lacking" not in found


def test_a_question_without_its_article_should_be_less_sure() -> None:
    cases = [row(name, 0.9) for name in "abcdefghi"]
    lost = [
        row("a", 0.95, right=False, status="answered"),
        row("b", 0.3, right=False, status="clarify"),
        row("c", 0.1, right=False, status="abstained"),
        row("gone", 0.1, right=False),
    ]
    found = measures(cases, lost)["lacking"]
    assert found["cases"] == 3
    assert found["answered"] == found["asked_back"] == found["abstained"] == 0.3333
    assert found["auroc"] == 0.6667
    # The surest is wrong and weighs a ninth; the three that stayed are right.
    assert found["risk_at_80"] == pytest.approx((1 / 9) / (3 + 1 / 9), abs=1e-4)


def test_a_language_is_set_beside_japanese_on_the_same_articles() -> None:
    cases = [
        row("1", 0.9, about="x"),
        row("2", 0.9, about="x", right=False),
        row("3", 0.9, about="x", lang="en"),
        row("4", 0.9, about="x", lang="en", right=False),
        row("5", 0.9, about="y", lang="en", right=False),
        row("6", 0.9, about="y", lang="th"),
    ]
    found = beside_japanese(cases)
    assert set(found) == {"en"}
    assert (found["en"].right, found["en"].cases, found["en"].japanese) == (1, 2, 0.5)
    assert found["en"].difference == 0 and not found["en"].sure


def test_the_report_names_a_language_that_lies_too_low() -> None:
    rows = [row("j", 0.9, about="x")]
    rows += [row(str(n), 0.9, about="x", lang="tl", right=n > 5) for n in range(10)]
    told = languages_section([Result("answers", "a", "2026-11-23", {"per_case": rows})])
    assert told is not None and told.headline == "more than 5 points under Japanese: tl"
    assert languages_section([Result("answers", "a", "2026-11-23", {})]) is None


def test_the_test_half_alone_tells_of_languages_where_it_is_there() -> None:
    worked_on = [row("j", 0.9), *(row(str(n), 0.9, lang="tl") for n in range(10))]
    untouched = [row("k", 0.9), row("l", 0.9, lang="tl", right=False)]
    both = [
        Result("answers", "a", "2026-11-23", {"per_case": worked_on, "file": "dev.jsonl"}),
        Result("answers", "b", "2026-11-23", {"per_case": untouched, "file": "test.jsonl"}),
    ]
    told = languages_section(both)
    assert told is not None and told.headline == "more than 5 points under Japanese: tl"
    assert "dev.jsonl" not in told.lead


def test_a_document_counts_once_by_its_best_row() -> None:
    group = Group(["r0", "r1", "r2"], ["a", "a", "b"], {"q": "?"})
    assert rankings([{"q": [1, 2, 0]}], [group]) == {"q": ["a", "b"]}


def test_a_peer_that_cannot_run_is_said_in_a_sentence(tmp_path: Path) -> None:
    group = Group(["r0"], ["a"], {"q": "?"})
    with pytest.raises(PeerError, match="txtai was not measured"):
        ask("txtai", str(tmp_path / "nothing"), tmp_path, [group])
    broken = tmp_path / "broken"
    broken.write_text(f"#!{sys.executable}\nraise SystemExit('no txtai here')\n")
    broken.chmod(0o755)
    with pytest.raises(PeerError, match="no txtai here"):
        ask("txtai", str(broken), tmp_path, [group])


def test_peers_have_a_section(tmp_path: Path) -> None:
    measured = dict.fromkeys(("hit@1", "hit@3", "hit@10", "recall@10", "ndcg@10"), 0.5)
    values = {
        "peers": {"madoguchi": {**measured, "hit@1": 0.7}, "txtai hybrid": measured},
        "over": "a corpus", "versions": {"txtai": "txtai 9"}, "missing": ["haystack was not."],
    }  # fmt: skip
    path = tmp_path / "p.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    told = peers_section(read_result(path))
    assert told.headline == "right article first: 70.0%, 50.0% by the best peer"
    assert "haystack was not." in told.lead and "txtai 9" in told.lead
