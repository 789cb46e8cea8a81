"""The web application: routes, background work, and words for what goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from assistant import language
from assistant.accounts.guard import StaffRefused
from assistant.answer import Desk
from assistant.composition import Installation
from assistant.counter.session import CounterSessions
from assistant.crawls import Crawls
from assistant.editing.candidate_check import Checks
from assistant.editing.machine_drafts import MachineDrafts
from assistant.http import (
    admin_accounts,
    admin_articles,
    admin_audit,
    admin_checks,
    admin_drafts,
    admin_files,
    admin_imports,
    admin_insight,
    admin_machine_drafts,
    admin_notices,
    admin_releases,
    admin_reviews,
    admin_unanswered,
    api_page,
    article_pages,
    articles,
    ask_page,
    attached_files,
    chat,
    counter,
    counter_pages,
    feedback,
    handover,
    handover_page,
    health,
    notice,
    open_data,
    openai_audio,
    openai_chat,
    pages,
    push,
    qr,
    sign_in,
    sign_in_directory,
    speech,
    visitor_token,
    welcome,
    widget_files,
)
from assistant.http.body_limit import BodyLimit
from assistant.http.desk_pool import DeskPool
from assistant.http.disaster import DisasterDoors
from assistant.http.head_requests import HeadRequests
from assistant.http.metrics import Metrics
from assistant.http.openai_audio import AudioWork
from assistant.http.problem_pages import problem_page, wants_page
from assistant.http.protection import protect
from assistant.http.speech_sessions import SpeechSessions
from assistant.http.staff_problems import staff_refusal
from assistant.publishing import LONGEST, Publishing
from knowledge.attaching import UPLOAD_BYTES
from knowledge.errors import KnowledgeError
from knowledge.store_base import utc_now

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.5
"""How often the pointer to the current release is looked at."""

DRAFT_BYTES = 2_000_000
"""The largest form of a draft: an imported report of a hundred pages in Japanese."""

EXPIRE_SECONDS = 60.0
"""How often expired conversations are deleted."""


def create_app(installation: Installation) -> FastAPI:
    """Return the application for `installation`; models are loaded when it starts."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = installation.settings.server.workers
        executor = ThreadPoolExecutor(workers, thread_name_prefix="desk")
        desk = await asyncio.to_thread(_warm, installation)
        app.state.desk = DeskPool(desk, executor, workers, app.state.metrics)
        sessions = SpeechSessions(installation.speech_desk(), app.state.metrics)
        app.state.speech_sessions = sessions
        app.state.ready = True
        tasks = [
            asyncio.create_task(_watch(installation, app.state.metrics)),
            asyncio.create_task(_keep(installation)),
            asyncio.create_task(counter.sweep(app.state.counter, installation.store)),
            asyncio.create_task(_expire(installation)),
        ]
        try:
            yield
        finally:
            app.state.ready = False
            for task in tasks:
                task.cancel()
            sessions.close()
            app.state.checks.close()
            app.state.machine_drafts.close()
            app.state.crawls.close()
            executor.shutdown(wait=True)

    app = FastAPI(
        title="Madoguchi",
        description="The multilingual AI help desk of a city: cited answers from its procedures.",
        version="0.1.0",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.installation = installation
    app.state.metrics = Metrics()
    app.state.ready = False
    app.state.visitor_tokens = visitor_token.VisitorTokens(installation.visitor_key)
    listening = installation.settings.speech
    app.state.speech_connections = speech.Connections(
        listening.connections, listening.connections_per_visitor
    )
    app.state.audio_work = AudioWork()
    app.state.checks = Checks(installation)
    app.state.machine_drafts = MachineDrafts(installation)
    app.state.crawls = Crawls(installation)
    app.state.counter = CounterSessions(
        utc_now, timedelta(minutes=installation.settings.counter.idle_minutes)
    )
    recordings = {"/v1/audio/transcriptions": listening.recording_bytes}
    uploads = {"/admin/imports/file": installation.settings.imports.max_bytes + 10_000}
    files = {"/admin/files/": UPLOAD_BYTES + DRAFT_BYTES}
    larger = {**recordings, **uploads, **files, "/admin/drafts/": DRAFT_BYTES}
    app.add_middleware(BodyLimit, limit=64_000, larger=larger)
    if installation.settings.server.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=installation.settings.server.allowed_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["content-type", "accept", visitor_token.HEADER],
        )
    protect(app, installation.settings.server)
    app.add_middleware(HeadRequests)
    app.add_middleware(DisasterDoors, off=list(installation.settings.disaster.off))
    for module in (
        chat,
        articles,
        attached_files,
        counter,
        counter_pages,
        handover,
        handover_page,
        feedback,
        open_data,
        openai_audio,
        openai_chat,
        health,
        notice,
        push,
        qr,
        sign_in,
        sign_in_directory,
        admin_accounts,
        admin_audit,
        admin_articles,
        admin_drafts,
        admin_files,
        admin_imports,
        admin_machine_drafts,
        admin_reviews,
        admin_releases,
        admin_unanswered,
        admin_insight,
        admin_checks,
        admin_notices,
        visitor_token,
        speech,
        welcome,
        widget_files,
        pages,
        article_pages,
        ask_page,
        api_page,
    ):
        app.include_router(module.router)
    app.add_exception_handler(StaffRefused, staff_refusal)
    app.add_exception_handler(KnowledgeError, _knowledge_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _warm(installation: Installation) -> Desk:
    """Load everything and answer one question, so that a broken model is seen at the start."""
    language.warm()
    release = installation.live.get()
    title = next(iter(release.articles.values())).localizations
    text = next(iter(title.values())).title
    release.index.search(text, "ja", k=1)
    return installation.desk


async def _watch(installation: Installation, metrics: Metrics) -> None:
    """Take up what another process built; what this one built is answered from already."""
    known = installation.live.get().info.id
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await asyncio.to_thread(installation.live.refresh)
            if known != (now := installation.live.get().info.id):
                known = now
                metrics.release_swaps.inc()
                log.info("now answering from release %s", now)
        except Exception:
            log.exception("the new release could not be loaded; the old one answers on")


async def _keep(installation: Installation) -> None:
    """Publish what was approved at its moment, and build releases of what is in force."""
    publishing = Publishing(installation)
    while True:
        await asyncio.sleep(publishing.seconds())
        try:
            await asyncio.to_thread(publishing.work)
        except Exception:
            log.exception("publishing failed; it is tried again")
            await asyncio.sleep(LONGEST)


async def _expire(installation: Installation) -> None:
    """Delete expired conversations."""
    while True:
        await asyncio.sleep(EXPIRE_SECONDS)
        try:
            await asyncio.to_thread(installation.conversations.expire)
        except Exception:
            log.exception("expired conversations could not be deleted; it is tried again")


def _problem(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status)


async def _knowledge_error(request: Request, error: Exception) -> Response:
    log.error("%s", error)
    if wants_page(request):
        return problem_page(request, 503)
    return _problem(503, type(error).__name__, str(error))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return _problem(422, "InvalidRequest", f"{where or 'body'}: {first['msg']}")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if wants_page(request):
        return problem_page(request, error.status_code)
    return _problem(error.status_code, "HTTPError", str(error.detail))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    if wants_page(request):
        return problem_page(request, 500)
    return _problem(500, "InternalError", "Something went wrong on our side; nothing was lost.")
