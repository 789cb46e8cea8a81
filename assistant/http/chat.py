"""`POST /api/chat`: one question, its answer as typed blocks, streamed or whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Question
from assistant.blocks import Answer
from assistant.http.desk_pool import BusyError
from assistant.http.protection import refused
from assistant.http.visitor_token import KnownVisitor
from assistant.replies import replies
from knowledge.article import languages

router = APIRouter(tags=["chat"])


class ChatRequest(BaseModel):
    """One question from a resident."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=20_000, description="the question as it was typed")
    lang: str | None = Field(None, max_length=20, description="language of the page (BCP 47)")
    conversation: str | None = Field(
        None, pattern=r"^[\w-]{8,64}$", description="id from an earlier answer; holds the thread"
    )
    topic: str | None = Field(
        None, pattern=r"^[a-z0-9-]{1,100}$", description="slug of a choice that was offered"
    )
    life_event: str | None = Field(None, max_length=40, description="search only this life event")
    kana: str | None = Field(None, max_length=2000, description="what was heard, in kana")
    request_id: str | None = Field(
        None, pattern=r"^[\w-]{8,64}$", description="repeat it to get the same answer again"
    )


class Transcript(BaseModel):
    """A conversation as its owner may download it."""

    conversation: str
    turns: list[dict[str, Any]]


_STREAM = {
    "description": "The answer as one object, or as server-sent events: `start`, `block` for each "
    "block, `end` with the whole answer.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@router.post(
    "/api/chat", response_model=Answer, responses={200: _STREAM}, dependencies=[KnownVisitor]
)
async def chat(request: Request, body: ChatRequest) -> Response:
    """Answer one question; as server-sent events where the client accepts them."""
    refusal = refused(request, body.lang)
    if refusal is not None:
        return refusal.response()
    question = Question(
        body.question,
        body.lang,
        body.conversation,
        body.topic,
        body.life_event,
        body.kana,
        body.request_id,
    )
    try:
        answer = await request.app.state.desk.answer(question)
    except BusyError as busy:
        lang = body.lang if body.lang in languages() else "ja"
        words = replies(lang)("busy", seconds=busy.seconds)
        return JSONResponse(
            {"error": {"type": "Busy", "message": words}},
            status_code=503,
            headers={"Retry-After": str(busy.seconds)},
        )
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(
            events(answer),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
    return Response(
        answer.model_dump_json(),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def events(answer: Answer) -> AsyncIterator[str]:
    """Yield `answer` as server-sent events: `start`, one `block` each, `end`."""
    start = {"status": answer.status, "lang": answer.lang, "conversation": answer.conversation}
    yield _event("start", start)
    for block in answer.blocks:
        yield _event("block", block.model_dump(mode="json", exclude_none=True))
    yield _event("end", answer.model_dump(mode="json"))


def _event(name: str, body: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"


@router.get("/api/conversations/{conversation}")
def transcript(request: Request, conversation: str) -> Transcript:
    """Return the transcript of a conversation to whoever holds its id."""
    turns = request.app.state.installation.conversations.transcript(conversation)
    return Transcript(conversation=conversation, turns=turns)


@router.delete("/api/conversations/{conversation}", status_code=204)
def delete(request: Request, conversation: str) -> Response:
    """Delete a conversation and everything in it."""
    request.app.state.installation.conversations.delete(conversation)
    return Response(status_code=204)
