"""Notices by Web Push: encrypted for one browser (RFC 8291), signed as ours (RFC 8292).

The key pair that signs is made once, in the data folder. Who subscribed did so
under it: without the file nobody who subscribed before can be reached.
"""

from __future__ import annotations

import base64
import time
from pathlib import Path

import requests
from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from assistant.kept_key import keep_once
from assistant.push import PushFailed, SubscriptionGone
from knowledge.store_push import PushSubscription

TIMEOUT_SECONDS = 10.0
KEEP_SECONDS = 24 * 3600
"""How long a push service keeps a notice for a browser that is switched off."""

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third attempt, where a service is busy or away."""

GONE = (404, 410)
PASSING = (429, 500, 502, 503, 504)


class WebPushSender:
    """Delivers notices; `contact` (mailto: or https:) tells push services whose they are."""

    def __init__(self, key_file: Path, contact: str, pauses: tuple[float, ...] = PAUSES) -> None:
        if not key_file.exists():
            made = Vapid02()
            made.generate_keys()
            key_file.parent.mkdir(parents=True, exist_ok=True)
            keep_once(key_file, made.private_pem())
        self._vapid = Vapid02.from_file(str(key_file))
        self._contact = contact
        self._pauses = pauses

    @property
    def public_key(self) -> str:
        """The public key, an uncompressed point in base64url without padding."""
        point = self._vapid.public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def send(self, subscription: PushSubscription, content: str) -> None:
        """Deliver `content`, with further attempts where a failure may pass."""
        for pause in (*self._pauses, None):
            try:
                self._attempt(subscription, content)
                return
            except SubscriptionGone:
                raise
            except PushFailed:
                if pause is None:
                    raise
                time.sleep(pause)

    def _attempt(self, subscription: PushSubscription, content: str) -> None:
        try:
            webpush(
                subscription_info={
                    "endpoint": subscription.endpoint,
                    "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
                },
                data=content,
                vapid_private_key=self._vapid,
                vapid_claims={"sub": self._contact},
                ttl=KEEP_SECONDS,
                timeout=TIMEOUT_SECONDS,
            )
        except WebPushException as error:
            if error.status_code in GONE:
                raise SubscriptionGone from error
            raise PushFailed(str(error)) from error
        except (requests.RequestException, ValueError) as error:
            raise PushFailed(str(error)) from error
