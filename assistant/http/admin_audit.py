"""`/admin/audit`: administrators read the audit log, check it, and take it along."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.composition import Installation
from assistant.http.staff_view import PRIVATE, StaffView, staff_texts
from knowledge.store import Store
from knowledge.store_audit import AuditReport

router = APIRouter(prefix="/admin/audit", tags=["staff"], include_in_schema=False)

Administrator = Annotated[Account, Depends(require(Role.ADMINISTRATOR))]

PAGE = 50
"""Entries on one page."""


@router.get("")
async def audit_page(
    request: Request, account: Administrator, before: str = "", actor: str = "", action: str = ""
) -> Response:
    """Show the newest entries, of one actor or one kind of action if wanted."""
    return await _page(request, account, before, actor, action)


@router.post("/check")
async def check(request: Request, account: Administrator) -> Response:
    """Check the whole log and say what was found."""
    report = await asyncio.to_thread(_store(request).verify_audit)
    return await _page(request, account, report=report)


@router.get("/export")
async def export(request: Request, account: Administrator) -> Response:
    """Send the whole log as JSON lines; that it was taken stands in it, too."""
    store = _store(request)
    await asyncio.to_thread(store.audit, account.name, "audit.export")
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(lines(store), media_type="application/jsonl", headers=headers)


def lines(store: Store) -> Iterator[str]:
    """Yield every entry of the log as a line of JSON."""
    for entry in store.audit_log():
        yield json.dumps(entry.as_json(), ensure_ascii=False) + "\n"


async def _page(
    request: Request,
    account: Account,
    before: str = "",
    actor: str = "",
    action: str = "",
    *,
    report: AuditReport | None = None,
) -> Response:
    view = StaffView(request, account)
    entries = await asyncio.to_thread(
        _store(request).audit_entries,
        before=int(before) if before.isdecimal() and len(before) < 10 else None,
        actor=actor.strip(),
        action=action.strip(),
        limit=PAGE + 1,
    )
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    chosen = {"actor": actor, "action": action}
    older = urlencode({"before": entries[-1].number, **chosen}) if more else ""
    return view.render(
        "staff/audit.html",
        title=view.say("audit.title"),
        entries=[(entry, json.dumps(entry.detail, ensure_ascii=False)) for entry in entries],
        known=_known(view),
        report=report,
        older=older,
        newest=urlencode(chosen) if before else "",
        actor=actor,
        action=action,
    )


def _known(view: StaffView) -> dict[str, str]:
    """The words for the actions that have some, by their names."""
    areas = staff_texts(view.lang).texts["audit"]["actions"]
    return {f"{area}.{name}": words for area, said in areas.items() for name, words in said.items()}


def _store(request: Request) -> Store:
    installation: Installation = request.app.state.installation
    return installation.store
