"""Half-duplex: while the device speaks, it does not listen to itself."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz

TAIL_SECONDS = 0.5
"""How long the room still sounds after the last word."""

ECHO_SECONDS = 1.5
"""Speech that begins this soon after the tail may still be the device's own voice, late."""

ECHO_LETTERS = 8
"""A shorter text is never taken for an echo: people repeat 「転入届」 when they are asked."""

ECHO_LIKENESS = 70.0
"""Per cent of an echo's letters that must stand, in order, in what was said aloud."""

MOST_SECONDS = 180.0
"""After this long the device counts as silent, even if it never said so."""


class Playback:
    """Follows what the device says aloud; all times are seconds of received audio."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._silent_from = -ECHO_SECONDS
        self._spoken = ""

    def start(self, text: str, now: float) -> None:
        """Note that the device begins to say `text`."""
        recent = self._spoken if now < self._silent_from + ECHO_SECONDS else ""
        self._spoken = recent + _letters(text)
        self._since = now

    def stop(self, now: float) -> None:
        """Note that the device has stopped."""
        if self._since is not None:
            self._since = None
            self._silent_from = now + TAIL_SECONDS

    def deaf(self, now: float) -> bool:
        """Say whether what the microphone hears now is the device itself."""
        if self._since is not None and now - self._since > MOST_SECONDS:
            self.stop(now)
        return self._since is not None or now < self._silent_from

    def is_echo(self, text: str, began: float) -> bool:
        """Say whether `text`, spoken from `began` on, repeats what the device has just said."""
        letters = _letters(text)
        soon = began < self._silent_from + ECHO_SECONDS
        if not soon or len(letters) < ECHO_LETTERS or not self._spoken:
            return False
        return fuzz.partial_ratio(letters, self._spoken[-4 * len(letters) :]) >= ECHO_LIKENESS


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
