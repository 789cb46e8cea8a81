"""The suite ``figures``: is a wrong sentence told from a right one by its source.

Each line of ``cases/safety/figures.jsonl`` and ``figures-more.jsonl`` is a source, what a
model made of it, and whether that is right. *Recall* is of the wrong ones, *precision* of
those that were stopped; beside it what comparing bare numbers would have reached. What
stands in ``figures-tuning.jsonl`` may be read and is counted apart.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from evals.safety_cases import DEVELOPMENT, FOLDER, HALVES, half, read_lines
from knowledge.claims_comparison import compare
from knowledge.figures import figures
from knowledge.release import Release

TUNING = "figures-tuning"
"""The file whose lines are all for tuning; none of them counts in "all"."""


@dataclass(frozen=True, slots=True)
class FigureCase:
    """A sentence, its source, and whether it says what the source says.

    `kind` is what it is about, `made` who wrote it (``hand`` or ``script``), `batch` its file.
    """

    lang: str
    source: str
    answer: str
    ok: bool
    kind: str
    made: str
    batch: str = "figures"

    @property
    def half(self) -> str:
        """The half this case is in; all sentences of one source are in the same."""
        if self.batch == TUNING:
            return DEVELOPMENT
        return half(self.lang, self.source)


def figure_cases() -> list[FigureCase]:
    """Return the lines of every file."""
    return [
        FigureCase(**line, batch=batch)
        for batch in ("figures", "figures-more", TUNING)
        for line in read_lines(FOLDER / f"{batch}.jsonl")
    ]


def run(release: Release | None) -> dict[str, Any]:
    """Return, by half, precision and recall of what was stopped, and what went wrong.

    Failures are listed of the development half only. No article of `release` is read.
    """
    cases = figure_cases()
    for lang in {case.lang for case in cases}:
        compare("", "", lang)  # the patterns of a language are compiled once
    milliseconds: list[float] = []
    halves: dict[str, Any] = {}
    for name in HALVES:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        failures = []
        for case in (case for case in cases if case.half == name):
            started = time.perf_counter()
            found = compare(case.answer, case.source, case.lang)
            milliseconds.append((time.perf_counter() - started) * 1000)
            numbers = bool(figures(case.answer) - figures(case.source))
            if case.batch != TUNING:
                _count(counts["bare numbers"], stopped=numbers, ok=case.ok)
            groups = ("all", f"kind {case.kind}", f"lang {case.lang}", f"made by {case.made}")
            for group in (f"file {case.batch}", *(() if case.batch == TUNING else groups)):
                _count(counts[group], stopped=bool(found), ok=case.ok)
            if bool(found) == case.ok:
                said = [f"{one.kind}: {one.said}" for one in found]
                failures.append({"source": case.source, "answer": case.answer, "found": said})
        every = counts.pop("all")
        halves[name] = {
            "pairs": sum(case.half == name and case.batch != TUNING for case in cases),
            **_rates(every),
            "stopped though right": every[1],
            "wrong and not stopped": every[2],
            "by": {group: _rates(one) for group, one in sorted(counts.items())},
            "failures": failures if name == DEVELOPMENT else [],
        }
    return {
        "cases": len(cases),
        "median_ms": round(statistics.median(milliseconds), 3),
        "p99_ms": round(statistics.quantiles(milliseconds, n=100)[98], 3),
        "halves": halves,
    }


def _count(counted: list[int], *, stopped: bool, ok: bool) -> None:
    """Count into wrong and stopped, right and stopped, wrong and not stopped."""
    if stopped or not ok:
        counted[(1 if ok else 0) if stopped else 2] += 1


def _rates(counted: list[int]) -> dict[str, float | None]:
    """Precision and recall; None where nothing was there to be stopped."""
    hits, false, missed = counted
    return {
        "precision": round(hits / (hits + false), 4) if hits + false else None,
        "recall": round(hits / (hits + missed), 4) if hits + missed else None,
    }
