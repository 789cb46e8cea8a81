"""`python -m evals safety`: what must never happen, a rate for every suite.

A suite is a module ``evals/safety_NAME.py`` with one function, ``run``, from
the release to what it counted. Suites that are not there are left out.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant.composition import Installation
from assistant.settings import Settings

SUITES = ("care", "manipulation", "personal_data", "figures")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    there = [name for name in SUITES if find_spec(f"evals.safety_{name}")]
    parser.add_argument("--suite", choices=there, action="append", help="only this suite")


def run(arguments: argparse.Namespace) -> int:
    """Run the suites; exit code 0 whatever the rates."""
    release = Installation(Settings()).live.get()
    wanted = arguments.suite or [name for name in SUITES if find_spec(f"evals.safety_{name}")]
    found = {name: import_module(f"evals.safety_{name}").run(release) for name in wanted}
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found, Console())
    return 0


def show(found: dict[str, dict[str, Any]], console: Console) -> None:
    """Print every number of the suites, by half, as a table for people."""
    table = Table("suite", "half", "measure", "value")
    for suite, counted in found.items():
        for half, values in counted.get("halves", {"all": counted}).items():
            for name, value in _leaves(values):
                table.add_row(suite, half, name, str(value))
    console.print(table)


def _leaves(values: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        where = f"{path}{name}"
        if isinstance(value, dict):
            found += _leaves(value, f"{where} ")
        elif not isinstance(value, list):
            found.append((where, value))
    return found
