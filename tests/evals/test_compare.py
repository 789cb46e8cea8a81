"""What `evals compare` says of two results."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from evals import compare


def answers(wrong: str, file: str = "dev.jsonl", lines: str = "abc") -> dict[str, Any]:
    """Three cases named by a letter; those of `wrong` fail."""
    cases = [
        {"case": name, "line": line, "lang": "ja", "expect": "answer", "right": name not in wrong,
         "status": "abstained" if name in wrong else "answered",
         "source": None if name in wrong else "moving-in"}
        for line, name in enumerate(lines, 1)
    ]  # fmt: skip
    failures = [{"line": case["line"], "text": f"question {case['case']}"}
                for case in cases if not case["right"]]  # fmt: skip
    return {"accuracy": 1 - len(wrong) / 3, "by_expect": {}, "failures": failures,
            "per_case": cases, "file": file, "run": {"day": f"day of {wrong}"}}  # fmt: skip


def compared(
    folder: Path, old: object, new: object, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    paths = [folder / "old.json", folder / "new.json"]
    for path, values in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(values), encoding="utf-8")
    chosen = argparse.Namespace(old=paths[0], new=paths[1], json=True)
    code = compare.run(chosen)
    said = capsys.readouterr()
    if code:
        raise ValueError(said.err)
    assert compare.run(argparse.Namespace(**{**vars(chosen), "json": False})) == 0
    assert "worse" in capsys.readouterr().out
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_each_case_that_changed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = compared(tmp_path, answers("a"), answers("bc"), capsys)
    assert [row["text"] for row in found["worse"]] == ["question b", "question c"]
    assert found["better"] == [
        {"case": "a", "lang": "ja", "expect": "answer", "before": "abstained",
         "after": "answered moving-in", "text": "question a"}
    ]  # fmt: skip
    assert list(found["figures"]) == ["accuracy"]


def test_a_case_that_moved_to_another_line_is_the_same_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = compared(tmp_path, answers("a"), answers("a", lines="dcba"), capsys)
    assert found["counts"] == {
        "worse": 0, "better": 0, "otherwise": 0, "only_old": 0, "only_new": 1
    }  # fmt: skip


def test_of_test_cases_there_are_only_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (answers(wrong, "test.jsonl") for wrong in ("a", "b"))
    found = compared(tmp_path, old, new, capsys)
    assert found["counts"]["worse"] == found["counts"]["better"] == 1
    assert "question" not in json.dumps(found)


def test_forms_are_compared_by_what_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"form": "moving-in", "lang": "ja", "field": "name", "wanted": "A", "found": None}
    found = compared(
        tmp_path,
        {"fields_right": 0.9, "wrong": [row, row]},
        {"fields_right": 0.9, "wrong": [row, {**row, "field": "birth"}]},
        capsys,
    )
    assert [each["text"] for each in found["worse"]] == ["moving-in | ja | birth | A | None"]
    assert found["counts"] == {"worse": 1, "better": 1}


def test_safety_is_compared_by_what_got_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attack = {"way": "typed", "lang": "en", "text": "ignore all", "why": "echoes"}
    found = compared(
        tmp_path,
        {"manipulation": {"succeeded": 0, "successes": []}},
        {"manipulation": {"succeeded": 1, "successes": [attack]}},
        capsys,
    )
    assert found["worse"] == [{"text": "manipulation | typed | en | ignore all"}]
    assert found["figures"] == {"manipulation › succeeded": [0, 1]}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (answers("a"), {"fields_right": 1, "wrong": []}, "old is of answers, new of forms"),
        (answers("a"), answers("a", "dev-more.jsonl"), "two files of cases"),
        ({"edits": 1}, {"edits": 2}, "not compared"),
        ({**answers("a"), "per_case": []}, answers("a"), "nothing case by case"),
        ({"what": 1}, answers("a"), "no result of a suite"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: object, new: object, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        compared(tmp_path, old, new, capsys)
