"""`/admin/drafts/…/machine`: how far a model is with the draft of a translation."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.accounts.guard import check_department
from assistant.accounts.roles import Role
from assistant.editing.machine_drafts import MachineDrafts
from assistant.editing.overview import title_of
from assistant.http.admin_articles import Editor, see
from assistant.http.admin_drafts import draft_of
from assistant.http.staff_view import StaffView
from knowledge.article import languages

router = APIRouter(prefix="/admin/drafts", tags=["staff"], include_in_schema=False)


@router.get("/{draft_id}/machine")
async def machine_page(request: Request, account: Editor, draft_id: str) -> Response:
    """Show how far a model is, or what came of it; the form of the draft where there is nothing."""
    draft = await draft_of(request, draft_id)
    tab = _lang(request.query_params.get("tab", ""))
    state = _machine_drafts(request).of(draft_id, tab)
    if state is None:
        return see(f"/admin/drafts/{draft_id}?tab={tab}")
    view = StaffView(request, account)
    return view.render(
        "staff/draft_machine.html",
        title=view.say("drafts.machine.title"),
        heading=title_of(draft.article),
        draft=draft,
        tab=tab,
        tongue=languages()[tab].name,
        state=state,
        may_edit=account.may(Role.EDITOR, draft.department),
    )


@router.post("/{draft_id}/machine/stop")
async def stop_machine(request: Request, account: Editor, draft_id: str) -> Response:
    """Ask the model to stop; what it wrote so far stands in the draft."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    tab = _lang(str((await request.form()).get("tab", "")))
    await asyncio.to_thread(_machine_drafts(request).stop, draft_id, tab)
    return see(f"/admin/drafts/{draft_id}/machine?tab={tab}")


def _lang(wish: str) -> str:
    return wish if wish in languages() else "ja"


def _machine_drafts(request: Request) -> MachineDrafts:
    found: MachineDrafts = request.app.state.machine_drafts
    return found
