"""`/v1/chat/completions`: the help desk as a model, for clients that speak that protocol.

The last user message is the question; earlier user messages hold the thread,
answered again without being stored. Sources come in the field `madoguchi`.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from assistant.answer import Question
from assistant.blocks import Answer
from assistant.http.desk_pool import BusyError
from assistant.http.protection import refused
from assistant.http.visitor_token import KnownVisitor

router = APIRouter(tags=["OpenAI-compatible"])

MODEL = "madoguchi"


class Part(BaseModel):
    """One part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class CompletionRequest(BaseModel):
    """The part of the protocol that is used; other fields are accepted and ignored."""

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=100)
    stream: bool = False
    user: str | None = None


@router.get("/v1/models")
def models() -> dict[str, Any]:
    """List the one model there is."""
    return {
        "object": "list",
        "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}],
    }


@router.post("/v1/chat/completions", dependencies=[KnownVisitor])
async def completions(request: Request, body: CompletionRequest) -> Response:
    """Answer the last user message."""
    asked = [message.words() for message in body.messages if message.role == "user"]
    if not asked:
        raise HTTPException(400, "There is no user message.")
    refusal = refused(request, "en")
    if refusal is not None:
        return refusal.response()
    conversation = secrets.token_urlsafe(16)
    desk = request.app.state.desk
    try:
        for earlier in asked[-3:-1]:
            await desk.answer(Question(earlier, conversation=conversation))
        answer = await desk.answer(Question(asked[-1], conversation=conversation))
    except BusyError as busy:
        return JSONResponse(
            {"error": {"type": "busy", "message": "Too many questions wait; try again soon."}},
            status_code=503,
            headers={"Retry-After": str(busy.seconds)},
        )
    finally:
        request.app.state.installation.conversations.delete(conversation)
    head = {"id": f"chatcmpl-{answer.turn}", "created": int(time.time()), "model": MODEL}
    if body.stream:
        return StreamingResponse(_stream(answer, head), media_type="text/event-stream")
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": answer.answer},
        "finish_reason": "stop",
    }
    return JSONResponse(
        {
            **head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
            "madoguchi": answer.model_dump(mode="json"),
        }
    )


async def _stream(answer: Answer, head: dict[str, Any]) -> AsyncIterator[str]:
    def chunk(delta: dict[str, str], finish: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {**head, "object": "chat.completion.chunk", "choices": [choice]}
        return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""}, None)
    for line in answer.answer.splitlines(keepends=True):
        yield chunk({"content": line}, None)
    yield chunk({}, "stop")
    yield "data: [DONE]\n\n"
