"""`/admin/drafts`: editors write drafts, one tab a language, and see them as residents will."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.guard import check_department
from assistant.accounts.roles import Account, Role
from assistant.editing.article_form import (
    FILES,
    SHARED,
    Entered,
    entered,
    moment_value,
    new_article,
    section_rows,
)
from assistant.editing.overview import states, title_of
from assistant.editing.translation import gaps
from assistant.http.admin_articles import Editor, Reader, see, store_of
from assistant.http.article_pages import article_context, shown_text
from assistant.http.page_view import View
from assistant.http.security_headers import PAGE_POLICY
from assistant.http.staff_view import PRIVATE, StaffView
from knowledge.article import FACT_NAMES, LIFE_EVENTS, LIST_FACTS, Article, languages
from knowledge.article_difference import differences
from knowledge.article_rules import check_slug
from knowledge.easy_japanese import LANG as EASY
from knowledge.easy_japanese import hardness
from knowledge.errors import ArticleInvalid, DraftConflict, DraftMissing, DraftState
from knowledge.machine_text import marks_of
from knowledge.release_content import rendered, with_readings
from knowledge.ruby import strip
from knowledge.ruby_annotation import annotate_localization
from knowledge.store_drafts import Draft
from knowledge.translations import ORIGINAL

router = APIRouter(prefix="/admin/drafts", tags=["staff"], include_in_schema=False)

FRAMING = PAGE_POLICY + "; frame-src 'self'"
"""The form shows the preview in a frame of its own."""

FRAMED = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""The preview may stand in a frame of our own pages."""

FOUND = 8
"""How many articles a search for related ones shows."""


@router.get("")
async def drafts_page(request: Request, account: Reader) -> Response:
    """List the drafts that wait for somebody."""
    view = StaffView(request, account)
    drafts = await asyncio.to_thread(store_of(request).drafts)
    return view.render(
        "staff/drafts.html",
        title=view.say("drafts.title"),
        drafts=[(draft, title_of(draft.article)) for draft in drafts],
    )


@router.get("/new")
async def new_page(request: Request, account: Editor) -> Response:
    """Show the form for a new article."""
    return await _new(request, account, {})


@router.post("/new")
async def start_new(request: Request, account: Editor) -> Response:
    """Begin the draft of a new article."""
    store = store_of(request)
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    slug, title, owner = form.get("slug", ""), form.get("title", ""), form.get("owner", "")
    problems = {}
    try:
        check_slug(slug)
        if await asyncio.to_thread(store.versions, slug):
            problems["slug"] = "slug_taken"
    except ArticleInvalid:
        problems["slug"] = "slug"
    if not title:
        problems["title"] = "title"
    if form.get("life_event") not in LIFE_EVENTS:
        problems["life_event"] = "life_event"
    if problems:
        return await _new(request, account, form, problems)
    check_department(account, Role.EDITOR, owner)
    article = new_article(
        slug, title, owner=owner, life_event=form["life_event"], today=store.today()
    )
    draft = await asyncio.to_thread(
        lambda: store.start_draft(article, department=owner, by=account.name)
    )
    return see(f"/admin/drafts/{draft.id}?tab=ja")


@router.get("/{draft_id}")
async def draft_page(request: Request, account: Reader, draft_id: str) -> Response:
    """Show one tab of a draft as a form; a draft that is not being written, its review."""
    draft = await draft_of(request, draft_id)
    if draft.state != "draft" or not account.may(Role.EDITOR, draft.department):
        return see(f"/admin/drafts/{draft_id}/review")
    if request.query_params.get("tab") == FILES:
        return see(f"/admin/files/{draft_id}")
    return await _form(request, account, draft, _tab(request.query_params.get("tab", "ja")))


@router.post("/{draft_id}")
async def save(request: Request, account: Editor, draft_id: str) -> Response:
    """Save one tab of a draft, and go to where the button leads."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    store = store_of(request)
    form = await _values(request)
    tab, revision = _tab(form.get("tab", "")), _number(form.get("revision", ""))
    base = await on_revision(request, draft, revision)
    told = entered(form, base, tab, account.name)
    if told.problems:
        return await _form(request, account, draft, tab, told=told, form=form)
    try:
        saved = await asyncio.to_thread(
            lambda: store.save_draft(
                draft_id,
                told.article,
                revision=revision,
                by=account.name,
                publish_at=told.publish_at,
                ends_at=told.ends_at,
                confirmed=told.confirmed,
                machine=told.machine,
            )
        )
    except (DraftConflict, DraftState):
        return await conflict(request, account, base, told.article, form)
    go = form.get("go", tab)
    # What was searched for stays in its box; only its own button, or Enter, searches again.
    if form.get("find", "").strip() and go in ("find", tab):
        return await _form(request, account, saved, tab, form=form)
    if go == "review":
        return see(f"/admin/drafts/{draft_id}/review")
    if go == FILES:
        return see(f"/admin/files/{draft_id}?done=drafts.saved")
    if go == "machine" and can_translate(request, saved, tab):
        request.app.state.machine_drafts.start(saved, tab, by=account.name)
        return see(f"/admin/drafts/{draft_id}/machine?tab={tab}")
    to = tab if go in ("find", "save", "machine") else _tab(go)
    return see(f"/admin/drafts/{draft_id}?tab={to}&done=drafts.saved")


@router.post("/{draft_id}/another")
async def another(request: Request, account: Editor, draft_id: str) -> Response:
    """Keep what somebody typed, on a revision that is no longer the newest, as another draft."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    store = store_of(request)
    form = await _values(request)
    base = await on_revision(request, draft, _number(form.get("revision", "")))
    told = entered(form, base, _tab(form.get("tab", "")), account.name)
    kept = await asyncio.to_thread(
        lambda: store.start_draft(
            told.article,
            department=draft.department,
            by=account.name,
            base_number=draft.base_number,
            publish_at=told.publish_at,
            ends_at=told.ends_at,
            machine=told.machine,
        )
    )
    return see(f"/admin/drafts/{kept.id}?tab={_tab(form.get('tab', ''))}&done=drafts.kept")


@router.get("/{draft_id}/preview")
async def preview_page(request: Request, account: Reader, draft_id: str) -> Response:
    """Show what is saved of a draft as a resident will see it."""
    draft = await draft_of(request, draft_id)
    return preview(request, draft.article, _tab(request.query_params.get("tab", "ja")))


@router.post("/{draft_id}/preview")
async def preview_form(request: Request, account: Reader, draft_id: str) -> Response:
    """Show what stands in the form as a resident will see it; nothing is saved."""
    draft = await draft_of(request, draft_id)
    form = await _values(request)
    tab = _tab(form.get("tab", ""))
    return preview(request, entered(form, draft, tab).article, tab)


def preview(request: Request, article: Article, tab: str) -> HTMLResponse:
    """Return an article that is not published in the pages' own template."""
    lang = tab if tab in languages() else "ja"
    view = View(request, lang)
    city = view.release.city
    if not article.localizations:
        return StaffView(request).render("staff/preview_empty.html", policy=FRAMED)
    shown = rendered(article, city, with_readings(city))
    text = shown_text(replace(shown, number=0), lang)
    page = view.render(
        "preview.html",
        title=strip(text.title),
        **article_context(view, replace(shown, number=0), text, None),
    )
    page.headers["Content-Security-Policy"] = FRAMED
    page.headers.update(PRIVATE)
    return page


async def draft_of(request: Request, draft_id: str) -> Draft:
    """Return a draft; a page that says so where there is none."""
    try:
        return await asyncio.to_thread(store_of(request).draft, draft_id)
    except DraftMissing as missing:
        raise HTTPException(404, str(missing)) from missing


async def on_revision(request: Request, draft: Draft, revision: int) -> Draft:
    """Return the draft as it was at the revision that a form was made from."""
    if revision == draft.revision:
        return draft
    revisions = await asyncio.to_thread(store_of(request).revisions, draft.id)
    found = next((one for one in revisions if one.revision == revision), None)
    return replace(draft, article=found.article, machine=found.machine) if found else draft


def can_translate(request: Request, draft: Draft, tab: str) -> bool:
    """Say whether there is a model, and something of the Japanese text that `tab` lacks."""
    has_model = request.app.state.installation.article_drafting is not None
    is_translation = tab in languages() and tab != ORIGINAL
    return has_model and is_translation and bool(gaps(draft.article, tab))


async def _new(
    request: Request,
    account: Account,
    form: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
) -> Response:
    view = StaffView(request, account)
    return view.render(
        "staff/draft_new.html",
        status=400 if problems else 200,
        title=view.say("drafts.new.title"),
        form=form,
        problems=problems or {},
        departments=_departments(view, account),
        events=LIFE_EVENTS,
        events_in=View(request, view.lang),
    )


async def _form(
    request: Request,
    account: Account,
    draft: Draft,
    tab: str,
    *,
    told: Entered | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    view = StaffView(request, account)
    article = told.article if told else draft.article
    text = article.localizations.get(tab)
    store = store_of(request)
    found = await asyncio.to_thread(lambda: {one.lang: one for one in states(store, article)})
    others = await asyncio.to_thread(lambda: store.drafts(slug=draft.slug))
    hard = hardness(annotate_localization(text)) if text and tab == EASY else []
    wanted = (form or {}).get("find", "").strip()
    return view.render(
        "staff/draft.html",
        status=400 if told else 200,
        title=title_of(article),
        policy=FRAMING,
        draft=draft,
        article=article,
        tab=tab,
        text=text,
        original=article.localizations.get("ja"),
        states=found,
        hard=hard,
        problems=told.problems if told else {},
        form=form or {},
        confirmed=tab in draft.confirmed,
        others=[one for one in others if one.id != draft.id],
        tongues=languages(),
        facts=FACT_NAMES,
        list_facts=LIST_FACTS,
        fact_name=lambda name: strip(View(request, view.lang).says(f"fact_labels.{name}")),
        sections=section_rows(text),
        machine=marks_of(text, tab, told.machine if told else draft.machine),
        can_translate=can_translate(request, draft, tab),
        translating=request.app.state.machine_drafts.running(draft.id),
        events=LIFE_EVENTS,
        events_in=View(request, view.lang),
        moment_value=moment_value,
        related=[(slug, _title(view, slug)) for slug in article.related],
        wanted=wanted,
        suggested=_search(view, wanted, {*article.related, article.slug}) if wanted else [],
    )


async def conflict(
    request: Request,
    account: Account,
    base: Draft,
    article: Article,
    form: Mapping[str, str],
    place: str = "drafts",
) -> Response:
    """Tell who saved in between and since when, and show both texts; nothing is lost."""
    view = StaffView(request, account)
    now = await draft_of(request, base.id)
    hidden = [(name, value) for name, value in form.items() if name not in ("go", "form_token")]
    return view.render(
        "staff/draft_conflict.html",
        status=409,
        title=view.say("drafts.conflict.title"),
        draft=now,
        tab=_tab(form.get("tab", "")),
        differences=differences(now.article, article),
        fields=hidden,
        place=place,
        tongues=languages(),
    )


async def _values(request: Request) -> dict[str, str]:
    """What a form holds; the ticked related articles as lines."""
    form = await request.form()
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    related = [value for value in form.getlist("related") if isinstance(value, str)]
    return {**values, "related": "\n".join(dict.fromkeys(related))}


def _departments(view: StaffView, account: Account) -> list[tuple[str, str]]:
    """The departments in which somebody may edit, with their names."""
    allowed = account.departments(Role.EDITOR)
    known = {one.owner for one in view.request.app.state.installation.live.get().articles.values()}
    keys = (known if allowed is None else set(allowed)) - {""}
    return sorted(((key, view.department(key)) for key in keys), key=lambda pair: pair[1])


def _title(view: StaffView, slug: str) -> str:
    article = view.request.app.state.installation.live.get().articles.get(slug)
    return title_of(article) if article else slug


def _search(view: StaffView, words: str, without: set[str]) -> list[tuple[str, str]]:
    """The articles that a search finds, with their titles."""
    release: Any = view.request.app.state.installation.live.get()
    hits = release.index.search(words[:200], "ja", k=FOUND + len(without)).hits
    slugs = dict.fromkeys(hit.slug for hit in hits)
    found = [slug for slug in slugs if slug in release.articles and slug not in without]
    return [(slug, _title(view, slug)) for slug in found[:FOUND]]


def _tab(wish: str) -> str:
    return wish if wish in languages() or wish == SHARED else "ja"


def _number(told: str) -> int:
    return int(told) if told.isdecimal() and len(told) < 9 else 0
