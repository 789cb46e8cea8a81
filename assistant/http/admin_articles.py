"""`/admin/articles`: editors see every article, its versions, and what is due."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.guard import check_department, require
from assistant.accounts.roles import Account, Role
from assistant.editing.overview import Row, overview, states, title_of
from assistant.http.staff_view import PRIVATE, StaffView
from knowledge.article import Article, languages
from knowledge.article_difference import differences
from knowledge.errors import ArticleMissing
from knowledge.store import Store

router = APIRouter(prefix="/admin/articles", tags=["staff"], include_in_schema=False)

Reader = Annotated[Account, Depends(require(Role.EDITOR, Role.APPROVER))]
Editor = Annotated[Account, Depends(require(Role.EDITOR))]
Approver = Annotated[Account, Depends(require(Role.APPROVER))]

FILTERS = ("all", "due", "drafts", "outdated", "missing", "differs")
"""What the list can be narrowed to."""


@router.get("")
async def articles_page(request: Request, account: Reader) -> Response:
    """List the articles, or those of one department, or those that need something."""
    view = StaffView(request, account)
    rows = await asyncio.to_thread(overview, store_of(request))
    show = request.query_params.get("show", "all")
    department = request.query_params.get("department", "")
    wanted = request.query_params.get("q", "").strip()
    shown = [row for row in rows if _is_wanted(row, show, department, wanted)]
    return view.render(
        "staff/articles.html",
        title=view.say("articles.title"),
        rows=shown,
        count=len(rows),
        due=sum(row.due for row in rows),
        filters=[(name, sum(_is_wanted(row, name, "", "") for row in rows)) for name in FILTERS],
        show=show,
        department=department,
        wanted=wanted,
        departments=sorted(
            ((key, view.department(key)) for key in {row.department for row in rows} if key),
            key=lambda pair: pair[1],
        ),
        tongues=languages(),
    )


@router.get("/{slug}")
async def article_page(request: Request, account: Reader, slug: str) -> Response:
    """Show the versions of an article, its drafts, and what differs between two versions."""
    return await _article(request, account, slug)


@router.post("/{slug}/draft")
async def start_draft(request: Request, account: Editor, slug: str) -> Response:
    """Begin a draft of the version in force, or of the one that the form names."""
    store = store_of(request)
    form = await request.form()
    article = await asyncio.to_thread(_version, store, slug, str(form.get("number", "")))
    check_department(account, Role.EDITOR, article.owner)
    versions = await asyncio.to_thread(store.versions, slug)
    draft = await asyncio.to_thread(
        lambda: store.start_draft(
            replace(article, number=0),
            department=article.owner,
            by=account.name,
            base_number=max(version.number for version in versions),
        )
    )
    return see(f"/admin/drafts/{draft.id}")


@router.post("/{slug}/roll-back")
async def roll_back(request: Request, account: Approver, slug: str) -> Response:
    """Publish a former version again, as a new one, at once."""
    store = store_of(request)
    form = await request.form()
    article = await asyncio.to_thread(_version, store, slug, str(form.get("number", "")))
    check_department(account, Role.APPROVER, article.owner)
    await asyncio.to_thread(lambda: store.roll_back_article(slug, article.number, by=account.name))
    return see(f"/admin/articles/{slug}?done=articles.rolled_back")


@router.post("/{slug}/retire")
async def retire(request: Request, account: Approver, slug: str) -> Response:
    """Take an article out of force, with a reason."""
    store = store_of(request)
    reason = str((await request.form()).get("reason", "")).strip()
    article = await asyncio.to_thread(_version, store, slug, "")
    check_department(account, Role.APPROVER, article.owner)
    if not reason:
        return await _article(request, account, slug, problem="articles.problem.reason")
    await asyncio.to_thread(lambda: store.retire_article(slug, by=account.name, reason=reason))
    return see(f"/admin/articles/{slug}?done=articles.retired")


async def _article(request: Request, account: Account, slug: str, *, problem: str = "") -> Response:
    view = StaffView(request, account)
    store = store_of(request)
    query = request.query_params

    def read() -> dict[str, Any]:
        known = store.history(slug)
        drafts = store.drafts(slug=slug)
        if not known and not drafts:
            raise HTTPException(404, "There is no such article.")
        in_force = next((one for one in store.articles(store.today()) if one.slug == slug), None)
        after = _numbered(known, query.get("after", "")) or (known[-1] if known else None)
        former = [one for one in known if after and one.number < after.number]
        before = _numbered(known, query.get("before", "")) or (former[-1] if former else None)
        shown = in_force or (known[-1] if known else drafts[0].article)
        return {
            "article": shown,
            "heading": title_of(shown),
            "in_force": in_force,
            "ends_at": store.end_of(slug, in_force.number) if in_force else None,
            "versions": store.versions(slug),
            "drafts": drafts,
            "states": states(store, shown),
            "before": before,
            "after": after,
            "differences": differences(before, after) if before and after else [],
        }

    found = await asyncio.to_thread(read)
    owner = found["article"].owner
    return view.render(
        "staff/article_versions.html",
        status=400 if problem else 200,
        title=found["heading"],
        problem=view.say(problem) if problem else "",
        slug=slug,
        tongues=languages(),
        may_edit=account.may(Role.EDITOR, owner),
        may_approve=account.may(Role.APPROVER, owner),
        **found,
    )


def _is_wanted(row: Row, show: str, department: str, wanted: str) -> bool:
    if department and row.department != department:
        return False
    if wanted and wanted.casefold() not in f"{row.title}\n{row.slug}".casefold():
        return False
    if show == "due":
        return row.due
    if show == "drafts":
        return bool(row.drafts)
    return show not in FILTERS[3:] or row.count(show) > 0


def _numbered(known: list[Article], number: str) -> Article | None:
    return next((one for one in known if str(one.number) == number), None)


def _version(store: Store, slug: str, number: str) -> Article:
    try:
        return store.article(slug, int(number) if number.isdecimal() else None)
    except (ArticleMissing, OverflowError) as missing:
        raise HTTPException(404, "There is no such version.") from missing


def store_of(request: Request) -> Store:
    """Return the store of the installation."""
    store: Store = request.app.state.installation.store
    return store


def see(address: str) -> RedirectResponse:
    """Send the browser on after something was done."""
    return RedirectResponse(address, status_code=303, headers=PRIVATE)
