"""The help desk as a plain form: a question is sent, the page comes back with its answer."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.answer import Question
from assistant.blocks import Answer
from assistant.http.desk_pool import BusyError
from assistant.http.page_view import View
from assistant.http.protection import Refusal, refused
from assistant.masking import mask
from assistant.replies import replies

router = APIRouter(tags=["pages"], include_in_schema=False)

TOKEN = re.compile(r"[\w-]{8,64}")
_SLUG = re.compile(r"[a-z0-9-]{1,100}")
_LONGEST = 20_000
_LONGEST_COMMENT = 900

REASONS = ("wrong", "missing", "hard")
"""Why an answer did not help, as the chat words it."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What the form carries: the conversation's token, and a name for the next question."""

    token: str
    request: str


@router.get("/{lang:page_lang}/ask")
async def ask_by_address(request: Request, lang: str) -> HTMLResponse:
    """Show the empty form, or answer the question in the address."""
    return await _page(View(request, lang), dict(request.query_params), carried=False)


@router.post("/{lang:page_lang}/ask")
async def ask_by_form(request: Request, lang: str) -> HTMLResponse:
    """Answer a question in the conversation that the form carries."""
    return await _page(View(request, lang), await form_fields(request), carried=True)


@router.post("/{lang:page_lang}/ask/delete")
async def delete(request: Request, lang: str) -> HTMLResponse:
    """Delete the conversation that the form carries."""
    view = View(request, lang)
    token = (await form_fields(request)).get("conversation", "")
    if TOKEN.fullmatch(token):
        conversations = request.app.state.installation.conversations
        await asyncio.to_thread(conversations.delete, token)
    return _render(view, words=view.words("ask.deleted"))


@router.post("/{lang:page_lang}/ask/rate")
async def rate(request: Request, lang: str) -> HTMLResponse:
    """Take what somebody thought of one answer, and show the answer again."""
    view = View(request, lang)
    form = await form_fields(request)
    token, turn, rating = (form.get(name, "") for name in ("conversation", "turn", "rating"))
    if not TOKEN.fullmatch(token):
        return _render(view)
    conversations = request.app.state.installation.conversations
    turns = await asyncio.to_thread(conversations.transcript, token)
    rated = next((kept for kept in turns if kept["turn"] == turn), None)
    if rated is None or rating not in ("good", "bad"):
        return _render(view, token=token, earlier=await _earlier(view, token))
    reason = form.get("reason", "") if form.get("reason", "") in REASONS else ""
    comment, _ = mask(form.get("comment", "").strip()[:_LONGEST_COMMENT])
    why = ": ".join(filter(None, (reason, comment))) if rating == "bad" else ""
    await asyncio.to_thread(conversations.feedback, turn, rating, why)
    return _render(
        view,
        token=token,
        question=rated["question"],
        answer=Answer.model_validate({**rated["answer"], "turn": turn}),
        earlier=[kept for kept in await _earlier(view, token) if kept["id"] != turn],
        rated=True,
    )


async def _page(view: View, form: dict[str, str], *, carried: bool) -> HTMLResponse:
    text = form.get("q", "").strip()[:_LONGEST]
    token = form.get("conversation", "") if carried else ""
    if not TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(16)
    if not text:
        if carried:
            return _render(view, words=view.says("empty_question"), status=400, token=token)
        return _render(view, token=token)
    refusal = refused(view.request, view.lang)
    if refusal is not None:
        return _refused(view, refusal, text, token)
    topic = form.get("topic", "")
    topic = topic if _SLUG.fullmatch(topic) and topic in view.release.articles else ""
    question = Question(
        text,
        lang=view.lang,
        conversation=token,
        topic=topic or None,
        request_id=_request_id(form.get("request", ""), text, topic),
    )
    earlier = await _earlier(view, token) if carried else []
    try:
        answer = await view.request.app.state.desk.answer(question)
    except BusyError as busy:
        words = replies(view.lang)("busy", seconds=busy.seconds)
        return _refused(view, Refusal(503, "Busy", words, busy.seconds), text, token)
    return _render(
        view,
        token=token,
        question=text,
        answer=answer,
        earlier=[turn for turn in earlier if turn["id"] != answer.turn],
    )


def _render(
    view: View,
    *,
    status: int = 200,
    token: str = "",
    words: str = "",
    question: str = "",
    answer: Answer | None = None,
    earlier: Any = (),
    refusal: bool = False,
    rated: bool = False,
) -> HTMLResponse:
    page = view.render(
        "ask.html",
        status=status,
        title=view.plain("ask.title"),
        conversation=Thread(token or secrets.token_urlsafe(16), secrets.token_urlsafe(12)),
        words=words,
        question=question,
        answer=answer,
        earlier=earlier,
        refusal=refusal,
        rated=rated,
        reasons=REASONS,
        offices=_offices(view, answer),
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _refused(view: View, refusal: Refusal, text: str, token: str) -> HTMLResponse:
    """The form again, with the question still in it and a word about why."""
    page = _render(
        view,
        status=refusal.status,
        token=token,
        words=refusal.words,
        question=text,
        refusal=True,
    )
    page.headers.update(refusal.headers)
    return page


def _offices(view: View, answer: Answer | None) -> list[str]:
    """The ward offices, where an answer hands over to people."""
    if answer is None or answer.status != "handoff":
        return []
    return [view.city(key) for key in view.release.city.values if key.startswith("office.")]


async def _earlier(view: View, token: str) -> list[dict[str, str]]:
    """The questions asked so far, each with the first words of its answer."""
    conversations = view.request.app.state.installation.conversations
    turns = await asyncio.to_thread(conversations.transcript, token)
    return [
        {
            "id": turn["turn"],
            "question": turn["question"],
            "short": next(
                (block["body"]["text"] for block in turn["answer"]["blocks"] if "body" in block),
                "",
            ),
        }
        for turn in turns
    ]


def _request_id(carried: str, text: str, topic: str) -> str | None:
    """Return one id for one question of one form: a double submit is one turn, an edit another."""
    if not TOKEN.fullmatch(carried):
        return None
    return hashlib.sha256(f"{carried}|{topic}|{text}".encode()).hexdigest()[:32]


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form sent as `application/x-www-form-urlencoded`."""
    body = (await request.body()).decode("utf-8", errors="replace")
    try:
        fields = parse_qs(body, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
