"""Silero VAD 6, in the file that faster-whisper ships, run by ONNX Runtime."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from speech.errors import WeightsMissing
from speech.recognition import Samples
from speech.voice_activity import FRAME

PACKAGE = "faster_whisper"
FILE = "assets/silero_vad_v6.onnx"

CONTEXT = 64
"""Samples before a frame that the model wants to see."""

STATE = (1, 1, 128)


class SileroVoiceActivity:
    """One stream; the model itself is loaded once for all of them.

    Raises `WeightsMissing` where the file is not installed.
    """

    def __init__(self) -> None:
        self._session = _session()
        self._hidden: Any
        self._cell: Any
        self._context: Samples
        self.reset()

    def probability(self, frame: Samples) -> float:
        """Return how likely somebody speaks in `frame`; about .1 ms."""
        if frame.shape != (FRAME,):
            raise ValueError(f"a frame has {FRAME} samples, not {frame.shape}")
        values, self._hidden, self._cell = self._session.run(
            None,
            {
                "input": np.concatenate([self._context, frame])[None].astype(np.float32),
                "h": self._hidden,
                "c": self._cell,
            },
        )
        self._context = frame[-CONTEXT:]
        return float(values.reshape(-1)[0])

    def reset(self) -> None:
        """Forget what came before."""
        self._hidden = np.zeros(STATE, dtype=np.float32)
        self._cell = np.zeros(STATE, dtype=np.float32)
        self._context = np.zeros(CONTEXT, dtype=np.float32)


@cache
def _session() -> Any:
    import onnxruntime

    # Found, not imported: importing the package would load the recogniser.
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(places[0]) / FILE if places else None
    if path is None or not path.is_file():
        raise WeightsMissing(
            "The voice activity model is not installed; run `pip install 'faster-whisper>=1.2'`."
        )
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
