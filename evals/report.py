"""`python -m evals report`: one page for everyone, out of the saved results of the suites.

``--from DIR`` reads every JSON file that a suite printed (`python -m evals SUITE --json
> DIR/NAME.json`); ``--quick`` measures the answers of the development half and the safety
suite itself. The page holds its plots and its style and loads nothing. What was wrong is
listed of development cases only: of test cases there are numbers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from rich.console import Console

from assistant.composition import Installation
from assistant.settings import Settings
from evals import answers
from evals.provenance import provenance
from evals.report_comparisons import languages_section
from evals.report_parts import Section, Table
from evals.report_sections import section
from evals.results import Result, read_results
from evals.safety import SUITES

HERE = Path(__file__).parent
CASES = HERE / "cases" / "dev.jsonl"

errors = Console(stderr=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--from", type=Path, dest="folder", help="folder of saved results")
    parser.add_argument("--out", type=Path, default=Path("report.html"), help="where to write")
    parser.add_argument(
        "--quick", action="store_true", help="measure answers (development half) and safety"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where there is nothing to report or no page can be written."""
    results: list[Result] = []
    left_out: list[str] = []
    if arguments.folder and not arguments.folder.is_dir():
        errors.print(f"[red]{arguments.folder} is no folder.", highlight=False)
        return 2
    model = ""
    if arguments.quick:
        installation = Installation(Settings())
        model = installation.embedder.name
        results += quick(installation)
    if arguments.folder:
        saved, left_out = read_results(arguments.folder)
        results += saved
    if not results:
        errors.print("[red]There is nothing to report: give --from a folder with results, or")
        errors.print("[red]--quick.")
        return 2
    made = {**provenance(), **({"model": model} if model else {})}
    sections = sections_of(results)
    if arguments.json:
        print(json.dumps(told(sections, left_out, made), ensure_ascii=False, indent=1))
        return 0
    try:
        arguments.out.write_text(page(sections, left_out, made), encoding="utf-8")
    except OSError as error:
        errors.print(f"[red]{arguments.out} cannot be written: {error}", highlight=False)
        return 2
    for why in left_out:
        errors.print(f"[yellow]Left out: {why}", highlight=False)
    errors.print(f"{arguments.out}: {len(sections)} results", highlight=False)
    return 0


def sections_of(results: Sequence[Result]) -> list[Section]:
    """Return a section for each result, and one that compares the languages after the answers."""
    sections = [section(result) for result in results]
    languages = languages_section(results)
    if languages is not None:
        sections.insert(sum(result.suite == "answers" for result in results), languages)
    return sections


def quick(installation: Installation) -> list[Result]:
    """Measure the answers of the development half and every safety suite that is there."""
    outcome = answers.measured(installation, answers.read_cases(CASES))
    values = answers.report(outcome, installation, CASES)
    release = installation.live.get()
    safety = {
        name: import_module(f"evals.safety_{name}").run(release)
        for name in SUITES
        if find_spec(f"evals.safety_{name}")
    }
    day = values["run"]["day"]
    return [Result("answers", "quick", day, values), Result("safety", "quick", day, safety)]


def page(sections: Sequence[Section], left_out: Sequence[str], made: Mapping[str, Any]) -> str:
    """Return the page; everything out of the results is escaped."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((HERE / "report.html").read_text(encoding="utf-8"))
    return template.render(
        sections=sections,
        left_out=left_out,
        run=made,
        machine=_machine(made),
        style=Markup((HERE / "report.css").read_text(encoding="utf-8")),
    )


def told(
    sections: Sequence[Section], left_out: Sequence[str], made: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page says, as data, without the plots."""
    parts = []
    for each in sections:
        values = asdict(each)
        values["figures"] = [asdict(figure.table) for figure in each.figures]
        parts.append(values)
    return {"sections": parts, "left_out": list(left_out), "run": dict(made)}


def _machine(made: Mapping[str, Any]) -> Table:
    names = {
        "model": "model of search",
        "system": "system",
        "processor": "processor",
        "cores": "cores",
        "memory_gb": "memory, GB",
        "python": "Python",
    }
    rows = [(words, str(made[name])) for name, words in names.items() if made.get(name)]
    rows += list(made["packages"].items())
    return Table("Machine and versions", ("what", "value"), rows)
