"""The command line of `madoguchi`: `serve`, `ask`, `import`, `index`, `export`, `notify` and more.

A failure is one sentence on standard error and an exit code: 1 for a question
that could not be answered, 2 for wrong use, 3 for a refused input, 4 for the
store, 5 for weights or releases, 6 for a port in use.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant import cli_audit, cli_notice, cli_questions, cli_users
from assistant.cli_backup import backup
from assistant.cli_crawl import crawl
from assistant.cli_notify import notify
from assistant.cli_reviews import reviews
from assistant.cli_speech import listen, say, transcribe
from assistant.composition import Installation
from assistant.release_process import BuildRefused, build_apart
from assistant.settings import Settings
from knowledge.errors import (
    AccountRefused,
    ArticleInvalid,
    ImportRefused,
    KnowledgeError,
    ReleaseInvalid,
    StoreError,
    from_os_error,
)

app = typer.Typer(
    name="madoguchi",
    help="The multilingual AI help desk of a city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_users.app, name="users")
app.add_typer(cli_audit.app, name="audit")
app.add_typer(cli_questions.app, name="questions")
app.add_typer(cli_notice.app, name="notice")
for command in (transcribe, say, listen):
    app.command()(command)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

EXIT_USE = 2
EXIT_REFUSED, EXIT_STORE, EXIT_RELEASE, EXIT_PORT = 3, 4, 5, 6

LARGEST_MESSAGE = 400_000
"""Bytes of a message over a WebSocket; one that sends more is disconnected."""


def main() -> None:
    """Run the command line; failures of the knowledge base become one sentence."""
    logging.basicConfig(level=os.environ.get("MADOGUCHI_LOG", "WARNING").upper())
    try:
        app()
    except KnowledgeError as error:
        _fail(str(error), _exit_code(error))
    except OSError as error:
        translated = from_os_error(error)
        _fail(str(translated or error), EXIT_STORE if translated else 1)


def _exit_code(error: KnowledgeError) -> int:
    if isinstance(error, ImportRefused | ArticleInvalid | AccountRefused):
        return EXIT_REFUSED
    return EXIT_STORE if isinstance(error, StoreError) else EXIT_RELEASE


def _fail(message: str, code: int) -> NoReturn:
    errors.print(message, style="red", markup=False)
    sys.exit(code)


@contextmanager
def _progress() -> Iterator[_Bars]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        yield _Bars(progress)


class _Bars:
    """One bar for each kind of work, shown while it goes on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, object] = {}

    def __call__(self, work: str, done: int, total: int) -> None:
        task = self._tasks.get(work)
        if task is None:
            task = self._tasks[work] = self._progress.add_task(work, total=total)
        self._progress.update(task, completed=done, total=total)  # type: ignore[arg-type]


def _installation() -> Installation:
    try:
        return Installation(Settings())
    except ValidationError as error:
        first = error.errors()[0]
        name = "__".join(("MADOGUCHI", *map(str, first["loc"]))).replace("__", "_", 1).upper()
        _fail(f"{name}: {first['msg'].removeprefix('Value error, ')}", EXIT_USE)


def _prepare(installation: Installation) -> None:
    """Bring a new installation to life: the sample city where the store is empty, a release."""
    if installation.store.is_empty():
        errors.print("The store is empty: importing the sample city みおつくし市 …")
        for path, why in installation.import_sample_city().refused.items():
            errors.print(f"refused {path}: {why}", style="red", markup=False)
    try:
        if not installation.release_is_current():
            build_apart()
        try:
            installation.live.get()
        except ReleaseInvalid as error:
            errors.print(f"{error} It is built anew.", markup=False)
            build_apart(anew=True)
    except BuildRefused as refused:
        sys.exit(refused.exit_code)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "",
    port: Annotated[int, typer.Option(help="port to listen on")] = -1,
) -> None:
    """Serve the help desk; sets up the sample city first where nothing is there."""
    import uvicorn

    from assistant.http.app import create_app

    installation = _installation()
    server = installation.settings.server
    host, port = host or server.host, server.port if port < 0 else port
    listener = _listen(host, port)
    _prepare(installation)
    address = f"http://{host}:{listener.getsockname()[1]}"
    errors.print(f"Open {address}/ in a browser, or ask with: madoguchi ask '…'")
    config = uvicorn.Config(
        create_app(installation),
        log_level="warning",
        access_log=False,
        timeout_keep_alive=30,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # samples hardly shrink
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before any long work, so that a taken one is told at once."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        _fail(f"Port {port} on {host} cannot be used: {error.strerror}.", EXIT_PORT)
    return listener


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="the question, in any of the languages")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    lang: Annotated[str | None, typer.Option(help="language of the page, if known")] = None,
    conversation: Annotated[
        str | None, typer.Option(help="id of an earlier answer's conversation")
    ] = None,
    follow_up: Annotated[
        bool, typer.Option("--continue", "-c", help="go on with the conversation asked last")
    ] = False,
) -> None:
    """Answer one question."""
    from assistant.answer import Question

    installation = _installation()
    last = installation.settings.data / "last_conversation"
    if follow_up and conversation is None and last.is_file():
        conversation = last.read_text(encoding="ascii").strip()
    answer = installation.desk.answer(Question(question, lang, conversation))
    if answer.conversation:
        last.write_text(answer.conversation, encoding="ascii")
    if as_json:
        typer.echo(answer.model_dump_json(indent=1))
    else:
        typer.echo(answer.answer)
        for suggestion in answer.suggestions:
            typer.echo(f"  → {suggestion}")
    if answer.status == "error":
        sys.exit(1)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="article folders, or files of any kind")],
    lang: Annotated[str | None, typer.Option(help="language of the files, if known")] = None,
    index: Annotated[bool, typer.Option(help="build a release afterwards")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Import articles: folders as `madoguchi export` writes them, CSV, XLSX, HTML, PDF, DOCX, …"""
    installation = _installation()
    report = installation.import_paths(paths, lang)
    release = None
    if index and report.taken:
        with _progress() as bars:
            release = installation.build_release(bars)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "imported": report.taken,
                    "refused": report.refused,
                    "release": release and release.id,
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for slug in report.taken:
            typer.echo(f"imported {slug}")
        for path, why in report.refused.items():
            errors.print(f"refused {path}: {why}", style="red", markup=False)
    if report.refused:
        sys.exit(EXIT_REFUSED)


@app.command("index")
def index_(
    anew: Annotated[bool, typer.Option(help="build even where nothing changed")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Build a release of everything in force and make it the current one."""
    installation = _installation()
    with _progress() as bars:
        info = installation.build_release(bars, anew=anew)
    if as_json:
        typer.echo(json.dumps({"release": info.id, "model": info.model, **info.counts}))
    else:
        typer.echo(f"release {info.id}: {info.counts['articles']} articles")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="folder to write articles and city values to")],
) -> None:
    """Write every published article, and the city's values, as files that `import` reads."""
    count = _installation().export(folder)
    typer.echo(f"{count} articles in {folder}")


@app.command()
def ruby(
    files: Annotated[list[Path], typer.Argument(help="ja-x-easy.md files to annotate in place")],
) -> None:
    """Put readings on the kanji of やさしい日本語 articles; annotated words stay as they are."""
    from knowledge.ruby_annotation import annotate_file

    for path in files:
        annotate_file(path)


app.command()(backup)
app.command()(notify)
app.command()(reviews)
app.command()(crawl)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Show the effective settings, and check store, weights and release."""
    from assistant.doctor import examine

    report = examine(_installation())
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        for name, value in report.settings.items():
            typer.echo(f"{name} = {value}")
        for check in report.checks:
            typer.echo(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.words}")
    if not report.healthy:
        sys.exit(1)


if __name__ == "__main__":
    main()
