"""`/admin/drafts/…/review`: what a draft changes, how it answers, and a second person's word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.accounts.guard import check_department
from assistant.accounts.roles import Account, Role
from assistant.editing.article_form import SHARED, unfinished
from assistant.editing.candidate_check import Checks, ask
from assistant.editing.overview import states, title_of
from assistant.http.admin_articles import Approver, Editor, Reader, see, store_of
from assistant.http.admin_drafts import draft_of
from assistant.http.page_view import View
from assistant.http.staff_view import StaffView
from assistant.language import identify
from knowledge.article import Article, languages
from knowledge.article_difference import differences
from knowledge.errors import ArticleInvalid, ArticleMissing, DraftRefused
from knowledge.store_drafts import Draft

router = APIRouter(prefix="/admin/drafts", tags=["staff"], include_in_schema=False)

LONGEST_QUESTION = 500
"""Characters of a test question."""


@router.get("/{draft_id}/review")
async def review_page(request: Request, account: Reader, draft_id: str) -> Response:
    """Show what a draft changes, and what can be done with it."""
    return await _review(request, account, await draft_of(request, draft_id))


@router.post("/{draft_id}/submit")
async def submit(request: Request, account: Editor, draft_id: str) -> Response:
    """Hand a draft in, and check it."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    if unfinished(draft):
        return await _review(request, account, draft, problem="unfinished")
    revision = await _revision(request)
    store = store_of(request)
    refused = await _done(
        request, account, draft,
        lambda: store.submit_draft(draft_id, revision=revision, by=account.name),
    )  # fmt: skip
    if refused is not None:
        return refused
    _checks(request).start(draft)
    return see(f"/admin/drafts/{draft_id}/review?done=drafts.submitted")


@router.post("/{draft_id}/check")
async def check(request: Request, account: Reader, draft_id: str) -> Response:
    """Ask the golden questions of a candidate release with this draft in it."""
    draft = await draft_of(request, draft_id)
    if draft.article.localizations:
        _checks(request).start(draft)
    return see(f"/admin/drafts/{draft_id}/review#check")


@router.post("/{draft_id}/ask")
async def ask_draft(request: Request, account: Reader, draft_id: str) -> Response:
    """Answer one test question from a candidate release, beside today's answer."""
    draft = await draft_of(request, draft_id)
    question = str((await request.form()).get("question", "")).strip()[:LONGEST_QUESTION]
    if not question or not draft.article.localizations:
        return await _review(request, account, draft)
    installation = request.app.state.installation

    def work() -> dict[str, Any]:
        lang = identify(question, StaffView(request, account).lang)
        before = installation.live.get()
        with installation.candidate(draft.article) as after:
            return {
                "question": question,
                "lang": lang,
                "before": ask(before, question, lang),
                "after": ask(after, question, lang),
            }

    return await _review(request, account, draft, asked=await asyncio.to_thread(work))


@router.post("/{draft_id}/approve")
async def approve(request: Request, account: Approver, draft_id: str) -> Response:
    """Approve what was handed in; one that breaks golden questions needs a reason."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.APPROVER, draft.department)
    store = store_of(request)
    form = await request.form()
    reason, revision = str(form.get("reason", "")), await _revision(request)
    checked = await asyncio.to_thread(store.check_of, draft_id, revision)
    if checked is None:
        _checks(request).start(draft)
        return await _review(request, account, draft, problem="unchecked", reason=reason)
    refused = await _done(
        request, account, draft,
        lambda: store.approve_draft(
            draft_id, revision=revision, by=account.name, reason=reason, broken=checked.broken
        ),
        reason=reason,
    )  # fmt: skip
    return refused or see(f"/admin/drafts/{draft_id}/review?done=drafts.approved")


@router.post("/{draft_id}/return")
async def give_back(request: Request, account: Reader, draft_id: str) -> Response:
    """Give a draft back to its editors; its editors may take it back themselves."""
    draft = await draft_of(request, draft_id)
    if not account.may(Role.EDITOR, draft.department):
        check_department(account, Role.APPROVER, draft.department)
    note = str((await request.form()).get("note", ""))
    store = store_of(request)
    refused = await _done(
        request, account, draft,
        lambda: store.return_draft(draft_id, by=account.name, note=note),
    )  # fmt: skip
    return refused or see(f"/admin/drafts/{draft_id}/review?done=drafts.returned")


@router.post("/{draft_id}/discard")
async def discard(request: Request, account: Editor, draft_id: str) -> Response:
    """Put a draft away."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    store = store_of(request)
    refused = await _done(
        request, account, draft, lambda: store.discard_draft(draft_id, by=account.name)
    )
    return refused or see("/admin/drafts?done=drafts.discarded")


async def _done(
    request: Request,
    account: Account,
    draft: Draft,
    work: Callable[[], object],
    *,
    reason: str = "",
) -> Response | None:
    """Do `work`; where it is refused, return the page that says why."""
    try:
        await asyncio.to_thread(work)
    except DraftRefused as refusal:
        now = await draft_of(request, draft.id)
        return await _review(request, account, now, problem=type(refusal).__name__, reason=reason)
    except ArticleInvalid:
        return await _review(request, account, draft, problem="unfinished")
    return None


async def _review(
    request: Request,
    account: Account,
    draft: Draft,
    *,
    problem: str = "",
    reason: str = "",
    asked: dict[str, Any] | None = None,
) -> Response:
    view = StaffView(request, account)
    store = store_of(request)

    def read() -> dict[str, Any]:
        base = _base(request, draft)
        return {
            "differences": differences(base, draft.article),
            "base": base,
            "states": states(store, draft.article),
            "checked": store.check_of(draft.id, draft.revision),
            "behind": draft.state != "published" and store.is_behind(draft.id),
            "saved": store.revisions(draft.id),
            "golden": store.golden_count(),
        }

    found = await asyncio.to_thread(read)
    running = _checks(request).running(draft)
    writers = {draft.author, *(one.saved_by for one in found["saved"])}
    return view.render(
        "staff/draft_review.html",
        status=400 if problem else 200,
        title=title_of(draft.article),
        draft=draft,
        shared=SHARED,
        problem=view.say(f"drafts.problem.{problem}") if problem else "",
        reason=reason,
        asked=asked,
        running=running,
        unfinished=unfinished(draft) if draft.state == "draft" else [],
        machine=[one for one in draft.machine if one.text],
        tongues=languages(),
        words=View(request, view.lang),
        may_edit=account.may(Role.EDITOR, draft.department),
        may_approve=account.may(Role.APPROVER, draft.department),
        is_writer=account.name in writers,
        **found,
    )


def _base(request: Request, draft: Draft) -> Article | None:
    """The version that the draft would follow: the one in force, else the one it was made from."""
    store = store_of(request)
    try:
        if draft.state == "published":
            return store.article(draft.slug, draft.base_number) if draft.base_number else None
        return store.article(draft.slug)
    except ArticleMissing:
        return None


def _checks(request: Request) -> Checks:
    checks: Checks = request.app.state.checks
    return checks


async def _revision(request: Request) -> int:
    told = str((await request.form()).get("revision", ""))
    return int(told) if told.isdecimal() and len(told) < 9 else 0
