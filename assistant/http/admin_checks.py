"""`/admin/checks`: what the articles tell about themselves, and links that lead nowhere."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.composition import Installation
from assistant.http.staff_view import PRIVATE, StaffView
from assistant.link_check import tried
from assistant.self_checks import by_term, contradictions, due, never_used, title

router = APIRouter(prefix="/admin/checks", tags=["staff"], include_in_schema=False)

Reader = Annotated[Account, Depends(require(Role.EDITOR, Role.APPROVER))]


@router.get("")
async def checks_page(request: Request, account: Reader) -> Response:
    """Show what is overdue, contradictory or never used, and the links tried the last time."""
    return await asyncio.to_thread(_page, request, account)


@router.post("/links")
async def try_links(request: Request, account: Reader) -> Response:
    """Try the links of the articles in force, and keep what came of it."""
    installation: Installation = request.app.state.installation
    store = installation.store

    def work() -> None:
        with installation.link_fetcher() as fetcher:
            links = tried(installation.live.get().articles.values(), fetcher, store.now)
        store.keep_tried_links(links)
        broken = sum(bool(link.problem) for link in links)
        store.audit(account.name, "checks.links", "", {"tried": len(links), "broken": broken})

    await asyncio.to_thread(work)
    return RedirectResponse("/admin/checks?done=checks.tried", status_code=303, headers=PRIVATE)


def _page(request: Request, account: Account) -> Response:
    installation: Installation = request.app.state.installation
    view, store = StaffView(request, account), installation.store
    articles = dict(installation.live.get().articles)
    until = store.now() + timedelta(seconds=1)
    days = installation.settings.conversations.keep_days
    turns = store.asked(until - timedelta(days=days), until)
    links = store.tried_links()
    return view.render(
        "staff/checks.html",
        title=view.say("checks.title"),
        due=due(articles.values(), store.today()),
        differing=by_term(contradictions(articles)),
        unused=never_used(articles.values(), turns) if turns else [],
        asked=len(turns),
        names={slug: title(article) for slug, article in articles.items()},
        links=[link for link in links if link.problem],
        tried=len(links),
        tried_at=max((link.tried_at for link in links), default=None),
        days=days,
    )
