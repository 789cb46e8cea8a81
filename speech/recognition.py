"""What turns speech into text, as a protocol; an adapter is `recognition_VENDOR.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono audio at 16 kHz, shape (samples,), values from -1 to 1."""

SAMPLE_RATE = 16_000
"""Samples a second of everything that is recognised."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a recognition: seconds from the start of the audio, and its text."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was heard in one utterance.

    `text` is empty where nothing was said or what was heard is not to be trusted;
    `rejected` then names the gate that closed. `kana` is what was heard as kana
    (Japanese only): search uses it where the writing may be wrong. `terms` are the
    terms of the lexicon that stand in `text`; `untaught` is what was heard before any
    term was brought in.
    """

    text: str
    lang: str
    lang_probability: float = 1.0
    kana: str = ""
    terms: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    rejected: str = ""
    log_probability: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)
    untaught: str = ""


class Recognizer(Protocol):
    """A loaded model. One call at a time; the caller keeps the queue."""

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        """Return the final text of one utterance, in `lang` or in the likeliest of `langs`.

        `question` is what was asked just before, in `lang`: answers of one word are heard
        better by who knows it. Raises `RecognitionFailed` where the model or its server
        does not answer.
        """
        ...

    def partial(self, audio: Samples, lang: str | None = None) -> Recognition:
        """Return quickly what has been said so far; it may be wrong and is replaced later."""
        ...
