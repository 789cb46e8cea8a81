"""`/admin/insight`: figures for policy as plots, tables and CSV."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.composition import Installation
from assistant.http.page_view import page_texts
from assistant.http.staff_view import PRIVATE, StaffView
from assistant.insight import NONE, OUTCOMES, Insight, Table, insight
from assistant.insight_plot import bars
from assistant.suppression import LEAST
from knowledge.article import languages

router = APIRouter(prefix="/admin/insight", tags=["staff"], include_in_schema=False)

Reader = Annotated[Account, Depends(require(Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR))]

PERIODS = (7, 28, 84)
"""Days that can be chosen: whole weeks up to yesterday, so that no two differ by one day."""


@router.get("")
async def insight_page(request: Request, account: Reader, days: str = "28") -> Response:
    """Show the figures of a period."""
    view, period = StaffView(request, account), _days(days)
    found = await asyncio.to_thread(_insight, request, period)
    tables = [_shown(view, "asked", table) for table in found.tables]
    tables += [_shown(view, "counter", table) for table in found.counter if table.rows]
    return view.render(
        "staff/insight.html",
        title=view.say("insight.title"),
        found=found,
        tables=tables,
        days=period,
        periods=PERIODS,
        least=LEAST,
        kept=_installation(request).settings.conversations.keep_days,
    )


@router.get("/figures.csv")
async def figures_csv(request: Request, account: Reader, days: str = "28") -> Response:
    """Send the same figures as CSV in UTF-8 with BOM; that they were taken is audited."""
    period = _days(days)
    found = await asyncio.to_thread(_insight, request, period)
    store = _installation(request).store
    span = {"since": found.since.isoformat(), "until": found.until.isoformat()}
    await asyncio.to_thread(store.audit, account.name, "insight.export", "", span)
    view = StaffView(request, account)
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(_lines(view, found))
    name = f"insight-{found.since}-{found.until}.csv"
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        "\ufeff" + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers
    )


def _insight(request: Request, days: int) -> Insight:
    installation = _installation(request)
    release = installation.live.get()
    until = installation.store.today() - timedelta(days=1)
    events = {slug: article.life_event for slug, article in release.articles.items()}
    since = until - timedelta(days=days - 1)
    return insight(installation.store, since, until, events, release.city)


def _shown(view: StaffView, area: str, table: Table) -> dict[str, object]:
    rows = [(_label(view, table.name, key), cell) for key, cell in table.rows.items()]
    title = view.say(f"insight.{area}.{table.name}")
    words = view.say("insight.plot", title=title, rows=len(rows))
    plot = Markup()
    if table.name in ("day", "hour"):
        below = [(_short(table.name, label), cell) for label, cell in rows]
        plot = bars(f"{area}-{table.name}", title, words, below)
    return {"name": f"{area}-{table.name}", "title": title, "rows": rows, "plot": plot}


def _short(name: str, label: str) -> str:
    """What stands under a bar: of a day its month and day."""
    return label[5:].replace("-", "/") if name == "day" else label


def _lines(view: StaffView, found: Insight) -> Iterator[list[str]]:
    yield [view.say(f"insight.csv.{name}") for name in ("area", "table", "key", "name", "count")]
    for area, tables in (("asked", found.tables), ("counter", found.counter)):
        for table in tables:
            for key, cell in table.rows.items():
                label = _label(view, table.name, key)
                yield [area, table.name, key, label, str(cell)]
    for rate in found.rates:
        percent = "" if rate.percent is None else f"{rate.percent}"
        yield ["asked", "rate", rate.name, view.say(f"insight.rates.{rate.name}"), percent]


def _label(view: StaffView, name: str, key: str) -> str:
    """The words for a key of a table, in the language of the page."""
    if key == NONE:
        return view.say("insight.unknown")
    if name == "life_event":
        return str(page_texts(view.lang)(f"events.{key}"))
    if name == "lang" and key in languages():
        return languages()[key].name
    if name == "outcome" and key in OUTCOMES:
        return view.say(f"insight.outcomes.{key}")
    return view.say(f"insight.ratings.{key}") if name == "rating" else key


def _days(text: str) -> int:
    return int(text) if text in {str(period) for period in PERIODS} else 28


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation
