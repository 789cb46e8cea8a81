"""Notices to residents who asked to be told: who is told, in which language, and who is gone.

A resident chooses kinds on "My page"; the browser then names an address at its
push service and two keys. Only addresses at known push services are kept, since
the help desk sends requests there.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from knowledge.article import LIFE_EVENTS
from knowledge.store import Store
from knowledge.store_push import PushSubscription

log = logging.getLogger(__name__)

LONGEST_TEXT = 500
"""Characters of a notice; a push service takes 4,096 bytes, encrypted (RFC 8030)."""

AT_ONCE = 8
"""Notices on their way at the same time."""


class PushInvalid(ValueError):
    """A subscription or a notice that cannot be taken; the message says why."""


class SubscriptionGone(Exception):
    """The push service no longer knows the browser."""


class PushFailed(Exception):
    """The push service could not be reached or refused the notice."""


class PushSender(Protocol):
    """What delivers one encrypted notice; see `assistant.push_webpush`."""

    @property
    def public_key(self) -> str:
        """The key that browsers ask for (VAPID, RFC 8292): an uncompressed point in base64url."""

    def send(self, subscription: PushSubscription, content: str) -> None:
        """Deliver `content`; raises SubscriptionGone or PushFailed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one notice: browsers reached, gone and therefore forgotten, missed."""

    sent: int = 0
    gone: int = 0
    failed: int = 0


class Push:
    """The subscriptions of residents and the way to them.

    `services` are the hosts of push services, with all hosts below them.
    """

    def __init__(self, store: Store, sender: PushSender, services: Sequence[str]) -> None:
        self._store = store
        self._sender = sender
        self._services = services

    @property
    def public_key(self) -> str:
        """The key that browsers ask for."""
        return self._sender.public_key

    def subscribe(self, subscription: PushSubscription, kinds: Sequence[str]) -> None:
        """Keep what a resident chose; raises PushInvalid."""
        if not set(kinds) <= set(LIFE_EVENTS) or not kinds:
            raise PushInvalid("At least one kind of notice is needed, and only known ones.")
        if not self._known(subscription.endpoint):
            raise PushInvalid("The address is not one of a known push service.")
        if _length(subscription.p256dh) != 65 or _length(subscription.auth) != 16:
            raise PushInvalid("The keys are not those of a push subscription.")
        self._store.subscribe(subscription, kinds)

    def unsubscribe(self, endpoint: str) -> bool:
        """Delete everything about a browser; say whether it was there."""
        return self._store.unsubscribe(endpoint)

    def notify(
        self, kind: str, texts: Mapping[str, str], *, url: str = "", titles: Mapping[str, str]
    ) -> Delivery:
        """Send a notice to all who want its kind, each in the language it was asked for.

        `texts` and `titles` hold one text a language, Japanese at least; who reads a
        language that is missing gets English, or Japanese. `url` is a path of ours.
        Browsers that their push service no longer knows are forgotten. Raises
        PushInvalid.
        """
        if kind not in LIFE_EVENTS:
            raise PushInvalid(f"There is no kind {kind!r}: {', '.join(LIFE_EVENTS)}.")
        if not texts.get("ja", "").strip():
            raise PushInvalid("A notice needs a Japanese text.")
        if any(len(text) > LONGEST_TEXT for text in texts.values()):
            raise PushInvalid(f"A notice has {LONGEST_TEXT} characters at most.")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(
                pool.map(
                    lambda one: self._deliver(one, kind, texts, url, titles),
                    self._store.subscriptions(kind),
                )
            )
        return Delivery(results.count("sent"), results.count("gone"), results.count("failed"))

    def _deliver(
        self,
        subscription: PushSubscription,
        kind: str,
        texts: Mapping[str, str],
        url: str,
        titles: Mapping[str, str],
    ) -> str:
        lang = _spoken(subscription.lang, texts)
        content = {
            "title": titles.get(lang) or titles.get("ja", ""),
            "body": texts[lang],
            "lang": lang,
            "tag": kind,
            "url": url or f"/{subscription.lang}/life/{kind}",
        }
        try:
            self._sender.send(subscription, json.dumps(content, ensure_ascii=False))
        except SubscriptionGone:
            self._store.unsubscribe(subscription.endpoint)
            return "gone"
        except PushFailed as error:
            log.warning("a notice did not go out: %s", error)
            return "failed"
        return "sent"

    def _known(self, endpoint: str) -> bool:
        try:
            parts = urlsplit(endpoint)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.username or len(endpoint) > 2000:
            return False
        known = any(host == service or host.endswith(f".{service}") for service in self._services)
        return known and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host)))


def _spoken(lang: str, texts: Mapping[str, str]) -> str:
    """The language of `texts` for somebody who reads `lang`."""
    wishes = (lang, "ja") if lang.startswith("ja") else (lang, "en", "ja")
    return next(wish for wish in wishes if texts.get(wish))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _length(key: str) -> int:
    """The bytes of a base64url key; -1 where it is none."""
    try:
        return len(base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        return -1
