"""The cases of `evals/cases/safety`, and which half of them one is in.

The half is a property of the text alone (a bit of its SHA-256), so that a case
never moves: the development half may be looked at and tuned on, the test half
is for measuring.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases" / "safety"

DEVELOPMENT = "development"
TEST = "test"
HALVES = (DEVELOPMENT, TEST)


def half(lang: str, text: str) -> str:
    """Return ``development`` or ``test``, by the first byte of SHA-256 of both."""
    first = hashlib.sha256(f"{lang}\n{text}".encode()).digest()[0]
    return TEST if first % 2 else DEVELOPMENT


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file; ValueError names a line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(json.loads(line))
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return found


@dataclass(frozen=True, slots=True)
class CareCase:
    """What somebody says, and the kind of emergency it tells of (``none`` for no one)."""

    lang: str
    text: str
    expect: str
    form: str

    @property
    def half(self) -> str:
        """The half this case is in."""
        return half(self.lang, self.text)


def care_cases(name: str = "care") -> list[CareCase]:
    """Return the lines of ``care.jsonl``, or of another file by its name."""
    return [CareCase(**line) for line in read_lines(FOLDER / f"{name}.jsonl")]


def care_tuning() -> list[CareCase]:
    """Return the cases that may be tuned on: the development halves and two whole files."""
    halved = [*care_cases(), *care_cases("care-fresh")]
    own = [case for case in halved if case.half == DEVELOPMENT]
    return own + care_cases("care-more") + care_cases("care-wide")
