"""Saved results of the suites: which suite wrote a file is told by its keys, not its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.answer import JAPAN
from evals.safety import SUITES

READABLE = ("dev.jsonl", "dev-more.jsonl", "dev-fresh.jsonl")
"""Files of cases whose failures may be read; of all others only numbers are shown."""


class ResultsError(Exception):
    """A result that cannot be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one suite printed as JSON, and the day that its file was written."""

    suite: str
    name: str
    day: str
    values: dict[str, Any]

    @property
    def readable(self) -> bool:
        """Whether the failures of `values` may be shown."""
        return self.suite != "answers" or self.values.get("file") in READABLE


def _voices(values: Mapping[str, Any]) -> bool:
    return bool(values) and all(
        isinstance(row, dict) and "understood" in row for row in values.values()
    )


_SIGNS: tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...] = (
    ("answers", lambda values: "by_expect" in values),
    ("peers", lambda values: "peers" in values and "over" in values),
    ("retrieval", lambda values: "ndcg@10" in values or "p@1" in values),
    ("forms", lambda values: "fields_right" in values),
    ("unanswered", lambda values: "planted" in values),
    ("edit", lambda values: "edits" in values),
    ("speech", lambda values: "synthesised" in values or "false_text" in values),
    ("load", lambda values: "rates" in values),
    ("voices", _voices),
    ("safety", lambda values: bool(values) and set(values) <= set(SUITES)),
)

ORDER = (
    "answers", "safety", "retrieval", "peers", "forms", "speech", "voices", "unanswered",
    "load", "edit",
)  # fmt: skip
"""In which order the suites are told of."""


def suite_of(values: object) -> str | None:
    """Return the suite that printed `values`, or None where it is none of them."""
    if not isinstance(values, dict):
        return None
    return next((name for name, fits in _SIGNS if fits(values)), None)


def read_result(path: Path) -> Result:
    """Read one result; ResultsError where the file is no JSON or of no suite."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        written = path.stat().st_mtime
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path.name} cannot be read: {error}") from error
    suite = suite_of(values)
    if suite is None:
        raise ResultsError(f"{path.name} is no result of a suite.")
    return Result(suite, path.stem, f"{datetime.fromtimestamp(written, JAPAN):%Y-%m-%d}", values)


def read_results(folder: Path) -> tuple[list[Result], list[str]]:
    """Return the results of a folder, in the order of the suites, and why files were left out."""
    found, left_out = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(read_result(path))
        except ResultsError as error:
            left_out.append(str(error))
    found.sort(key=lambda result: (ORDER.index(result.suite), result.name))
    return found, left_out


def leaves(values: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Return every single value with the keys that lead to it, lists left out."""
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        where = f"{path}{name}"
        if isinstance(value, dict):
            found += leaves(value, f"{where} › ")
        elif not isinstance(value, list):
            found.append((where, value))
    return found
