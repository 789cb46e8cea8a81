"""`/api/push`: browsers that want notices of chosen kinds, and those that no longer do."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.push import Push, PushInvalid
from knowledge.article import languages
from knowledge.store_push import PushSubscription

router = APIRouter(tags=["push"])


class Keys(BaseModel):
    """The browser's keys, in base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class Subscription(BaseModel):
    """What a browser's `PushSubscription` says of itself, and what its owner chose."""

    model_config = ConfigDict(extra="ignore")

    endpoint: str = Field(max_length=2000)
    keys: Keys
    lang: str = Field("ja", max_length=20)
    kinds: list[str] = Field(min_length=1, max_length=40)


class Endpoint(BaseModel):
    """The browser that is meant."""

    model_config = ConfigDict(extra="ignore")

    endpoint: str = Field(max_length=2000)


@router.get("/api/push/key")
def key(request: Request) -> dict[str, str]:
    """Return the public key under which a browser subscribes (VAPID)."""
    return {"key": _push(request).public_key}


@router.post("/api/push", status_code=204)
def subscribe(request: Request, body: Subscription) -> Response:
    """Keep a subscription with its kinds, in place of what was kept of this browser."""
    address = request.client.host if request.client else ""
    seconds = request.app.state.limit.seconds_to_wait(address)
    if seconds:
        headers = {"Retry-After": str(seconds)}
        raise HTTPException(429, "Too many requests; try again later.", headers)
    lang = body.lang if body.lang in languages() else "ja"
    subscription = PushSubscription(body.endpoint, body.keys.p256dh, body.keys.auth, lang)
    try:
        _push(request).subscribe(subscription, body.kinds)
    except PushInvalid as error:
        raise HTTPException(422, str(error)) from error
    return Response(status_code=204)


@router.delete("/api/push", status_code=204)
def unsubscribe(request: Request, body: Endpoint) -> Response:
    """Delete everything kept of a browser; the same where nothing was kept."""
    _push(request).unsubscribe(body.endpoint)
    return Response(status_code=204)


def _push(request: Request) -> Push:
    push: Push = request.app.state.installation.push
    return push
