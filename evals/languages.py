"""`python -m evals languages FILE...`: each language beside Japanese, on the same articles.

The cases of two languages are not translations of each other, and some articles are harder
to ask for than others. So each case of a language is set beside the Japanese cases about
the same articles (or, where no article answers, with the same expectation), over all given
results of `evals answers` together; cases without a Japanese counterpart are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.curves import wilson
from evals.results import ResultsError, read_result

JAPANESE = "ja"

POINTS = 0.05
"""How far under Japanese a language may lie."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Right cases of a language, and the share of Japanese ones expected on the same articles."""

    right: int
    cases: int
    japanese: float

    @property
    def difference(self) -> float:
        """The share of the language less that of Japanese."""
        return self.right / self.cases - self.japanese

    @property
    def sure(self) -> bool:
        """Whether Japanese lies outside the 95 % interval of the language."""
        low, high = wilson(self.right, self.cases)
        return not low <= self.japanese <= high


def beside_japanese(cases: Sequence[Mapping[str, Any]]) -> dict[str, Beside]:
    """Return the comparison of each other language; `cases` are rows of ``per_case``."""
    japanese: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        if case["lang"] == JAPANESE:
            japanese[case["about"]].append(case["right"])
    matched: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for case in cases:
        if case["lang"] != JAPANESE and (same := japanese.get(case["about"])):
            matched[case["lang"]].append((case["right"], sum(same) / len(same)))
    return {
        lang: Beside(
            sum(right for right, _ in pairs),
            len(pairs),
            sum(expected for _, expected in pairs) / len(pairs),
        )
        for lang, pairs in sorted(matched.items())
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("files", type=Path, nargs="+", help="results of `evals answers --json`")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where a file is no result of answers with its cases."""
    cases: list[Mapping[str, Any]] = []
    try:
        for path in arguments.files:
            rows = read_result(path).values.get("per_case", ())
            if not rows or "about" not in rows[0]:
                raise ResultsError(f"{path.name} is no result of answers with its cases.")
            cases += rows
    except ResultsError as error:
        Console(stderr=True).print(f"[red]{error}", highlight=False)
        return 2
    found = beside_japanese(cases)
    if arguments.json:
        told = {
            lang: {**asdict(one), "difference": round(one.difference, 4), "sure": one.sure}
            for lang, one in found.items()
        }
        print(json.dumps(told, indent=1))
        return 0
    table = Table("language", "right", "Japanese", "difference", "beyond chance", "cases")
    for lang, one in found.items():
        table.add_row(
            lang,
            f"{one.right / one.cases:.1%}",
            f"{one.japanese:.1%}",
            f"{100 * one.difference:+.1f}",
            "yes" if one.sure else "no",
            str(one.cases),
        )
    Console().print(table)
    return 0
