"""`/admin/files`: editors put images and attachments beside a draft and say them in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from assistant.accounts.guard import check_department
from assistant.accounts.roles import Account, Role
from assistant.editing.article_form import FILES
from assistant.editing.files_form import arranged, with_files
from assistant.editing.overview import states, title_of
from assistant.http.admin_articles import Editor, Reader, see, store_of
from assistant.http.admin_drafts import FRAMING, conflict, draft_of, on_revision, preview
from assistant.http.attached_files import address, size_in_words
from assistant.http.staff_view import PRIVATE, StaffView
from knowledge.article import Article, languages
from knowledge.attached_file import MOST_FILES
from knowledge.attaching import UPLOAD_BYTES, prepared
from knowledge.errors import DraftConflict, DraftState, FileRefused
from knowledge.store import Store

router = APIRouter(prefix="/admin/files", tags=["staff"], include_in_schema=False)

TAKEN = "image/jpeg,image/png,image/webp,application/pdf"
"""What the browser offers to choose; what a file is, its bytes tell."""

LANGUAGES_AND_TABS = frozenset({*languages(), "shared"})


@router.get("/{draft_id}")
async def files_page(request: Request, account: Reader, draft_id: str) -> Response:
    """Show the images and attachments of a draft as a form."""
    draft = await draft_of(request, draft_id)
    if draft.state != "draft" or not account.may(Role.EDITOR, draft.department):
        return see(f"/admin/drafts/{draft_id}/review")
    return await _page(request, account, draft_id, draft.article, draft.revision)


@router.post("/{draft_id}")
async def save_files(request: Request, account: Editor, draft_id: str) -> Response:
    """Take a file in, save what the form says, and go to where the button leads."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    store = store_of(request)
    form, content = await _sent(request)
    go = form.get("go", "")
    revision = int(form["revision"]) if form.get("revision", "").isdecimal() else 0
    base = await on_revision(request, draft, revision)
    article = await asyncio.to_thread(with_files, base.article, form, store.attached_file)
    if go == "add":
        try:
            form |= await asyncio.to_thread(_taken_in, store, article, content, account.name)
        except FileRefused as refused:
            return await _refused(request, account, draft_id, article, revision, refused.reason)
        article = await asyncio.to_thread(with_files, article, form, store.attached_file)
    article = arranged(article, go)
    try:
        await asyncio.to_thread(
            lambda: store.save_draft(
                draft_id,
                article,
                revision=revision,
                by=account.name,
                publish_at=base.publish_at,
                ends_at=base.ends_at,
                confirmed=base.confirmed,
            )
        )
    except (DraftConflict, DraftState):
        if _wants_json(request):
            # The script sends the form again by itself: then the page of the conflict comes.
            return JSONResponse({"conflict": True}, status_code=409, headers=PRIVATE)
        return await conflict(request, account, base, article, form, FILES)
    following = _following(draft_id, go)
    return JSONResponse({"next": following}) if _wants_json(request) else see(following)


@router.post("/{draft_id}/another")
async def another(request: Request, account: Editor, draft_id: str) -> Response:
    """Keep the files of a form on a revision that is no longer the newest as another draft."""
    draft = await draft_of(request, draft_id)
    check_department(account, Role.EDITOR, draft.department)
    store = store_of(request)
    form, _ = await _sent(request)
    revision = int(form["revision"]) if form.get("revision", "").isdecimal() else 0
    base = await on_revision(request, draft, revision)
    kept = await asyncio.to_thread(
        lambda: store.start_draft(
            with_files(base.article, form, store.attached_file),
            department=draft.department,
            by=account.name,
            base_number=draft.base_number,
            publish_at=base.publish_at,
            ends_at=base.ends_at,
            machine=base.machine,
        )
    )
    return see(f"/admin/files/{kept.id}?done=drafts.kept")


@router.post("/{draft_id}/preview")
async def preview_files(request: Request, account: Reader, draft_id: str) -> Response:
    """Show what stands in the form as a resident will see it; nothing is saved."""
    draft = await draft_of(request, draft_id)
    form, _ = await _sent(request)
    described = store_of(request).attached_file
    article = await asyncio.to_thread(with_files, draft.article, form, described)
    return preview(request, article, "ja")


async def _sent(request: Request) -> tuple[dict[str, str], bytes | None]:
    """The fields of a form, and the file that was chosen; None for none."""
    async with request.form() as form:
        file = form.get("file")
        content = None
        if isinstance(file, UploadFile) and file.filename:
            content = await file.read()
        return {name: text for name, text in form.items() if isinstance(text, str)}, content


def _taken_in(store: Store, article: Article, content: bytes | None, by: str) -> dict[str, str]:
    """Keep the file that was sent; return the field of the form that names it.

    Raises `FileRefused`.
    """
    if content is None:
        raise FileRefused("none")
    if len(article.files) >= MOST_FILES:
        raise FileRefused("most")
    made = prepared(content)
    if any(file.digest == made.file.digest for file in article.files):
        raise FileRefused("twice")
    store.keep_file(made, by=by)
    return {f"file.{len(article.files)}": made.file.digest}


def _following(draft_id: str, go: str) -> str:
    """Where a button leads after what the form says was saved."""
    if go == "review":
        return f"/admin/drafts/{draft_id}/review"
    if go in LANGUAGES_AND_TABS:
        return f"/admin/drafts/{draft_id}?tab={go}&done=drafts.saved"
    done = {"add": "files.added", "remove": "files.removed"}.get(go.partition(".")[0])
    return f"/admin/files/{draft_id}?done={done or 'drafts.saved'}"


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "") == "application/json"


async def _refused(
    request: Request, account: Account, draft_id: str, article: Article, revision: int, reason: str
) -> Response:
    words = StaffView(request, account).say(f"files.refused.{reason}")
    if _wants_json(request):
        body = {"error": {"type": "FileRefused", "message": words}}
        return JSONResponse(body, status_code=400, headers=PRIVATE)
    return await _page(request, account, draft_id, article, revision, problem=words)


async def _page(
    request: Request,
    account: Account,
    draft_id: str,
    article: Article,
    revision: int,
    *,
    problem: str = "",
) -> Response:
    view = StaffView(request, account)
    draft = await draft_of(request, draft_id)
    store = store_of(request)
    found = await asyncio.to_thread(lambda: {one.lang: one for one in states(store, article)})
    told = languages()
    return view.render(
        "staff/draft_files.html",
        status=400 if problem else 200,
        title=title_of(article),
        policy=FRAMING,
        draft=draft,
        article=article,
        revision=revision,
        tab=FILES,
        tongues=told,
        langs=[lang for lang in told if lang in article.localizations] or ["ja"],
        states=found,
        names=_names(view, article),
        address=address,
        size=size_in_words,
        taken=TAKEN,
        most_bytes=UPLOAD_BYTES,
        problem=problem,
    )


def _names(view: StaffView, article: Article) -> Mapping[str, str]:
    """What each file is called on the page: images and attachments are counted apart."""
    counts = {"image": 0, "attachment": 0}
    names = {}
    for file in article.files:
        counts[file.kind] += 1
        names[file.digest] = view.say(f"files.{file.kind}", number=counts[file.kind])
    return names
