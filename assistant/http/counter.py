"""`/counter/api`: what the counter tablet asks of the server, for staff who are signed in.

Every reply is the whole state of the session (`_state`), so that the page draws what
the server knows and nothing is kept twice. See `docs/counter.md` for the fields.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.accounts.guard import require
from assistant.accounts.roles import Account, Role
from assistant.answer import JAPAN
from assistant.composition import Installation
from assistant.counter import handover
from assistant.counter.phrasebook import phrase
from assistant.counter.proposals import Proposal
from assistant.counter.session import (
    CounterSession,
    CounterSessions,
    Said,
    SessionEnded,
    SessionRecord,
    TooManySessions,
    ask_desk,
)
from assistant.forms.checks import Finding
from assistant.forms.form import Form, forms
from assistant.forms.sheet import record
from knowledge.article import languages
from knowledge.store_counter import CounterRecord

router = APIRouter(prefix="/counter/api", tags=["counter"])

Staff = Annotated[Account, Depends(require(Role.COUNTER))]


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


class Code(BaseModel):
    """The code of a conversation that was handed over."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40)


class End(BaseModel):
    """How the session ended."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["done", "form_printed", "sent_on", "interpreter", "given_up"] = "done"


@router.post("/sessions")
async def start(request: Request, account: Staff, body: Start) -> JSONResponse:
    """Start a session."""
    if body.lang not in languages():
        raise HTTPException(422, f"{body.lang} is none of the languages of the desk.")
    sessions = _sessions(request)
    _keep(request, sessions.sweep())
    try:
        session = sessions.start(account.name, body.lang)
    except TooManySessions as error:
        raise HTTPException(503, "Too many sessions are open on this server.") from error
    return _reply(request, session)


@router.get("/sessions/{id_}")
async def state(request: Request, account: Staff, id_: str) -> JSONResponse:
    """Return the state of a session."""
    return _reply(request, _open(request, account, id_))


@router.post("/sessions/{id_}/said")
async def said(request: Request, account: Staff, id_: str, body: Speech) -> JSONResponse:
    """Take in what was said; what a resident asks comes back as proposals."""
    session = _open(request, account, id_)
    if body.side == "staff":
        session.staff_said(body.text, lang=body.lang)
        return _reply(request, session)
    answering = session.asking is not None
    japanese = body.text if body.lang in ("ja", "ja-x-easy") else ""
    session.resident_said(
        Said("resident", body.text, body.lang, japanese=japanese, spoken=body.spoken)
    )
    if body.ask and not answering:
        installation = _installation(request)
        answer = await asyncio.to_thread(
            ask_desk, installation.live.get, session, body.text, body.kana
        )
        session.take(answer, installation.live.get())
    return _reply(request, session)


@router.post("/sessions/{id_}/phrases/{phrase_id}")
async def say_phrase(request: Request, account: Staff, id_: str, phrase_id: str) -> JSONResponse:
    """Say a sentence of the phrasebook in the resident's language."""
    session = _open(request, account, id_)
    chosen = phrase(phrase_id)
    if chosen is None:
        raise HTTPException(404, "There is no such phrase.")
    session.staff_said(chosen.text("ja"), shown=chosen.text(session.lang))
    return _reply(request, session)


@router.post("/sessions/{id_}/articles/{slug}")
async def propose_article(request: Request, account: Staff, id_: str, slug: str) -> JSONResponse:
    """Propose an article that staff picked themselves."""
    session = _open(request, account, id_)
    installation = _installation(request)
    release = installation.live.get()
    if slug not in release.articles:
        raise HTTPException(404, "There is no such article.")
    title = release.shown(slug, session.lang).title
    answer = await asyncio.to_thread(ask_desk, installation.live.get, session, title, topic=slug)
    session.take(answer, release)
    return _reply(request, session)


@router.post("/sessions/{id_}/proposals/{proposal}")
async def decide(
    request: Request, account: Staff, id_: str, proposal: str, body: Decision
) -> JSONResponse:
    """Approve, edit or drop a proposal; 409 where the wording holds a figure of its own."""
    session = _open(request, account, id_)
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
    session = _open(request, account, id_)
    if body.form not in forms():
        raise HTTPException(404, "There is no such form.")
    session.start_form(body.form)
    return _reply(request, session)


@router.post("/sessions/{id_}/form/ask/{name}")
async def ask_field(request: Request, account: Staff, id_: str, name: str) -> JSONResponse:
    """Ask the resident for a field, in their language."""
    session = _open(request, account, id_)
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
    session = _open(request, account, id_)
    try:
        session.confirm(name, body.value)
    except KeyError as error:
        raise HTTPException(404, "The form has no such field.") from error
    return _reply(request, session)


@router.get("/sessions/{id_}/record.json")
async def record_json(request: Request, account: Staff, id_: str) -> JSONResponse:
    """Return the filled form after the GIF core data parts, for the city's own system."""
    session = _open(request, account, id_)
    if session.form is None:
        raise HTTPException(404, "No form was begun.")
    content = record(session.form, session.confirmed, _today())
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


@router.post("/handovers")
async def take_over(request: Request, account: Staff, body: Code) -> JSONResponse:
    """Take over a conversation by its code, as a new session with what was asked so far."""
    store = _installation(request).store
    summary = await asyncio.to_thread(handover.take, store, body.code, account.name)
    if summary is None:
        raise HTTPException(404, "The code is wrong, was used already, or is too old.")
    session = _sessions(request).start(account.name, summary.lang)
    for question in summary.questions:
        japanese = question if summary.lang.startswith("ja") else ""
        session.resident_said(Said("resident", question, summary.lang, japanese=japanese))
    if summary.slugs:
        session.procedure = summary.slugs[-1]
    return _reply(request, session)


@router.post("/sessions/{id_}/end")
async def end(request: Request, account: Staff, id_: str, body: End) -> JSONResponse:
    """End the session; nothing of it remains but a line for the office."""
    try:
        kept = _sessions(request).end(id_, account.name, body.outcome)
    except SessionEnded as error:
        raise HTTPException(410, "The session has ended.") from error
    _keep(request, [kept])
    return JSONResponse({"ended": True}, headers={"Cache-Control": "no-store"})


def _open(request: Request, account: Account, id_: str) -> CounterSession:
    sessions = _sessions(request)
    _keep(request, sessions.sweep())
    try:
        return sessions.open(id_, account.name)
    except SessionEnded as error:
        raise HTTPException(410, "The session has ended.") from error


def _keep(request: Request, ended: list[SessionRecord]) -> None:
    store = _installation(request).store
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
    content = _state(session, _wards(request))
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


def _wards(request: Request) -> tuple[str, ...]:
    """The names of the city's wards: what its offices are called before 役所."""
    city = _installation(request).live.get().city
    names = [city.text(key, "ja") for key in city.values if key.startswith("office.")]
    return tuple(name.split("役所")[0] for name in names if "区役所" in name)


def _state(session: CounterSession, wards: tuple[str, ...]) -> dict[str, Any]:
    today = _today()
    return {
        "id": session.id,
        "lang": session.lang,
        "procedure": session.procedure,
        "asking": session.asking,
        "said": [
            {
                "side": s.side, "text": s.text, "lang": s.lang, "japanese": s.japanese,
                "shown": s.shown, "machine": s.machine, "asked": s.asked,
            }
            for s in session.said
        ],
        "proposals": [_proposal(p) for p in session.proposed],
        "form": _form(session, session.form, today, wards) if session.form else None,
    }  # fmt: skip


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id, "kind": proposal.kind, "state": proposal.state,
        "lang": proposal.lang, "label": proposal.label, "label_japanese": proposal.label_japanese,
        "own": proposal.own, "japanese": proposal.japanese, "basis": proposal.basis,
        "flags": proposal.flags,
        "source": proposal.source.model_dump(mode="json") if proposal.source else None,
    }  # fmt: skip


def _form(
    session: CounterSession, form: Form, today: date, wards: tuple[str, ...]
) -> dict[str, Any]:
    found = session.found(today)
    values = session.values(today)
    findings: dict[str, list[Finding]] = {}
    for finding in session.findings(today, wards):
        findings.setdefault(finding.field, []).append(finding)
    next_field = session.next_field(today)
    return {
        "id": form.id,
        "title": form.title["ja"],
        "title_own": form.title.get(session.lang, form.title["ja"]),
        "next": next_field.name if next_field else None,
        "fields": [
            {
                "name": field.name,
                "kind": field.kind,
                "label": field.label["ja"],
                "label_own": field.text(field.label, session.lang),
                "ask": field.ask["ja"],
                "required": field.required,
                "choices": [
                    {"id": c.id, "label": c.label["ja"], "own": c.label.get(session.lang, "")}
                    for c in field.choices
                ],
                "value": values.get(field.name),
                "confirmed": field.name in session.confirmed,
                "words": found[field.name].words if field.name in found else "",
                "confidence": found[field.name].confidence if field.name in found else None,
                "notes": found[field.name].notes if field.name in found else (),
                "findings": [
                    {"rule": f.rule, "level": f.level, **f.words}
                    for f in findings.get(field.name, ())
                ],
            }
            for field in form.asked(values)
        ],
    }
