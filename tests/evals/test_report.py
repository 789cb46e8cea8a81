"""The report page, and what it must not show."""

from __future__ import annotations

import argparse
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evals import report
from evals.curves import brier, calibration_error, reliability, risk_at, risk_coverage, wilson
from evals.plots import Bar, bars, reliability_curve, risk_curve
from evals.results import ResultsError, read_result, read_results

HOSTILE = "<script>alert('転入')</script>"


def answers(file: str = "dev.jsonl") -> dict[str, Any]:
    cases = [
        {"case": f"c{number}", "line": number, "lang": "ja", "expect": "answer",
         "status": "answered", "right": number != 3, "source": "moving-in",
         "source_right": number != 3, "confidence": 1 - number / 10,
         "first_right": number != 3, "by_confidence": True}
        for number in range(1, 5)
    ]  # fmt: skip
    group = {"accuracy": 0.75, "cases": 4}
    failure = {"line": 3, "lang": "ja", "text": HOSTILE, "after": ["前"], "expect": "answer",
               "slugs": ["moving-out"], "why": "source moving-in"}  # fmt: skip
    return {**group, "by_expect": {"answer": group}, "by_lang": {"ja": group},
            "failures": [failure], "per_case": cases, "file": file}  # fmt: skip


def made(folder: Path, *names: str, **options: Any) -> str:
    out = folder / "page.html"
    chosen = {"folder": folder, "out": out, "quick": False, "json": False, **options}
    assert report.run(argparse.Namespace(**chosen)) == 0
    return out.read_text(encoding="utf-8") if out.exists() else ""


def saved(folder: Path, name: str, values: object) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


class Loads(HTMLParser):
    """Collects whatever a page would load, and its open tags."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.loaded += [str(given[name]) for name in ("src", "srcset") if name in given]
        self.loaded += [str(given["href"])] if tag == "link" else []
        self.names += [str(given["id"])] if "id" in given else []


def test_the_page_holds_everything_and_runs_nothing(tmp_path: Path) -> None:
    saved(tmp_path, "answers", answers())
    page = made(tmp_path)
    read = Loads()
    read.feed(page)
    assert not read.loaded and "script" not in read.tags and "url(" not in page
    assert read.tags.count("svg") == 4 == read.tags.count("desc")
    assert len(set(read.names)) == len(read.names)
    assert "75.0% of 4 (30.1% to 95.4%)" in page


def test_failures_of_development_cases_are_listed_as_text(tmp_path: Path) -> None:
    saved(tmp_path, "answers", answers())
    page = made(tmp_path)
    assert "前 → &lt;script&gt;" in page and HOSTILE not in page


@pytest.mark.parametrize("file", ["test.jsonl", "dev-held.jsonl", "unknown.jsonl"])
def test_failures_of_other_cases_are_not(tmp_path: Path, file: str) -> None:
    saved(tmp_path, "answers", answers(file))
    page = made(tmp_path)
    assert "75.0% of 4" in page
    assert "alert" not in page and "moving-out" not in page


def test_nor_are_they_in_its_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(tmp_path, "answers", answers("test.jsonl"))
    made(tmp_path, json=True)
    data = capsys.readouterr().out
    assert "alert" not in data
    assert json.loads(data)["sections"][0]["failures"] is None


def test_an_answers_result_without_a_file_is_not_listed(tmp_path: Path) -> None:
    values = answers()
    del values["file"], values["per_case"]
    saved(tmp_path, "answers", values)
    assert "alert" not in made(tmp_path)


def test_every_suite_has_a_section(tmp_path: Path) -> None:
    rates = {"recall": 0.9, "noticed": 1.0, "emergencies": 10, "false_alarms": 0}
    halves = {"development": {**rates, "by_lang": {"ja": rates}}, "test": rates}
    saved(tmp_path, "s", {"care": {"cases": 20, "halves": halves}})
    saved(tmp_path, "r", {"ndcg@10": 0.68, "recall@10": 0.8})
    half = {"conversations": 2, "fields": 10, "fields_right": 0.9, "fields_mistaken": 1,
            "fields_invented": 0}  # fmt: skip
    wrong = [{"form": "moving-in", "lang": "ja", "field": "name", "wanted": "A", "found": None}]
    saved(tmp_path, "f", {**half, "source": "text", "by_half": {"dev": half}, "wrong": wrong})
    voice = {"error": 0.1, "understood": True, "first_sound_s": {"median": 0.3}}
    saved(tmp_path, "v", {"ja": voice})
    saved(tmp_path, "l", {"rates": [{"rate": 10, "lost": 0, "p95_ms": 48.5}], "resident_mb": 900})
    saved(tmp_path, "e", {"edits": 5, "seconds_median": 1.6})
    saved(tmp_path, "u", {"planted": 12, "rank": 1})
    saved(tmp_path, "p", {"synthesised": {"clean": {"cer": 0.08}}})
    saved(tmp_path, "a", answers())
    results, left_out = read_results(tmp_path)
    assert not left_out
    assert [result.suite for result in results] == [
        "answers", "safety", "retrieval", "forms", "speech", "voices", "unanswered", "load", "edit"
    ]  # fmt: skip
    page = made(tmp_path)
    assert "emergencies, right number: 90.0% of 10" in page
    assert "48.5" in page and "recall@10: 0.8" in page


def test_what_is_no_result_is_named_and_left_out(tmp_path: Path) -> None:
    saved(tmp_path, "answers", answers())
    saved(tmp_path, "other", {"some": "thing"})
    (tmp_path / "torn.json").write_text('{"accuracy": ', encoding="utf-8")
    page = made(tmp_path)
    assert "other.json is no result of a suite." in page
    assert "torn.json cannot be read" in page


def test_nothing_to_report_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = argparse.Namespace(
        folder=tmp_path, out=tmp_path / "page.html", quick=False, json=False
    )
    assert report.run(chosen) == 2
    assert "nothing to report" in capsys.readouterr().err
    assert not chosen.out.exists()


def test_a_list_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no result of a suite"):
        read_result(saved(tmp_path, "list", [1, 2]))


def test_wilsons_interval_is_that_of_the_books() -> None:
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(1)
    assert wilson(0, 0) == (0.0, 1.0)


def test_an_honest_confidence_has_no_error_and_a_boastful_one_has() -> None:
    honest = [(0.8, True)] * 8 + [(0.8, False)] * 2
    assert calibration_error(reliability(honest, 1)) == pytest.approx(0)
    assert brier(honest) == pytest.approx(0.16)
    boastful = [(1.0, False)] * 10
    assert calibration_error(reliability(boastful)) == 1 == brier(boastful)
    assert reliability([]) == [] and calibration_error([]) == 0


def test_every_pair_is_in_one_group() -> None:
    pairs = [(number / 23, number % 2 == 0) for number in range(23)]
    groups = reliability(pairs)
    assert len(groups) == 10 and sum(each.cases for each in groups) == 23
    assert sum(each.right for each in groups) == 12


def test_the_surest_are_answered_first_and_equals_together() -> None:
    points = risk_coverage([(0.9, True), (0.5, False), (0.5, True), (0.1, False)])
    assert [(point.coverage, round(point.risk, 3)) for point in points] == [
        (0.25, 0.0),
        (0.75, 0.333),
        (1.0, 0.5),
    ]
    found = risk_at(points, 0.5)
    assert found is not None and found.coverage == 0.75
    assert risk_at([], 0.5) is None


def test_plots_escape_names_and_tell_in_words_what_they_show() -> None:
    plot = bars("A & B", [Bar(HOSTILE, 3, 4)])
    assert "<script" not in plot and "A &amp; B" in plot and "3 of 4" in plot
    pairs = [(0.9, True), (0.2, False)]
    assert "stated 90%, true 100% of 1" in reliability_curve("R", reliability(pairs, 2))
    told = risk_curve("K", risk_coverage(pairs), (0.5, 0.0), 0.05)
    assert "At full coverage 50.0% are wrong; the desk answers 50% with 0.0% wrong" in told
