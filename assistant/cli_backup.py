"""`madoguchi backup`: one file that an installation can be brought back from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assistant.composition import Installation
from assistant.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="the ZIP file to write, or to read")],
    restore: Annotated[
        bool, typer.Option("--restore", help="bring the installation back from the file")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Write the store, the keys and every article into one file, while the desk serves."""
    from assistant import backup as backups

    installation = Installation(Settings())
    act = backups.restore if restore else backups.back_up
    done = act(installation, file)
    if as_json:
        typer.echo(json.dumps({"articles": done.articles, "store": done.store, "keys": done.keys}))
        return
    typer.echo(f"{'restored from' if restore else 'written to'} {file}: {done.articles} articles")
    if not done.store:
        typer.echo("The store is PostgreSQL: dump and restore it with pg_dump and pg_restore.")
