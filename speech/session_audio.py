"""The bytes of a session's frames as samples, and how loud they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from speech.audio import from_pcm16
from speech.levels import clipped_share, rms_dbfs
from speech.recognition import SAMPLE_RATE, Samples
from speech.wire import Level

LEVEL_SAMPLES = SAMPLE_RATE // 4
"""Samples that are measured together: four levels a second."""

CLIPPED_SHARE = 0.002
"""From this share of samples at full scale on, a level counts as clipped."""


class SessionAudio:
    """Turns PCM16 of any allowed rate into samples at 16 kHz, and measures them."""

    def __init__(self) -> None:
        self._rate = SAMPLE_RATE
        self._resampler: Any = None
        self._measured: list[Samples] = []

    def samples(self, pcm16: bytes, rate: int) -> Samples:
        """Return the samples of one frame; a change of `rate` begins the resampling anew."""
        samples = from_pcm16(pcm16)
        if rate == SAMPLE_RATE:
            self._rate = rate
            return samples
        if rate != self._rate:
            import soxr

            self._rate = rate
            self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
        return np.asarray(self._resampler.resample_chunk(samples), dtype=np.float32)

    def level(self, samples: Samples) -> Level | None:
        """Return the level of the last quarter of a second, when one is full."""
        self._measured.append(samples)
        if sum(map(len, self._measured)) < LEVEL_SAMPLES:
            return None
        together = np.concatenate(self._measured)
        self._measured.clear()
        peak = float(20 * np.log10(max(float(np.abs(together).max()), 1e-6)))
        clipped = clipped_share(together) >= CLIPPED_SHARE
        return Level(round(rms_dbfs(together), 1), round(peak, 1), clipped)
