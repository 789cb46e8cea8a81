"""`/admin/imports`: editors bring files and pages in as drafts, and take everything out again."""

from __future__ import annotations

import asyncio
import io
import tempfile
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from assistant import crawl as crawling
from assistant.accounts.guard import check_department
from assistant.accounts.roles import Account, Role
from assistant.composition import Installation
from assistant.crawls import Crawls
from assistant.http.admin_articles import Editor, see
from assistant.http.refusal_words import refusal_words
from assistant.http.staff_view import PRIVATE, StaffView
from assistant.uploads import Upload, Uploads, source_of, take
from knowledge import importers
from knowledge.article import languages
from knowledge.errors import ImportRefused
from knowledge.importers import faq
from knowledge.store_crawls import Crawl

router = APIRouter(prefix="/admin/imports", tags=["staff"], include_in_schema=False)

OUTCOMES = ("new", "changed", "vanished", "moved", "refused", "unchanged", "waiting")
"""The order in which a report tells what came of pages."""

SILENT = timedelta(minutes=3)
"""A crawl that was not heard of for so long is not worked on any more."""

DEEPEST = 5
SHOWN = 500


@router.get("")
async def imports_page(request: Request, account: Editor) -> Response:
    """Show the forms for files and pages, and the crawls there were."""
    return await _imports(request, account)


@router.post("/file")
async def upload_file(request: Request, account: Editor) -> Response:
    """Keep a file and show what it would become."""
    async with request.form() as form:
        file, department = form.get("file"), str(form.get("department", ""))
        lang = str(form.get("lang", ""))
        check_department(account, Role.EDITOR, department)
        if not isinstance(file, UploadFile) or not file.filename:
            return await _imports(request, account, "imports.problem.file")
        content, name = await file.read(), file.filename
    upload = await asyncio.to_thread(
        lambda: _uploads(request).keep(
            name,
            content,
            department=department,
            lang=lang if lang in languages() else None,
            by=account.name,
        )
    )
    return await _file(request, account, upload)


@router.get("/file")
async def no_file(account: Editor) -> Response:
    """Lead somebody who loads the page of a file that was sent again back to the forms."""
    return see("/admin/imports")


@router.get("/file/{upload_id}")
async def file_page(request: Request, account: Editor, upload_id: str) -> Response:
    """Show what a file would become, with the columns that the address names."""
    return await _file(request, account, await _upload(request, account, upload_id))


@router.post("/file/{upload_id}")
async def take_file(request: Request, account: Editor, upload_id: str) -> Response:
    """Make drafts of a file, or show it again with other columns."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    upload = await _upload(request, account, upload_id)
    check_department(account, Role.EDITOR, upload.department)
    columns = {role: form[role] for role in faq.ROLES if role in form}
    if form.get("go") == "preview":
        return await _file(request, account, upload, columns)
    installation = _installation(request)
    try:
        taken = await asyncio.to_thread(
            take,
            installation.store,
            upload,
            columns,
            installation.settings.imports.max_bytes,
            lambda department: account.may(Role.EDITOR, department),
        )
    except ImportRefused as error:
        return await _file(request, account, upload, columns, error)
    await asyncio.to_thread(_uploads(request).drop, upload_id)
    view = StaffView(request, account)
    return view.render(
        "staff/imports_taken.html",
        title=view.say("imports.taken.title"),
        upload=upload,
        taken=taken,
        refused=[(name, refusal_words(view, error)) for name, error in taken.refused],
    )


@router.post("/crawls")
async def start_crawl(request: Request, account: Editor) -> Response:
    """Begin a crawl of the city's own pages."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    department, depth = form.get("department", ""), form.get("depth", "")
    check_department(account, Role.EDITOR, department)
    installation = _installation(request)
    try:
        crawl = await asyncio.to_thread(
            lambda: crawling.begin(
                installation.store,
                installation.settings.crawl,
                form.get("addresses", "").split(),
                sitemap="sitemap" in form,
                depth=min(int(depth), DEEPEST) if depth.isdecimal() and len(depth) < 3 else 1,
                department=department,
                by=account.name,
            )
        )
    except crawling.CrawlRefused as refused:
        words = refusal_words(StaffView(request, account), refused)
        return await _imports(request, account, "imports.problem.crawl", words, form)
    _crawls(request).start(crawl)
    return see(f"/admin/imports/crawls/{crawl.id}?done=imports.crawl_started")


@router.get("/crawls/{crawl_id}")
async def crawl_page(request: Request, account: Editor, crawl_id: str) -> Response:
    """Show how far a crawl is, and what came of its pages."""
    crawl = await _crawl(request, crawl_id)
    pages = await asyncio.to_thread(_installation(request).store.crawl_pages, crawl_id)
    counts = Counter(page.outcome or "waiting" for page in pages)
    pages.sort(key=lambda page: OUTCOMES.index(page.outcome or "waiting"))
    view = StaffView(request, account)
    return view.render(
        "staff/imports_crawl.html",
        title=view.say("imports.crawl.title"),
        crawl=crawl,
        counts=[(outcome, counts[outcome]) for outcome in OUTCOMES if counts[outcome]],
        pages=pages[:SHOWN],
        more=max(0, len(pages) - SHOWN),
        runs=_runs(request, crawl),
        may=account.may(Role.EDITOR, crawl.department),
    )


@router.post("/crawls/{crawl_id}/stop")
async def stop_crawl(request: Request, account: Editor, crawl_id: str) -> Response:
    """Ask a crawl to stop after the page that it is at."""
    crawl = await _crawl(request, crawl_id)
    check_department(account, Role.EDITOR, crawl.department)
    store = _installation(request).store
    await asyncio.to_thread(lambda: store.stop_crawl(crawl_id, by=account.name))
    return see(f"/admin/imports/crawls/{crawl_id}?done=imports.crawl_stopped")


@router.post("/crawls/{crawl_id}/resume")
async def resume_crawl(request: Request, account: Editor, crawl_id: str) -> Response:
    """Go on with a crawl that was stopped, or whose server ended."""
    crawl = await _crawl(request, crawl_id)
    check_department(account, Role.EDITOR, crawl.department)
    store = _installation(request).store
    again = lambda: store.resume_crawl(crawl_id, by=account.name)  # noqa: E731
    if not _runs(request, crawl) and await asyncio.to_thread(again):
        _crawls(request).start(crawl)
    return see(f"/admin/imports/crawls/{crawl_id}?done=imports.crawl_started")


@router.get("/export.zip")
async def export(request: Request, account: Editor) -> Response:
    """Return every article in force and the city's values as the files that `import` reads."""
    content = await asyncio.to_thread(_zipped, _installation(request))
    headers = {"Content-Disposition": 'attachment; filename="madoguchi.zip"', **PRIVATE}
    return Response(content, media_type="application/zip", headers=headers)


def _zipped(installation: Installation) -> bytes:
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        installation.export(folder)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()


async def _imports(
    request: Request,
    account: Account,
    problem: str = "",
    detail: str = "",
    form: dict[str, str] | None = None,
) -> Response:
    view = StaffView(request, account)
    crawls = await asyncio.to_thread(_installation(request).store.crawls)
    return view.render(
        "staff/imports.html",
        status=400 if problem else 200,
        title=view.say("imports.title"),
        problem=f"{view.say(problem)} {detail}".strip() if problem else "",
        form=form or {},
        departments=_departments(view, account),
        tongues=languages(),
        depths=range(DEEPEST + 1),
        crawls=crawls,
        megabytes=_installation(request).settings.imports.max_bytes // 1_000_000,
    )


async def _file(
    request: Request,
    account: Account,
    upload: Upload,
    columns: dict[str, str] | None = None,
    refused: ImportRefused | None = None,
) -> Response:
    """What a file would become: a table with its columns, or the title of a document."""
    view = StaffView(request, account)
    largest = _installation(request).settings.imports.max_bytes

    def read() -> tuple[faq.Preview | None, list[str]]:
        source = source_of(upload)
        if source.content and importers.is_table(source):
            return faq.preview(source, columns), []
        articles = importers.read(upload.content, upload.name, lang=upload.lang, largest=largest)
        return None, [text.title for one in articles for text in one.localizations.values()]

    table, titles = None, list[str]()
    try:
        table, titles = await asyncio.to_thread(read)
    except ImportRefused as error:
        refused = refused or error
    return view.render(
        "staff/imports_file.html",
        status=400 if refused else 200,
        title=view.say("imports.file.title"),
        problem=f"{view.say('imports.problem.refused')} {refusal_words(view, refused)}"
        if refused
        else "",
        upload=upload,
        table=table,
        titles=titles,
        roles=faq.ROLES,
        chosen=(table.roles if table else {}) | (columns or {}),
    )


async def _upload(request: Request, account: Account, upload_id: str) -> Upload:
    upload = await asyncio.to_thread(_uploads(request).get, upload_id, account.name)
    if upload is None:
        raise HTTPException(404, "There is no such file any more.")
    return upload


async def _crawl(request: Request, crawl_id: str) -> Crawl:
    crawl = await asyncio.to_thread(_installation(request).store.crawl, crawl_id)
    if crawl is None:
        raise HTTPException(404, "There is no such crawl.")
    return crawl


def _runs(request: Request, crawl: Crawl) -> bool:
    """Say whether somebody works on a crawl: this server, or one that was heard of lately."""
    if crawl.state not in ("running", "stopping"):
        return False
    heard = _installation(request).store.now() - crawl.seen_at
    return _crawls(request).is_at(crawl) or heard < SILENT


def _departments(view: StaffView, account: Account) -> list[tuple[str, str]]:
    """The departments in which somebody may edit, with their names."""
    allowed = account.departments(Role.EDITOR)
    store = _installation(view.request).store
    known = {one.owner for one in store.articles(store.today())} if allowed is None else allowed
    return sorted(((key, view.department(key)) for key in known if key), key=lambda pair: pair[1])


def _uploads(request: Request) -> Uploads:
    return Uploads(_installation(request).settings.data / "uploads")


def _crawls(request: Request) -> Crawls:
    crawls: Crawls = request.app.state.crawls
    return crawls


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation
