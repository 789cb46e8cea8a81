"""`POST /api/feedback`: whether an answer helped."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.http.visitor_token import KnownVisitor
from assistant.masking import mask

router = APIRouter(tags=["chat"])


class Feedback(BaseModel):
    """What a resident thought of one answer."""

    model_config = ConfigDict(extra="forbid")

    turn: str = Field(pattern=r"^[\w-]{8,64}$", description="the `turn` of the answer")
    rating: Literal["good", "bad"]
    reason: str = Field("", max_length=1000)


@router.post("/api/feedback", status_code=204, dependencies=[KnownVisitor])
def feedback(request: Request, body: Feedback) -> Response:
    """Store the rating of one answer, its reason masked; the latest one counts."""
    reason, _ = mask(body.reason)
    conversations = request.app.state.installation.conversations
    if not conversations.feedback(body.turn, body.rating, reason):
        raise HTTPException(404, "There is no such answer.")
    return Response(status_code=204)
