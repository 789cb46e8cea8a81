"""`/admin/releases`: approvers see the last releases, and bring a former one back."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.accounts.guard import check_department
from assistant.accounts.roles import ALL, Account, Role
from assistant.composition import Installation
from assistant.http.admin_articles import Approver, see, store_of
from assistant.http.staff_view import StaffView
from knowledge.errors import ReleaseMissing

router = APIRouter(prefix="/admin/releases", tags=["staff"], include_in_schema=False)


@router.get("")
async def releases_page(request: Request, account: Approver) -> Response:
    """List the releases that are kept."""
    return await _page(request, account)


@router.post("/roll-back")
async def roll_back(request: Request, account: Approver) -> Response:
    """Answer from a former release, and build no other until somebody says so."""
    check_department(account, Role.APPROVER, ALL)
    form = await request.form()
    release_id, reason = str(form.get("release", "")), str(form.get("reason", "")).strip()
    if not reason:
        return await _page(request, account, problem="reason")
    installation: Installation = request.app.state.installation

    def work() -> None:
        if release_id not in {info.id for info in installation.releases.history()}:
            raise ReleaseMissing(f"There is no release {release_id}.")
        installation.store.hold_release(release_id, by=account.name, reason=reason)
        installation.releases.roll_back(release_id)
        installation.live.refresh()

    try:
        await asyncio.to_thread(work)
    except ReleaseMissing as missing:
        raise HTTPException(404, str(missing)) from missing
    return see("/admin/releases?done=releases.rolled_back")


@router.post("/go-on")
async def go_on(request: Request, account: Approver) -> Response:
    """Build releases of what is in force again."""
    check_department(account, Role.APPROVER, ALL)
    store = store_of(request)
    await asyncio.to_thread(lambda: store.let_release_go(by=account.name))
    return see("/admin/releases?done=releases.gone_on")


async def _page(request: Request, account: Account, *, problem: str = "") -> Response:
    view = StaffView(request, account)
    installation: Installation = request.app.state.installation
    history = await asyncio.to_thread(installation.releases.history)
    current = await asyncio.to_thread(installation.releases.current_id)
    hold = await asyncio.to_thread(installation.store.release_hold)
    return view.render(
        "staff/releases.html",
        status=400 if problem else 200,
        title=view.say("releases.title"),
        problem=view.say(f"releases.problem.{problem}") if problem else "",
        releases=history,
        current=current,
        hold=hold if hold and hold.release_id == current else None,
        may=account.may(Role.APPROVER, ALL),
    )
