"""A Whisper model as the recogniser uses it, as a protocol.

The encoder runs once for an utterance, the decoder several times on what it gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from speech.recognition import Samples

CODES: Mapping[str, str] = {
    "ja-x-easy": "ja",
    "zh-Hans": "zh",
    "zh-Hant": "zh",
}
"""Whisper's codes of languages whose tags are others."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder made of an utterance, as a value of the adapter's own."""

    value: Any


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text that the decoder found.

    `log_probability` is the mean over its tokens, `no_speech` the probability that
    nobody speaks.
    """

    text: str
    log_probability: float
    no_speech: float = 0.0


class WhisperModel(Protocol):
    """A loaded model; `window` tells how long an utterance may be, in seconds."""

    window: float

    def encode(self, audio: Samples) -> Encoded:
        """Return the encoding of an utterance of at most `window` seconds."""
        ...

    def languages(self, encoded: Encoded) -> dict[str, float]:
        """Return the probability of each language, by Whisper's code."""
        ...

    def decode(
        self,
        encoded: Encoded,
        code: str,
        *,
        prompt: str = "",
        beams: int = 1,
        kana: bool = False,
    ) -> Hypothesis:
        """Return the likeliest text; `prompt` is what was said before, `kana` allows kana only.

        What was said before is in hiragana too where only kana is allowed.
        """
        ...


def whisper_code(lang: str) -> str:
    """Return Whisper's code of a language of the desk."""
    return CODES.get(lang, lang)
