"""How many questions one visitor, and all together, may ask in a minute: token buckets.

Nothing is kept about a visitor but a bucket under a hash of the address, made
with a key that is drawn at the start and forgotten at the end; IPv6 visitors
are told apart by their network (/64), since one household has a whole one.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_VISITORS = 50_000
"""Buckets that are kept; beyond that, those not used for longest are forgotten."""


@dataclass(slots=True)
class Bucket:
    """Questions that may be asked now, and when that was last counted (seconds)."""

    left: float
    at: float


class VisitorLimit:
    """The limits of one process; 0 questions a minute switches a limit off."""

    def __init__(
        self,
        per_visitor: int,
        together: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_visitor = per_visitor
        self._together = together
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._visitors: OrderedDict[bytes, Bucket] = OrderedDict()
        self._all = Bucket(float(together), clock())
        self._lock = threading.Lock()

    def seconds_to_wait(self, address: str) -> int:
        """Count one question from `address`: 0 if it may be asked, else seconds to wait."""
        with self._lock:
            now = self._clock()
            wait = 0.0
            visitor = None
            if self._per_visitor:
                visitor = self._visitor(address, now)
                wait = _wait(visitor, self._per_visitor, now)
            if self._together:
                wait = max(wait, _wait(self._all, self._together, now))
            if wait > 0:
                return max(1, math.ceil(wait))
            for bucket in (visitor, self._all):
                if bucket is not None:
                    bucket.left -= 1
            return 0

    def _visitor(self, address: str, now: float) -> Bucket:
        name = hashlib.blake2b(network(address).encode(), key=self._key, digest_size=16).digest()
        bucket = self._visitors.pop(name, None) or Bucket(float(self._per_visitor), now)
        self._visitors[name] = bucket
        while len(self._visitors) > MOST_VISITORS:
            self._visitors.popitem(last=False)
        return bucket


def _wait(bucket: Bucket, rate: int, now: float) -> float:
    """Refill `bucket` (`rate` a minute, at most `rate`) and return the seconds to the next one."""
    bucket.left = min(float(rate), bucket.left + (now - bucket.at) * rate / 60)
    bucket.at = now
    return 0.0 if bucket.left >= 1 else (1 - bucket.left) * 60 / rate


def network(address: str) -> str:
    """Return what tells visitors apart: the address, of IPv6 its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
