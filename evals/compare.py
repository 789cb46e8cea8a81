"""`python -m evals compare OLD.json NEW.json`: what changed between two results of one suite.

Answers are compared case by case, whatever line a case stands in; the words of a case
are shown of development files only. Of forms and safety what came to fail and what no
longer does is shown, of their development halves, and every figure that changed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.results import Result, ResultsError, leaves, read_result

COMPARED = ("answers", "forms", "safety")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("old", type=Path, help="a saved result")
    parser.add_argument("new", type=Path, help="a later one of the same suite")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where the two cannot be compared."""
    try:
        found = compare(read_result(arguments.old), read_result(arguments.new))
    except ResultsError as error:
        Console(stderr=True).print(f"[red]{error}", highlight=False)
        return 2
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found, Console())
    return 0


def compare(old: Result, new: Result) -> dict[str, Any]:
    """Return what changed; ResultsError where the two are not of one suite that is compared."""
    if old.suite != new.suite:
        raise ResultsError(f"{old.name} is of {old.suite}, {new.name} of {new.suite}.")
    if old.suite not in COMPARED:
        raise ResultsError(f"Results of {old.suite} are not compared, only of {COMPARED}.")
    if old.values.get("file") != new.values.get("file"):
        raise ResultsError(
            f"{old.name} is over {old.values.get('file')}, {new.name} over "
            f"{new.values.get('file')}: two files of cases."
        )
    found = {"suite": old.suite, "figures": _figures(old.values, new.values)}
    if old.suite == "answers":
        return {**found, **_answers(old, new)}
    return {**found, **_failures(_failed(old), _failed(new))}


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Every figure that changed, by name; what something was measured with is none."""
    before, after = (
        dict(leaves({name: value for name, value in values.items() if name != "run"}))
        for values in (old, new)
    )
    return {
        name: [before.get(name), after.get(name)]
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def _answers(old: Result, new: Result) -> dict[str, Any]:
    before, after = _by_case(old), _by_case(new)
    texts = _texts(old) | _texts(new)
    both = [name for name in before if name in after]

    def told(names: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {
                "case": name,
                "lang": after[name]["lang"],
                "expect": after[name]["expect"],
                "before": _short(before[name]),
                "after": _short(after[name]),
                "text": texts.get(name, ""),
            }
            for name in names
        ]

    worse = [name for name in both if before[name]["right"] and not after[name]["right"]]
    better = [name for name in both if after[name]["right"] and not before[name]["right"]]
    other = [
        name
        for name in both
        if name not in {*worse, *better} and _short(before[name]) != _short(after[name])
    ]
    readable = old.readable and new.readable
    return {
        "cases": len(both),
        "worse": told(worse) if readable else [],
        "better": told(better) if readable else [],
        "otherwise": told(other) if readable else [],
        "counts": {
            "worse": len(worse),
            "better": len(better),
            "otherwise": len(other),
            "only_old": len(before) - len(both),
            "only_new": len(after) - len(both),
        },
    }


def _by_case(result: Result) -> dict[str, dict[str, Any]]:
    cases = result.values.get("per_case")
    if not cases:
        raise ResultsError(f"{result.name} has nothing case by case: it is of an older version.")
    return {case["case"]: case for case in cases}


def _texts(result: Result) -> dict[str, str]:
    """The words of the cases that failed, by the case's name."""
    lines = {case["line"]: case["case"] for case in result.values["per_case"]}
    return {
        lines[row["line"]]: " → ".join((*row.get("after", ()), row["text"]))
        for row in result.values["failures"]
        if row["line"] in lines
    }


def _short(case: Mapping[str, Any]) -> str:
    return f"{case['status']} {case['source'] or ''}".strip()


def _failed(result: Result) -> list[str]:
    """What failed in the development halves of forms or safety, one line each."""
    if result.suite == "forms":
        rows = result.values["wrong"]
        keys = ("form", "lang", "field", "wanted", "found")
        return [" | ".join(str(row[key]) for key in keys) for row in rows]
    return [
        " | ".join((suite, str(row.get("way", "")), str(row.get("lang", "")), row["text"]))
        for suite, counted in result.values.items()
        for row in counted.get("successes", [])
    ]


def _failures(old: Iterable[str], new: Iterable[str]) -> dict[str, Any]:
    before, after = Counter(old), Counter(new)
    worse, better = sorted((after - before).elements()), sorted((before - after).elements())
    return {
        "worse": [{"text": line} for line in worse],
        "better": [{"text": line} for line in better],
        "counts": {"worse": len(worse), "better": len(better)},
    }


def show(found: Mapping[str, Any], console: Console) -> None:
    """Print the figures that changed, then the cases."""
    table = Table("figure", "before", "after")
    for name, (before, after) in found["figures"].items():
        table.add_row(name, str(before), str(after))
    console.print(table if found["figures"] else "No figure changed.")
    for group in ("worse", "better", "otherwise"):
        if group not in found["counts"]:
            continue
        console.print(f"\n{group}: {found['counts'][group]}", style="bold")
        for row in found[group]:
            change = f"{row['before']} → {row['after']}: " if "before" in row else ""
            where = f"{row['lang']}, {row['expect']}: " if "lang" in row else ""
            words = row.get("text", "")
            console.print(f"  {where}{change}{words}", markup=False, highlight=False)
