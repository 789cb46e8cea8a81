"""`madoguchi notify`: tell everybody who chose a kind of notice."""

from __future__ import annotations

import json
import re
import sys
from typing import Annotated

import typer

from assistant.composition import Installation
from assistant.settings import Settings

_TAGGED = re.compile(r"([a-z]{2,3}(?:-[A-Za-z-]+)?)=(.+)", re.DOTALL)


def notify(
    kind: Annotated[str, typer.Argument(help="a life event, such as disaster or garbage")],
    texts: Annotated[
        list[str], typer.Argument(help="the Japanese text; others as LANG=TEXT", metavar="TEXT…")
    ],
    url: Annotated[str, typer.Option(help="page to open, a path of ours")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Send a notice to the browsers of those who chose its kind on "My page"."""
    from assistant.notification import announce
    from assistant.push import PushInvalid

    installation = Installation(Settings())
    city = installation.store.city()
    try:
        done = announce(installation.push, city, kind, _by_language(texts), url)
    except PushInvalid as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    if as_json:
        typer.echo(json.dumps({"sent": done.sent, "gone": done.gone, "failed": done.failed}))
    else:
        typer.echo(f"sent {done.sent}, no longer there {done.gone}, failed {done.failed}")
    if done.failed:
        sys.exit(1)


def _by_language(texts: list[str]) -> dict[str, str]:
    """Return the texts by language; what names no language of ours is Japanese.

    >>> _by_language(["x=1 で断水します", "en=No water where x=1"])
    {'ja': 'x=1 で断水します', 'en': 'No water where x=1'}
    """
    from knowledge.article import languages

    found: dict[str, str] = {}
    for text in texts:
        match = _TAGGED.fullmatch(text)
        lang, words = match.groups() if match and match[1] in languages() else ("ja", text)
        if lang in found:
            raise typer.BadParameter(f"There are two texts in {lang}; others begin with LANG=.")
        found[lang] = words
    return found
