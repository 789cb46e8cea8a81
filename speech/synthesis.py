"""What speaks a text, as protocols; an adapter is `synthesis_VENDOR.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from speech.errors import VoiceUnavailable

Speech = npt.NDArray[np.float32]
"""Mono audio at the sample rate of its voice, shape (samples,), values from -1 to 1."""


class Voice(Protocol):
    """A voice for some languages."""

    sample_rate: int
    """Samples a second of what `speak` yields."""

    langs: frozenset[str]
    """The languages that this voice speaks so that they are understood."""

    def speak(
        self, text: str, lang: str, speed: float = 1.0, *, personal: bool = False
    ) -> Iterator[Speech]:
        """Yield the speech of `text` clause by clause, the first as soon as it is made.

        `speed` is 1 for the usual pace, .8 for slow speech. What is `personal`
        is kept nowhere. Raises `VoiceUnavailable` for a language outside `langs`.
        """
        ...


class Synthesizer(Protocol):
    """A model that makes the sound of one clause."""

    name: str
    """Names the model and the timbre; the same name means the same sound."""

    sample_rate: int
    """Samples a second."""

    langs: frozenset[str]
    """The languages it speaks so that they are understood."""

    def synthesize(self, clause: str, lang: str, speed: float = 1.0) -> Speech:
        """Return the speech of a clause written in words, without silence around it.

        Empty where nothing in `clause` can be said. One call at a time: the
        caller holds a lock. Raises `VoiceUnavailable` for a language outside
        `langs` and where the model or its server fails.
        """
        ...


class NoVoice:
    """The voice of an installation that has none."""

    sample_rate = 24_000
    langs: frozenset[str] = frozenset()

    def speak(
        self, text: str, lang: str, speed: float = 1.0, *, personal: bool = False
    ) -> Iterator[Speech]:
        """Raise `VoiceUnavailable`."""
        raise VoiceUnavailable("This installation has no voice (MADOGUCHI_VOICE__KIND=none).")
