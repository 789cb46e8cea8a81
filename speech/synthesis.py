"""What speaks a text, as a protocol; an adapter is `synthesis_VENDOR.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

Speech = npt.NDArray[np.float32]
"""Mono audio at the sample rate of its voice, shape (samples,), values from -1 to 1."""


class Voice(Protocol):
    """A voice for some languages."""

    sample_rate: int
    """Samples a second of what `speak` yields."""

    langs: frozenset[str]
    """The languages that this voice speaks so that they are understood."""

    def speak(self, text: str, lang: str, speed: float = 1.0) -> Iterator[Speech]:
        """Yield the speech of `text` clause by clause, the first as soon as it is made.

        `speed` is 1 for the usual pace, .8 for slow speech. Raises
        `VoiceUnavailable` for a language outside `langs`.
        """
        ...
