"""`madoguchi crawl`: visit pages of the city's own site and propose drafts of what changed."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from typing import Annotated, Any

import typer

from assistant.accounts.accounts import COMMAND_LINE
from assistant.composition import Installation
from assistant.settings import Settings

EXIT_STOPPED = 130
"""What a command ends with that was interrupted (128 and the number of SIGINT)."""


def crawl(
    addresses: Annotated[
        list[str] | None, typer.Argument(help="addresses to begin at", metavar="URL…")
    ] = None,
    sitemap: Annotated[bool, typer.Option(help="also visit what the sitemap names")] = False,
    depth: Annotated[int, typer.Option(min=0, max=20, help="how many links far")] = 1,
    department: Annotated[str, typer.Option(help="department of the drafts")] = "",
    resume: Annotated[bool, typer.Option(help="go on with the last one that was stopped")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Visit pages of the city's own site; what is new or changed becomes a draft."""
    from assistant import crawl as crawling

    installation = Installation(Settings())
    store = installation.store
    if resume:
        begun = next((one for one in store.crawls() if one.state != "done"), None)
        if begun is None:
            typer.echo("There is no crawl that was stopped.", err=True)
            sys.exit(2)
        store.resume_crawl(begun.id, by=COMMAND_LINE)
    else:
        begun = crawling.begin(
            store,
            installation.settings.crawl,
            addresses or [],
            sitemap=sitemap,
            depth=depth,
            department=department,
            by=COMMAND_LINE,
        )

    def stop(number: int, frame: Any) -> None:
        """Stop after the page at hand; a second Ctrl-C ends at once, and loses nothing either."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        store.stop_crawl(begun.id, by=COMMAND_LINE)

    before = signal.signal(signal.SIGINT, stop)
    try:
        tell = (lambda url, outcome: None) if as_json else _tell
        ended = installation.crawler().run(begun, tell)
    finally:
        signal.signal(signal.SIGINT, before)
    pages = store.crawl_pages(begun.id)
    if as_json:
        told = [{name: getattr(page, name) for name in type(page).__slots__} for page in pages]
        report = {"crawl": ended.id, "state": ended.state, "pages": told}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for page in pages:
            if page.outcome == "refused":
                typer.echo(f"refused {page.url}: {page.detail}", err=True)
        counts = Counter(page.outcome or "waiting" for page in pages)
        typer.echo(", ".join(f"{outcome} {count}" for outcome, count in counts.items()))
    if ended.state != "done":
        sys.exit(EXIT_STOPPED)


def _tell(url: str, outcome: str) -> None:
    if outcome != "refused":
        typer.echo(f"{outcome} {url}")
