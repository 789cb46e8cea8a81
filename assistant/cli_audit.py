"""`madoguchi audit`: check the audit log, and write it out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.composition import Installation
from assistant.settings import Settings

app = typer.Typer(help="The log of what the staff did.", no_args_is_help=True)


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(help="a hash printed by an earlier check, which must still be there")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Check that no entry was changed, removed or put in between; exit code 1 if one was."""
    report = Installation(Settings()).store.verify_audit(head.strip().lower())
    if as_json:
        told = {"entries": report.entries, "head": report.head, "problem": report.problem}
        typer.echo(json.dumps(told))
    elif report.problem:
        typer.echo(f"{report.problem} The {report.entries} before are sound.", err=True)
    else:
        typer.echo(f"{report.entries} entries are sound; keep the last hash elsewhere:")
        typer.echo(report.head)
    if report.problem:
        sys.exit(1)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="file to write; without: print")] = None,
) -> None:
    """Write every entry as a line of JSON, oldest first."""
    entries = Installation(Settings()).store.audit_log()
    lines = (json.dumps(entry.as_json(), ensure_ascii=False) + "\n" for entry in entries)
    if file is None:
        sys.stdout.writelines(lines)
        return
    with file.open("w", encoding="utf-8") as out:
        out.writelines(lines)
