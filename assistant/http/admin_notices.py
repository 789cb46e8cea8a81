"""`/admin/notices`: the switch that puts a notice above every page, and disaster mode."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from assistant import notices
from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.answer import JAPAN
from assistant.composition import Installation
from assistant.http.staff_view import PRIVATE, StaffView
from assistant.notices import NoticeRefused, Words, kinds, templates
from assistant.notification import announce
from assistant.push import PushInvalid
from knowledge.article import languages
from knowledge.errors import NoticeMissing
from knowledge.store_notices import NoticeRecord

router = APIRouter(prefix="/admin/notices", tags=["staff"], include_in_schema=False)

Switcher = Annotated[Account, Depends(require(Role.APPROVER, Role.ADMINISTRATOR))]

HOURS = 12
"""Hours after which a notice ends where the form is left as it is."""

log = logging.getLogger(__name__)


@router.get("")
async def notices_page(request: Request, account: Switcher, kind: str = "") -> Response:
    """Show what holds and what was, and the form of a chosen kind with its prepared words."""
    return await _page(request, account, kind=kind if kind in kinds() else "")


@router.post("")
async def put_up(request: Request, account: Switcher) -> Response:
    """Put a notice up, and tell those who asked for its kind where that is wanted."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    installation = _installation(request)
    kind = form.get("kind", "")
    texts = {
        lang: Words(title=form.get(f"title.{lang}", ""), text=form.get(f"text.{lang}", ""))
        for lang in languages()
    }

    def work() -> NoticeRecord:
        return notices.put_up(
            installation.store,
            installation.release_or_none(),
            kind=kind,
            texts=texts,
            until=_moment(form.get("until", "")),
            reason=form.get("reason", ""),
            by=account.name,
            level=form.get("level", ""),
            disaster=form.get("disaster") == "1",
        )

    try:
        record = await asyncio.to_thread(work)
    except NoticeRefused as refusal:
        chosen = kind if kind in kinds() else ""
        return await _page(request, account, kind=chosen, refusal=refusal, form=form, texts=texts)
    task = BackgroundTask(_tell, installation, record) if form.get("push") == "1" else None
    return RedirectResponse(
        "/admin/notices?done=notices.put_up", status_code=303, headers=PRIVATE, background=task
    )


@router.post("/{notice_id}/end")
async def end(request: Request, account: Switcher, notice_id: str) -> Response:
    """End a notice before its time."""
    reason = str((await request.form()).get("reason", "")).strip()
    store = _installation(request).store
    if not reason:
        refusal = NoticeRefused("end", "Ending a notice needs a reason.")
        return await _page(request, account, refusal=refusal)
    try:
        await asyncio.to_thread(lambda: store.end_notice(notice_id, reason=reason, by=account.name))
    except NoticeMissing:
        log.info("a notice that is gone was to be ended")
    return RedirectResponse("/admin/notices?done=notices.ended", status_code=303, headers=PRIVATE)


async def _page(
    request: Request,
    account: Account,
    *,
    kind: str = "",
    refusal: NoticeRefused | None = None,
    form: dict[str, str] | None = None,
    texts: dict[str, Words] | None = None,
) -> Response:
    view = StaffView(request, account)
    store = _installation(request).store
    records = await asyncio.to_thread(store.notices)
    now = store.now()
    until = (now + timedelta(hours=HOURS)).astimezone(JAPAN).strftime("%Y-%m-%dT%H:%M")
    return view.render(
        "staff/notices.html",
        status=400 if refusal else 200,
        title=view.say("notices.title"),
        problem=_words(view, refusal),
        records=records,
        holding=[r for r in records if r.ended_at is None and r.begins_at <= now < r.until],
        now=now,
        kinds=kinds(),
        kind=kinds().get(kind),
        levels=notices.LEVELS,
        words=texts or templates(kind),
        form=form or {},
        until=(form or {}).get("until", until),
        days=notices.LONGEST.days,
        longest=(notices.TITLE, notices.TEXT),
        tongues=languages(),
    )


def _words(view: StaffView, refusal: NoticeRefused | None) -> str:
    if refusal is None:
        return ""
    if refusal.field in languages():
        name = languages()[refusal.field].name
        return view.say("notices.wrong.words", language=name)
    return view.say(f"notices.wrong.{refusal.field}", days=notices.LONGEST.days)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=JAPAN)
    except ValueError as error:
        raise NoticeRefused("until", "The end is not a moment.") from error


def _tell(installation: Installation, record: NoticeRecord) -> None:
    """Tell those who asked for this kind; the page has been answered already."""
    told = {lang: words["title"] for lang, words in record.texts.items()}
    try:
        done = announce(
            installation.push, installation.store.city(), kinds()[record.kind].push, told
        )
    except PushInvalid as error:
        log.warning("a notice was not sent: %s", error)
        return
    log.info("a notice was sent to %s, %s are gone, %s failed", done.sent, done.gone, done.failed)


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation
