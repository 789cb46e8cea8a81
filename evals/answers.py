"""`python -m evals answers`: are the answers right, over the cases of a file.

A case is one JSON line ``{"lang", "text", "expect", "slugs", "facts"}``, with
``"after": [...]`` for the earlier questions of the same conversation. It counts
as right when the status is the expected one and, for ``answer``, one of the
slugs is the first source and every string of ``facts`` stands in the answer.
Of every case the JSON also has how sure the desk was, under ``per_case``, without
its words: they stand in ``failures`` only. With ``--lacking`` every question that has an
answer is asked once more while its articles are taken away (`evals.lacking`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import statistics
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.answer import STEPS, Desk, Question, Step
from assistant.blocks import Answer
from assistant.composition import Installation
from assistant.conversation import Conversations
from assistant.settings import Settings
from evals.decisions import Decision, Watch
from evals.doubt import measures
from evals.lacking import without
from evals.provenance import provenance
from evals.results import leaves
from knowledge.release import Release
from knowledge.store import Store

STATUS = {
    "answer": "answered",
    "clarify": "clarify",
    "abstain": "abstained",
    "handoff": "handoff",
    "emergency": "emergency",
}

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is expected of its answer."""

    lang: str
    text: str
    expect: str
    slugs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    line: int = 0

    @property
    def name(self) -> str:
        """What this case is known by in results of other days, whatever its line then."""
        words = "\n".join((self.lang, *self.after, self.text))
        return hashlib.sha256(words.encode()).hexdigest()[:12]

    @property
    def about(self) -> str:
        """What cases of several languages have in common: their articles, or the expectation."""
        topic = " ".join(sorted(self.slugs)) if self.expect == "answer" else ""
        return hashlib.sha256(f"{self.expect} {topic}".encode()).hexdigest()[:12]


@dataclass(slots=True)
class Tally:
    """Right and all, of one group of cases."""

    right: int = 0
    cases: int = 0

    def accuracy(self) -> float:
        """Return the share that is right."""
        return round(self.right / self.cases, 4) if self.cases else 0.0


@dataclass(slots=True)
class Outcome:
    """What the cases of one file came to."""

    all: Tally = field(default_factory=Tally)
    by_expect: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_lang: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    failures: list[dict[str, Any]] = field(default_factory=list)
    per_case: list[dict[str, Any]] = field(default_factory=list)
    lacking: list[dict[str, Any]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as the contract names it."""
        return {
            "accuracy": self.all.accuracy(),
            "cases": self.all.cases,
            "by_expect": _groups(self.by_expect),
            "by_lang": _groups(self.by_lang),
            "median_ms": round(statistics.median(self.milliseconds), 1)
            if self.milliseconds
            else None,
            "confidence": measures(self.per_case, self.lacking),
            "failures": self.failures,
            "per_case": self.per_case,
        }


def _groups(tallies: dict[str, Tally]) -> dict[str, dict[str, float]]:
    return {
        name: {"accuracy": tally.accuracy(), "cases": tally.cases}
        for name, tally in sorted(tallies.items())
    }


def read_cases(path: Path) -> list[Case]:
    """Read the cases of a JSON Lines file; ValueError names a line that is none."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if entry["expect"] not in STATUS:
                raise ValueError(f"unknown expectation {entry['expect']!r}")
            cases.append(
                Case(
                    entry["lang"],
                    entry["text"],
                    entry["expect"],
                    tuple(entry.get("slugs", ())),
                    tuple(entry.get("facts", ())),
                    tuple(entry.get("after", ())),
                    number,
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return cases


def fold(text: str) -> str:
    """Return `text` as facts are compared: NFKC, case-folded, no spaces, commas or dots."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in folded if not ch.isspace() and ch not in ",.，．")


def judge(case: Case, answer: Answer) -> str | None:
    """Return why `answer` is wrong, or None where it is right."""
    if answer.status != STATUS[case.expect]:
        return f"status {answer.status}"
    if case.expect != "answer":
        return None
    first = answer.sources[0].slug if answer.sources else None
    if case.slugs and first not in case.slugs:
        return f"source {first}"
    words = fold(answer.answer)
    missing = [fact for fact in case.facts if fold(fact) not in words]
    return f"missing {missing}" if missing else None


def evaluate(
    desk: Desk, cases: Sequence[Case], *, hint: bool = True, watch: Watch | None = None
) -> Outcome:
    """Ask every case in a conversation of its own and judge the answers.

    `watch`, whose steps `desk` runs, adds how sure the desk was.
    """
    outcome = Outcome()
    for case in _tracked(cases):
        conversation = secrets.token_urlsafe(12)
        lang = case.lang if hint else None
        for earlier in case.after:
            desk.answer(Question(earlier, lang, conversation))
        if watch:
            watch.taken()
        started = time.perf_counter()
        answer = desk.answer(Question(case.text, lang, conversation))
        outcome.milliseconds.append((time.perf_counter() - started) * 1000)
        why = judge(case, answer)
        outcome.per_case.append(_measured(case, answer, why, watch.taken() if watch else None))
        for tally in (outcome.all, outcome.by_expect[case.expect], outcome.by_lang[case.lang]):
            tally.cases += 1
            tally.right += why is None
        if why is not None:
            outcome.failures.append(
                {
                    "line": case.line,
                    "lang": case.lang,
                    "text": case.text,
                    "after": list(case.after),
                    "expect": case.expect,
                    "slugs": list(case.slugs),
                    "why": why,
                    "sources": [source.slug for source in answer.sources],
                }
            )
    return outcome


def _measured(
    case: Case, answer: Answer, why: str | None, decision: Decision | None
) -> dict[str, Any]:
    """Return what is known of one case; no `confidence` where nothing was searched."""
    return {
        "case": case.name,
        "about": case.about,
        "line": case.line,
        "lang": case.lang,
        "expect": case.expect,
        "status": answer.status,
        "right": why is None,
        "source": answer.sources[0].slug if answer.sources else None,
        "source_right": bool(answer.sources) and answer.sources[0].slug in case.slugs,
        "confidence": round(decision.confidence, 4) if decision else None,
        "first_right": decision is not None
        and case.expect == "answer"
        and decision.first in case.slugs,
        "by_confidence": decision is not None and decision.decided,
    }


def ask_lacking(
    release: Release, cases: Sequence[Case], *, hint: bool = True
) -> list[dict[str, Any]]:
    """Ask every answerable case, outside a conversation, of a desk that lacks its articles."""
    asked = [case for case in cases if case.expect == "answer" and case.slugs and not case.after]
    # One release for all cases of the same articles: the desk remembers words by release.
    asked.sort(key=lambda case: case.slugs)
    found = []
    for slugs, group in groupby(_tracked(asked), key=lambda case: case.slugs):
        left, watch = without(release, slugs), Watch()
        desk = _desk(lambda left=left: left, watch.steps)  # type: ignore[misc]
        for case in group:
            answer = desk.answer(Question(case.text, case.lang if hint else None))
            found.append(_measured(case, answer, judge(case, answer), watch.taken()))
    return found


def _tracked(cases: Sequence[Case]) -> Iterable[Case]:
    return track(cases, description="asking", console=errors, transient=True)


def desk_of(installation: Installation, steps: Sequence[tuple[str, Step]] = STEPS) -> Desk:
    """Return a desk on the current release that keeps its conversations in memory only."""
    return _desk(installation.live.get, steps)


def _desk(release: Callable[[], Release], steps: Sequence[tuple[str, Step]]) -> Desk:
    conversations = Conversations(Store.open("sqlite://"), timedelta(hours=1))
    return Desk(release, conversations, steps)


def show(outcome: Outcome, console: Console) -> None:
    """Print the outcome as tables for people."""
    for title, tallies in (("expectation", outcome.by_expect), ("language", outcome.by_lang)):
        table = Table(title=f"by {title}")
        table.add_column(title)
        table.add_column("right", justify="right")
        table.add_column("cases", justify="right")
        for name, tally in sorted(tallies.items()):
            table.add_row(name, f"{tally.accuracy():.1%}", str(tally.cases))
        console.print(table)
    for failure in outcome.failures:
        console.print(
            f"line {failure['line']} {failure['lang']} «{failure['text']}»: {failure['why']}, "
            f"expected {failure['expect']} {failure['slugs']}",
            markup=False,
        )
    table = Table("how sure it was", "value")
    for name, value in leaves(outcome.as_json()["confidence"]):
        table.add_row(name.replace("_", " "), "–" if value is None else f"{value:.4g}")
    console.print(table)
    console.print(f"{outcome.all.accuracy():.1%} of {outcome.all.cases} right")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--cases", type=Path, required=True, help="JSON Lines file of cases")
    parser.add_argument(
        "--no-hint", action="store_true", help="do not tell the desk the language of the page"
    )
    parser.add_argument(
        "--lacking",
        action="store_true",
        help="ask what has an answer once more, while its articles are taken away",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 0 whatever the accuracy."""
    cases = read_cases(arguments.cases)
    installation = Installation(Settings())
    outcome = measured(installation, cases, hint=not arguments.no_hint)
    if arguments.lacking:
        release = installation.live.get()
        outcome.lacking = ask_lacking(release, cases, hint=not arguments.no_hint)
    if arguments.json:
        print(
            json.dumps(report(outcome, installation, arguments.cases), ensure_ascii=False, indent=1)
        )
    else:
        show(outcome, Console())
    return 0


def measured(installation: Installation, cases: Sequence[Case], *, hint: bool = True) -> Outcome:
    """Ask a watched desk of `installation`."""
    watch = Watch()
    return evaluate(desk_of(installation, watch.steps), cases, hint=hint, watch=watch)


def report(outcome: Outcome, installation: Installation, cases: Path) -> dict[str, Any]:
    """Return the outcome with the name of its file and what it was measured with."""
    made = {**provenance(), "model": installation.embedder.name}
    return {**outcome.as_json(), "file": cases.name, "run": made}
