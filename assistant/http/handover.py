"""`POST /api/handover`: residents hand their conversation over to the counter, with consent."""

from __future__ import annotations

from typing import Literal

import segno
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.counter.handover import hand_over
from assistant.http.visitor_token import KnownVisitor
from knowledge.article import languages

router = APIRouter(tags=["chat"])


class Consent(BaseModel):
    """A conversation, and that its owner wants staff to read it."""

    model_config = ConfigDict(extra="forbid")

    conversation: str = Field(min_length=8, max_length=100)
    consent: Literal[True]
    lang: str = Field("ja", max_length=20)


class HandoverCode(BaseModel):
    """The one-time code to tell at the counter, and the same as a QR code (SVG)."""

    code: str
    qr: str


@router.post("/api/handover", dependencies=[KnownVisitor])
def handover(request: Request, response: Response, body: Consent) -> HandoverCode:
    """Queue a conversation for the counter; 404 where there is none, or staff have it already."""
    address = request.client.host if request.client else ""
    seconds = request.app.state.limit.seconds_to_wait(address)
    if seconds:
        headers = {"Retry-After": str(seconds)}
        raise HTTPException(429, "Too many requests; try again later.", headers)
    given = code_for(request, body.conversation, body.lang if body.lang in languages() else "ja")
    if given is None:
        raise HTTPException(404, "There is no such conversation, or it was handed over already.")
    response.headers["Cache-Control"] = "no-store"
    return given


def code_for(request: Request, conversation: str, lang: str) -> HandoverCode | None:
    """Queue a conversation and return its code; None where there is none, or staff have it."""
    installation = request.app.state.installation
    code = hand_over(installation.store, conversation, lang)
    if code is None:
        return None
    base = (installation.settings.server.public_url or str(request.base_url)).rstrip("/")
    # Behind "#", so that the code stands in no log: a browser keeps that part to itself.
    picture = segno.make_qr(f"{base}/counter#{code}", error="m")
    return HandoverCode(code=code, qr=str(picture.svg_inline(border=4, omitsize=True)))
