"""`madoguchi notice`: put a notice above every page and take it off, without the web page."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Annotated

import typer

from assistant.accounts.accounts import COMMAND_LINE
from assistant.composition import Installation
from assistant.settings import Settings

app = typer.Typer(help="The notice above every page, and disaster mode.", no_args_is_help=True)


@app.command("on")
def switch_on(
    kind: Annotated[str, typer.Argument(help="earthquake, flood, heat, water or system")],
    reason: Annotated[str, typer.Option(help="why; it stands in the audit log")],
    hours: Annotated[float, typer.Option(help="hours after which it ends by itself")] = 12,
    title: Annotated[str, typer.Option(help="Japanese title in place of the prepared one")] = "",
    text: Annotated[str, typer.Option(help="Japanese text in place of the prepared one")] = "",
    disaster: Annotated[bool, typer.Option("--disaster", help="with disaster mode")] = False,
    push: Annotated[bool, typer.Option("--push", help="tell those who asked for it")] = False,
) -> None:
    """Put up the prepared notice of a kind, in every language.

    With a Japanese text of one's own, only that is shown, in every language.
    """
    from assistant import notices
    from assistant.notification import announce

    installation = Installation(Settings())
    store = installation.store
    prepared = notices.templates(kind)
    if bool(title) != bool(text):
        _fail("A text of one's own needs both --title and --text.")
    texts = {"ja": notices.Words(title=title, text=text)} if text else prepared
    try:
        record = notices.put_up(
            store,
            installation.release_or_none(),
            kind=kind,
            texts=texts,
            until=store.now() + timedelta(hours=hours),
            reason=reason,
            by=COMMAND_LINE,
            disaster=disaster,
        )
    except (notices.NoticeRefused, OverflowError) as error:
        _fail(str(error))
    typer.echo(f"{record.id} holds until {record.until.isoformat(timespec='minutes')}")
    if push:
        told = {lang: words["title"] for lang, words in record.texts.items()}
        done = announce(installation.push, store.city(), notices.kinds()[kind].push, told)
        typer.echo(f"sent {done.sent}, no longer there {done.gone}, failed {done.failed}")


@app.command("off")
def switch_off(
    reason: Annotated[str, typer.Option(help="why; it stands in the audit log")],
    notice: Annotated[str, typer.Argument(help="id of one notice; without: all")] = "",
) -> None:
    """End the notices that hold, or one of them."""
    store = Installation(Settings()).store
    chosen = [notice] if notice else [record.id for record in store.notices_in_force()]
    for one in chosen:
        store.end_notice(one, reason=reason, by=COMMAND_LINE)
    typer.echo(f"ended {len(chosen)}")


@app.command("show")
def show(
    as_json: Annotated[bool, typer.Option("--json", help="print JSON lines")] = False,
) -> None:
    """Print the notices that hold now."""
    for record in Installation(Settings()).store.notices_in_force():
        title = record.texts.get("ja", {}).get("title", "")
        until = record.until.isoformat(timespec="minutes")
        if as_json:
            told = {
                "id": record.id,
                "kind": record.kind,
                "level": record.level,
                "disaster": record.disaster,
                "until": until,
                "title": title,
            }
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            mode = " (disaster mode)" if record.disaster else ""
            typer.echo(f"{record.id} {record.kind}{mode} until {until}: {title}")


def _fail(words: str) -> None:
    typer.echo(words, err=True)
    sys.exit(2)
