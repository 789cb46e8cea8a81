"""How loud a recording is, and how much of it is clipped."""

from __future__ import annotations

import numpy as np

from speech.recognition import Samples

FLOOR = -120.0
"""Level of digital silence, in dB of full scale."""

CLIPPED = 0.999
"""From this part of full scale on a sample counts as clipped."""


def rms_dbfs(samples: Samples) -> float:
    """Return the root mean square in dB of full scale, `FLOOR` for silence or nothing."""
    if not len(samples):
        return FLOOR
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(FLOOR, 10 * float(np.log10(power))) if power > 0 else FLOOR


def clipped_share(samples: Samples) -> float:
    """Return the share of samples at full scale, from 0 to 1; .01 is audible."""
    if not len(samples):
        return 0.0
    return float(np.mean(np.abs(samples) >= CLIPPED))
