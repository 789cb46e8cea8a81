"""The numbered events of one session, kept for a while so that a lost connection loses none."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from speech.wire import Level, Resumed, ServerEvent

KEPT_EVENTS = 2000
"""Events that are kept at most; a minute of four speakers makes a few hundred."""

_PREFIX = "event_"

Words = Callable[[ServerEvent], ServerEvent]


class EventLog:
    """Numbers events, and replays those that a client has not seen."""

    def __init__(self, keep_seconds: float) -> None:
        self._keep = keep_seconds
        self._count = 0
        self._kept: deque[tuple[int, float, dict[str, Any]]] = deque(maxlen=KEPT_EVENTS)

    def add(self, event: ServerEvent, now: float) -> dict[str, Any]:
        """Return `event` as it is sent, with its number; `now` in seconds."""
        self._count += 1
        names = (field.name for field in fields(event))
        body: dict[str, Any] = {"event_id": f"{_PREFIX}{self._count}", "type": event.type}
        body.update((name, getattr(event, name)) for name in names)
        while self._kept and self._kept[0][1] < now - self._keep:
            self._kept.popleft()
        if not isinstance(event, Level | Resumed):
            self._kept.append((self._count, now, body))
        return body

    def after(self, event_id: str) -> list[dict[str, Any]]:
        """Return the kept events that came after `event_id`; all of them where it is unknown."""
        number = event_id.removeprefix(_PREFIX)
        seen = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
        return [body for count, _, body in self._kept if count > seen]
