"""`/counter/api`: what the counter tablet asks of the server, for staff who are signed in.

Every reply is the whole state of the session (`counter_state`), so that the page draws what
the server knows and nothing is kept twice. See `docs/counter.md` for the fields.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.answer import JAPAN
from assistant.composition import Installation
from assistant.confidence import articles as articles_of
from assistant.counter import handover
from assistant.counter.first_words import begin_to_speak
from assistant.counter.phrasebook import phrase
from assistant.counter.session import (
    CounterSession,
    CounterSessions,
    Said,
    SessionEnded,
    SessionRecord,
    TooManySessions,
    ask_desk,
)
from assistant.counter.typed import NotUnderstood
from assistant.forms.form import forms
from assistant.forms.sheet import record, schema
from assistant.http.counter_state import state, wards
from knowledge.article import languages
from knowledge.ruby import strip
from knowledge.store import Store
from knowledge.store_counter import CounterRecord

log = logging.getLogger(__name__)

router = APIRouter(prefix="/counter/api", tags=["counter"])

SWEEP_SECONDS = 5.0
"""How often idle sessions are looked for."""

FOUND = 8
"""How many articles a search of staff shows."""

Staff = Annotated[Account, Depends(require(Role.COUNTER))]

RequestId = Annotated[
    str, Header(alias="X-Request-Id", max_length=64, description="the same again changes nothing")
]


class Start(BaseModel):
    """A new session in the resident's language."""

    model_config = ConfigDict(extra="forbid")

    lang: str = Field(max_length=20)


class Speech(BaseModel):
    """Something that was said or written on one side."""

    model_config = ConfigDict(extra="forbid")

    side: Literal["resident", "staff"]
    text: str = Field(min_length=1, max_length=2000)
    lang: str = Field(max_length=20)
    kana: str = Field("", max_length=4000)
    spoken: bool = False
    ask: bool = True
    topic: str | None = Field(None, max_length=200, description="slug of the article it is about")


class Decision(BaseModel):
    """What staff decided about one proposal."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["approved", "dropped"]
    text: str = Field("", max_length=4000)


class FormChoice(BaseModel):
    """The form to fill."""

    model_config = ConfigDict(extra="forbid")

    form: str = Field(max_length=100)


class FieldValue(BaseModel):
    """A value that staff confirmed or typed; null takes a confirmed one back."""

    model_config = ConfigDict(extra="forbid")

    value: str | int | list[dict[str, Any]] | None


class Search(BaseModel):
    """Words to find articles by."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=500)
    lang: str = Field("ja", max_length=20)


class Code(BaseModel):
    """The code of a conversation that was handed over."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40)


class End(BaseModel):
    """How the session ended."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["done", "form_printed", "sent_on", "interpreter", "given_up", "idle"] = "done"


@router.post("/sessions")
async def start(request: Request, account: Staff, body: Start) -> JSONResponse:
    """Start a session."""
    if body.lang not in languages():
        raise HTTPException(422, f"{body.lang} is none of the languages of the desk.")
    sessions = _sessions(request)
    await asyncio.to_thread(keep_records, _installation(request).store, sessions.sweep())
    try:
        session = sessions.start(account.name, body.lang)
    except TooManySessions as error:
        raise HTTPException(503, "Too many sessions are open on this server.") from error
    return _reply(request, session)


@router.get("/sessions/{id_}")
async def read(request: Request, account: Staff, id_: str) -> JSONResponse:
    """Return the state of a session."""
    return _reply(request, await open_session(request, account, id_))


@router.post("/sessions/{id_}/said")
async def said(
    request: Request, account: Staff, id_: str, body: Speech, sent: RequestId = ""
) -> JSONResponse:
    """Take in what was said; what a resident asks comes back as proposals."""
    session = await open_session(request, account, id_)
    if not session.is_new(sent):
        return _reply(request, session)
    if body.side == "staff":
        session.staff_said(body.text, lang=body.lang)
        return _reply(request, session)
    answering = session.asking is not None
    japanese = body.text if body.lang in ("ja", "ja-x-easy") else ""
    kana = body.kana if body.spoken else ""
    session.resident_said(
        Said("resident", body.text, body.lang, japanese, spoken=body.spoken, kana=kana)
    )
    if body.ask and not answering:
        installation = _installation(request)
        answer = await asyncio.to_thread(
            ask_desk, installation.live.get, session, body.text, body.kana, body.topic
        )
        begin_to_speak(installation, session, session.take(answer, installation.live.get()))
    return _reply(request, session)


@router.post("/sessions/{id_}/said/{number}/take-back")
async def take_back(request: Request, account: Staff, id_: str, number: int) -> JSONResponse:
    """Forget one thing that the resident said, such as one that was heard wrongly."""
    session = await open_session(request, account, id_)
    try:
        session.take_back(number)
    except IndexError as error:
        raise HTTPException(404, "Nothing of that number was said by the resident.") from error
    return _reply(request, session)


@router.post("/sessions/{id_}/phrases/{phrase_id}")
async def say_phrase(
    request: Request, account: Staff, id_: str, phrase_id: str, sent: RequestId = ""
) -> JSONResponse:
    """Say a sentence of the phrasebook in the resident's language."""
    session = await open_session(request, account, id_)
    if not session.is_new(sent):
        return _reply(request, session)
    chosen = phrase(phrase_id)
    if chosen is None:
        raise HTTPException(404, "There is no such phrase.")
    shown = chosen.words.get(session.lang) or chosen.words["ja"]
    session.staff_said(chosen.text("ja"), shown=shown)
    return _reply(request, session)


@router.post("/sessions/{id_}/articles/{slug}")
async def propose_article(
    request: Request, account: Staff, id_: str, slug: str, sent: RequestId = ""
) -> JSONResponse:
    """Propose an article that staff picked themselves."""
    session = await open_session(request, account, id_)
    if not session.is_new(sent):
        return _reply(request, session)
    installation = _installation(request)
    release = installation.live.get()
    if slug not in release.articles:
        raise HTTPException(404, "There is no such article.")
    title = release.shown(slug, session.lang).title
    answer = await asyncio.to_thread(ask_desk, installation.live.get, session, title, topic=slug)
    begin_to_speak(installation, session, session.take(answer, release))
    return _reply(request, session)


@router.post("/sessions/{id_}/proposals/{proposal}")
async def decide(
    request: Request, account: Staff, id_: str, proposal: str, body: Decision
) -> JSONResponse:
    """Approve, edit or drop a proposal; 409 where the wording holds a figure of its own."""
    session = await open_session(request, account, id_)
    try:
        session.decide(proposal, body.state, body.text.strip())
    except KeyError as error:
        raise HTTPException(404, "There is no such proposal.") from error
    except ValueError as error:
        raise HTTPException(409, f"The article does not hold this figure: {error}") from error
    return _reply(request, session)


@router.post("/sessions/{id_}/form")
async def start_form(request: Request, account: Staff, id_: str, body: FormChoice) -> JSONResponse:
    """Begin a form; what was said so far fills it at once."""
    session = await open_session(request, account, id_)
    if body.form not in forms():
        raise HTTPException(404, "There is no such form.")
    session.start_form(body.form)
    return _reply(request, session)


@router.post("/sessions/{id_}/form/ask/{name}")
async def ask_field(
    request: Request, account: Staff, id_: str, name: str, sent: RequestId = ""
) -> JSONResponse:
    """Ask the resident for a field, in their language."""
    session = await open_session(request, account, id_)
    if not session.is_new(sent):
        return _reply(request, session)
    try:
        session.ask(name)
    except KeyError as error:
        raise HTTPException(404, "The form has no such field.") from error
    return _reply(request, session)


@router.put("/sessions/{id_}/form/{name}")
async def confirm(
    request: Request, account: Staff, id_: str, name: str, body: FieldValue
) -> JSONResponse:
    """Take a value as confirmed by staff."""
    session = await open_session(request, account, id_)
    try:
        session.confirm(name, body.value, _today())
    except KeyError as error:
        raise HTTPException(404, "The form has no such field.") from error
    except NotUnderstood as error:
        raise HTTPException(422, f"This is no value of the kind {error}.") from error
    return _reply(request, session)


@router.get("/sessions/{id_}/record.json")
async def record_json(request: Request, account: Staff, id_: str) -> JSONResponse:
    """Return the filled form after the GIF core data parts, for the city's own system."""
    session = await open_session(request, account, id_)
    if session.form is None:
        raise HTTPException(404, "No form was begun.")
    content = record(session.form, session.confirmed, _today())
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


@router.get("/schema/form.json")
async def form_schema(_: Staff) -> JSONResponse:
    """Return the JSON Schema of `record.json`."""
    return JSONResponse(schema(), media_type="application/schema+json")


@router.post("/articles")
async def find_articles(request: Request, _: Staff, body: Search) -> JSONResponse:
    """Search the articles in Japanese or the resident's language; best first.

    The words travel in the body: addresses are kept in logs.
    """
    if body.lang not in languages():
        raise HTTPException(422, f"{body.lang} is none of the languages of the desk.")
    release = _installation(request).live.get()
    # Topics that no article answers compete in the index, and are nothing to show.
    result = await asyncio.to_thread(release.index.search, body.text, body.lang, k=3 * FOUND)
    found = [
        {"slug": hit.slug, "title": strip(release.shown(hit.slug, "ja").title),
         "summary": strip(release.shown(hit.slug, "ja").summary)}
        for hit in articles_of(result)[:FOUND]
    ]  # fmt: skip
    return JSONResponse({"articles": found}, headers={"Cache-Control": "no-store"})


@router.get("/handovers")
async def waiting(request: Request, _: Staff) -> JSONResponse:
    """List the conversations that wait for somebody with their code, the oldest first."""
    queue = await asyncio.to_thread(_installation(request).store.waiting_handovers)
    told = [{"lang": one.lang, "since": one.created_at.isoformat()} for one in queue]
    return JSONResponse({"waiting": told}, headers={"Cache-Control": "no-store"})


@router.post("/handovers")
async def take_over(request: Request, account: Staff, body: Code) -> JSONResponse:
    """Take over a conversation by its code, as a new session with what was asked so far."""
    store = _installation(request).store
    summary = await asyncio.to_thread(handover.take, store, body.code, account.name)
    if summary is None:
        raise HTTPException(404, "The code is wrong, was used already, or is too old.")
    session = _sessions(request).start(account.name, summary.lang)
    session.take_over(summary, _installation(request).live.get())
    return _reply(request, session)


@router.post("/sessions/{id_}/end")
async def end(request: Request, account: Staff, id_: str, body: End) -> JSONResponse:
    """End the session; nothing of it remains but a line for the office."""
    try:
        kept = _sessions(request).end(id_, account.name, body.outcome)
    except SessionEnded as error:
        raise HTTPException(410, "The session has ended.") from error
    await asyncio.to_thread(keep_records, _installation(request).store, [kept])
    return JSONResponse({"ended": True}, headers={"Cache-Control": "no-store"})


async def open_session(request: Request, account: Account, id_: str) -> CounterSession:
    """Return a session of this account and note that it is used; 410 where it has ended."""
    sessions = _sessions(request)
    if late := sessions.sweep():
        await asyncio.to_thread(keep_records, _installation(request).store, late)
    try:
        return sessions.open(id_, account.name)
    except SessionEnded as error:
        raise HTTPException(410, "The session has ended.") from error


async def sweep(sessions: CounterSessions, store: Store) -> None:
    """Forget idle sessions for as long as the server runs, whether or not anybody asks."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await asyncio.to_thread(keep_records, store, sessions.sweep())
        except Exception:
            log.exception("a line of the office's log could not be kept")


def keep_records(store: Store, ended: list[SessionRecord]) -> None:
    """Write a line of the office's log for each session that has ended."""
    now = store.now().astimezone(JAPAN)
    for session in ended:
        store.add_counter_record(
            CounterRecord(
                now.date(), now.hour, session.procedure, session.form, session.lang,
                session.seconds, session.outcome,
            )
        )  # fmt: skip


def _sessions(request: Request) -> CounterSessions:
    sessions: CounterSessions = request.app.state.counter
    return sessions


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


def _today() -> date:
    return datetime.now(JAPAN).date()


def _reply(request: Request, session: CounterSession) -> JSONResponse:
    content = state(session, _today(), wards(_installation(request).live.get().city))
    return JSONResponse(content, headers={"Cache-Control": "no-store"})
