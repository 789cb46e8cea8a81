"""Whether somebody speaks, as a protocol; an adapter is `voice_activity_VENDOR.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from speech.recognition import SAMPLE_RATE, Samples

FRAME = 512
"""Samples of a frame: 32 milliseconds."""

FRAME_SECONDS = FRAME / SAMPLE_RATE


class VoiceActivity(Protocol):
    """Listens to one stream of frames; it remembers what came before."""

    def probability(self, frame: Samples) -> float:
        """Return how likely somebody speaks in `frame`, shape (512,), from 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget what came before, as for another recording."""
        ...


def frames(samples: Samples) -> Iterator[Samples]:
    """Yield `samples` in frames; the last one is filled up with silence."""
    for start in range(0, len(samples), FRAME):
        frame = samples[start : start + FRAME]
        if len(frame) < FRAME:
            frame = np.pad(frame, (0, FRAME - len(frame)))
        yield frame


def probabilities(activity: VoiceActivity, samples: Samples) -> list[float]:
    """Return the probability of speech in each frame of a recording of its own."""
    activity.reset()
    return [activity.probability(frame) for frame in frames(samples)]
