"""Audio frames in their order: repeated ones are dropped, early ones are kept back for a while."""

from __future__ import annotations

MOST_EARLY = 32
"""Frames that are kept back while one before them is missing: two seconds of a tablet's."""


class FrameOrder:
    """Puts the numbered frames of one session in order.

    The first frame says where the numbers begin. After a lost connection a
    client sends everything again that it is not sure of, so a frame that is
    known already is no mistake.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._early: dict[int, bytes] = {}

    @property
    def next_number(self) -> int:
        """The number of the first frame that has not come yet."""
        return self._next or 0

    def push(self, number: int | None, audio: bytes) -> tuple[list[bytes], bool]:
        """Take one frame; return the audio that is now in order, and whether a gap was skipped."""
        if self._next is None:
            self._next = number or 0
        if number is None:
            number = self._next
        if number < self._next:
            return [], False
        self._early[number] = audio
        skipped = len(self._early) > MOST_EARLY
        if skipped:
            self._next = min(self._early)
        return self._in_order(), skipped

    def flush(self) -> tuple[list[bytes], bool]:
        """Return what was kept back, since nothing more is coming, and whether there was any."""
        ready: list[bytes] = []
        skipped = bool(self._early)
        while self._early:
            self._next = min(self._early)
            ready += self._in_order()
        return ready, skipped

    def _in_order(self) -> list[bytes]:
        assert self._next is not None
        ready = []
        while (audio := self._early.pop(self._next, None)) is not None:
            ready.append(audio)
            self._next += 1
        return ready
