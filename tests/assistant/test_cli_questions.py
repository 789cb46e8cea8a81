"""Golden questions come in from files, all of them or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli_questions import app
from knowledge.store import Store

CASE = {"lang": "ja", "text": "いつまで", "expect": "answer", "slugs": ["moving-in"], "facts": []}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MADOGUCHI_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def kept(data: Path) -> int:
    with Store.open(f"sqlite:///{data}/madoguchi.db") as store:
        return store.golden_count()


def write(folder: Path, *lines: object) -> str:
    file = folder / "cases.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return str(file)


def test_questions_are_kept_without_those_that_follow_up(data: Path, tmp_path: Path) -> None:
    follow_up = {**CASE, "text": "いくら", "after": ["転入届"]}
    run = CliRunner().invoke(app, [write(tmp_path, CASE, follow_up)])
    assert run.exit_code == 0, run.output
    assert kept(data) == 1


@pytest.mark.parametrize("wrong", [{"lang": "ja"}, {**CASE, "expect": "?"}, [], 1])
def test_a_line_that_is_no_question_keeps_nothing(
    data: Path, tmp_path: Path, wrong: object
) -> None:
    run = CliRunner().invoke(app, [write(tmp_path, CASE, wrong)])
    assert run.exit_code == 1 and ":2" in run.output
    assert kept(data) == 0
