"""`/admin/unanswered`: what people asked in vain, and from there to a draft in one click."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.guard import check_department, require
from assistant.accounts.roles import Account, Role
from assistant.composition import Installation
from assistant.editing.article_form import new_article
from assistant.http.staff_view import PRIVATE, StaffView
from assistant.unanswered import Group, InVain
from knowledge.article import Article, languages
from knowledge.ruby import strip
from knowledge.store_drafts import Draft

router = APIRouter(prefix="/admin/unanswered", tags=["staff"], include_in_schema=False)

Reader = Annotated[Account, Depends(require(Role.EDITOR, Role.APPROVER))]
Editor = Annotated[Account, Depends(require(Role.EDITOR))]

PERIODS = (7, 30, 90)
"""Days that can be chosen; questions older than conversations are kept are gone."""

SHOWN = 40
"""The most groups on the page."""

VARIANTS = 8
"""The most questions of a group that go into a draft, per language."""


@router.get("")
async def unanswered_page(
    request: Request, account: Reader, days: str = "30", elsewhere: str = ""
) -> Response:
    """Show the groups, those of the most people first, and what was dismissed."""
    view = StaffView(request, account)
    installation = _installation(request)
    period, also = _days(days), elsewhere == "1"
    groups, titles = await asyncio.to_thread(_groups_and_articles, installation, period, also)
    dismissed = await asyncio.to_thread(installation.store.dismissed)
    shown = [(group, titles.get(group.key)) for group in groups[:SHOWN]]
    lists = [
        ("unanswered.lacking", [one for one in shown if not one[0].only_asked_back]),
        ("unanswered.only_asked_back", [one for one in shown if one[0].only_asked_back]),
    ]
    return view.render(
        "staff/unanswered.html",
        title=view.say("unanswered.title"),
        lists=[(name, found) for name, found in lists if found],
        shown=len(shown),
        more=max(0, len(groups) - SHOWN),
        people=len({one.conversation_id for group in groups for one in group.questions}),
        dismissed=dismissed,
        days=period,
        periods=PERIODS,
        elsewhere=also,
        tongues=languages(),
        may_edit=account.has(Role.EDITOR),
        kept=installation.settings.conversations.keep_days,
    )


@router.post("/dismiss")
async def dismiss(request: Request, account: Reader) -> Response:
    """Keep that a group needs no article."""
    group, period = await _chosen(request)
    work = lambda: _installation(request).unanswered.dismiss(group, account.name)  # noqa: E731
    await asyncio.to_thread(work)
    return _see(f"/admin/unanswered?days={period}&done=unanswered.dismissed")


@router.post("/restore")
async def restore(request: Request, account: Reader) -> Response:
    """Take a dismissal back."""
    form = await request.form()
    chosen = str(form.get("dismissed", ""))
    store = _installation(request).store
    await asyncio.to_thread(lambda: store.restore_dismissed(chosen, by=account.name))
    return _see("/admin/unanswered?done=unanswered.restored")


@router.post("/draft")
async def draft(request: Request, account: Editor) -> Response:
    """Begin the draft of a new article with the questions of a group as its variants."""
    group, _ = await _chosen(request)
    store = _installation(request).store
    own = account.departments(Role.EDITOR)
    owner = "" if own is None else min(own)
    slug = f"asked-{store.today():%Y%m%d}-{secrets.token_hex(2)}"
    made = new_article(
        slug, _title(group), owner=owner, life_event="daily-life", today=store.today()
    )
    made = _with_questions(made, group)
    kept = await asyncio.to_thread(
        lambda: store.start_draft(made, department=owner, by=account.name)
    )
    return _see(f"/admin/drafts/{kept.id}?tab=ja")


@router.post("/variant")
async def variant(request: Request, account: Editor) -> Response:
    """Begin a draft of an article with the questions of a group as further variants."""
    group, _ = await _chosen(request)
    slug = str((await request.form()).get("slug", ""))
    installation = _installation(request)
    store = installation.store

    def work() -> Draft:
        article = next((a for a in store.articles(store.today()) if a.slug == slug), None)
        if article is None:
            raise HTTPException(404, "There is no such article.")
        check_department(account, Role.EDITOR, article.owner)
        base = max(version.number for version in store.versions(slug))
        return store.start_draft(
            _with_questions(article, group),
            department=article.owner,
            by=account.name,
            base_number=base,
        )

    kept = await asyncio.to_thread(work)
    return _see(f"/admin/drafts/{kept.id}?tab=ja")


async def _chosen(request: Request) -> tuple[Group, int]:
    """The group that a form names, found anew; 404 where it is gone or was dismissed."""
    form = await request.form()
    period, also = _days(str(form.get("days", ""))), form.get("elsewhere") == "1"
    installation = _installation(request)
    groups = await asyncio.to_thread(_groups, installation, period, also)
    key = str(form.get("group", ""))
    for group in groups:
        if group.key == key:
            return group, period
    raise HTTPException(404, "There is no such group of questions any more.")


def _groups(installation: Installation, days: int, elsewhere: bool) -> list[Group]:
    release = installation.live.get()
    return installation.unanswered.groups(release, days, elsewhere=elsewhere)


def _groups_and_articles(
    installation: Installation, days: int, elsewhere: bool
) -> tuple[list[Group], dict[str, tuple[str, str]]]:
    """The groups, and by their key the slug and title of the article nearest to each."""
    groups = _groups(installation, days, elsewhere)
    release = installation.live.get()
    nearest: dict[str, tuple[str, str]] = {}
    for group in groups[:SHOWN]:
        known = set(release.articles)
        hits = release.index.search(group.example, group.example_lang, k=1, slugs=known).hits
        if hits:
            title = strip(release.shown(hits[0].slug, "ja").title)
            nearest[group.key] = (hits[0].slug, title)
    return groups, nearest


def _with_questions(article: Article, group: Group) -> Article:
    """`article` with the questions of `group` as variants, in the languages that it has."""
    texts = {
        lang: replace(
            text,
            questions=tuple(dict.fromkeys((*text.questions, *_of_language(group.questions, lang)))),
        )
        for lang, text in article.localizations.items()
    }
    return replace(article, localizations=texts)


def _of_language(questions: Iterable[InVain], lang: str) -> list[str]:
    # What leans on the question before it (「いくら？」) is nobody's way to ask for an article.
    own = (one.question for one in questions if one.lang == lang and not one.context)
    return list(dict.fromkeys(own))[:VARIANTS]


def _title(group: Group) -> str:
    return "・".join(group.name) or group.example[:80]


def _days(text: str) -> int:
    return int(text) if text in {str(period) for period in PERIODS} else 30


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


def _see(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers=PRIVATE)
