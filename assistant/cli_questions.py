"""`madoguchi questions`: golden questions, which every draft is checked against."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.composition import Installation
from assistant.editing.candidate_check import STATUS
from assistant.settings import Settings
from knowledge.article import languages
from knowledge.store_golden import GoldenQuestion

app = typer.Typer(help="Questions whose right answer is known.", no_args_is_help=True)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="JSON Lines of lang, text, expect, …")],
) -> None:
    """Keep the questions of FILES; those that follow up another question are left out."""
    questions: list[GoldenQuestion] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            typer.echo(f"{file} cannot be read: {error}", err=True)
            sys.exit(1)
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry: dict[str, Any] = json.loads(line)
                if not entry.get("after"):
                    questions.append(_question(entry))
            except (ValueError, KeyError, TypeError, AttributeError):
                typer.echo(f"{file}:{number} is not a question; nothing was kept.", err=True)
                sys.exit(1)
    kept = Installation(Settings()).store.add_golden(questions, by="command line")
    typer.echo(f"kept {kept} questions")


def _question(entry: dict[str, Any]) -> GoldenQuestion:
    """Return the question that a line holds; ValueError where it is none."""
    if entry["expect"] not in STATUS or entry["lang"] not in languages():
        raise ValueError("unknown language or outcome")
    return GoldenQuestion(
        entry["lang"],
        str(entry["text"]),
        entry["expect"],
        tuple(map(str, entry.get("slugs", ()))),
        tuple(map(str, entry.get("facts", ()))),
    )
