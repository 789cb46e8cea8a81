"""Stand-ins for the models of speech, deterministic and without weights."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from speech.errors import VoiceUnavailable
from speech.levels import rms_dbfs
from speech.narration import Narration
from speech.recognition import SAMPLE_RATE, Recognition, Samples, Segment
from speech.synthesis import Speech
from speech.voice_activity import FRAME


class FakeVoiceActivity:
    """Takes every frame louder than `floor` (dB of full scale) for speech."""

    def __init__(self, floor: float = -40.0) -> None:
        self.floor = floor

    def probability(self, frame: Samples) -> float:
        """Return .95 for a loud frame, .05 for a quiet one."""
        if frame.shape != (FRAME,):
            raise ValueError(f"a frame has {FRAME} samples, not {frame.shape}")
        return 0.95 if rms_dbfs(frame) > self.floor else 0.05

    def reset(self) -> None:
        """Nothing is remembered."""


class FakeRecognizer:
    """Hears what it was told to.

    `heard` maps a recording (by `fingerprint`) to its text; any other audio is
    `text`, of which a partial holds one character for each .1 s. Silence is
    nothing, rejected as such. `calls` names what was asked, in order.
    """

    def __init__(
        self,
        text: str = "転入届はいつまでですか",
        heard: dict[str, str] | None = None,
        lang: str = "ja",
    ) -> None:
        self.text = text
        self.heard = heard or {}
        self.lang = lang
        self.calls: list[str] = []

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        """Return the whole text."""
        self.calls.append("recognize")
        return self._heard(audio, lang, None)

    def partial(self, audio: Samples, lang: str | None = None) -> Recognition:
        """Return as much of the text as there is audio for."""
        self.calls.append("partial")
        return self._heard(audio, lang, int(10 * len(audio) / SAMPLE_RATE))

    def _heard(self, audio: Samples, lang: str | None, length: int | None) -> Recognition:
        lang = lang or self.lang
        if rms_dbfs(audio) < -60:
            return Recognition("", lang, rejected="no_speech")
        text = self.heard.get(fingerprint(audio), self.text)[:length]
        end = len(audio) / SAMPLE_RATE
        return Recognition(text, lang, segments=(Segment(0.0, end, text),))


def fingerprint(audio: Samples) -> str:
    """Return a name of a recording."""
    return hashlib.sha256(np.ascontiguousarray(audio).tobytes()).hexdigest()


def tone(seconds: float, frequency: float = 220.0, level: float = -20.0) -> Samples:
    """Return a sine of so many seconds at a level in dB of full scale."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    amplitude = np.sqrt(2) * 10 ** (level / 20)
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency * time), dtype=np.float32)


def silence(seconds: float) -> Samples:
    """Return so many seconds of digital silence."""
    return np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)


class FakeSynthesizer:
    """Says .05 s of a tone for each letter; `said` lists the clauses it was asked for."""

    name = "fake"
    sample_rate = 24_000
    langs = frozenset({"ja", "en"})

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, clause: str, lang: str, speed: float = 1.0) -> Speech:
        """Return a tone as long as the clause."""
        if lang not in self.langs:
            raise VoiceUnavailable(f"No voice speaks {lang}.")
        self.said.append(clause)
        letters = sum(char.isalnum() for char in clause)
        length = int(0.05 * letters / speed * self.sample_rate)
        tone: Speech = (0.3 * np.sin(np.arange(length) * 0.06)).astype(np.float32)
        return tone


class FakeVoice(Narration):
    """A voice for Japanese and English that hums; `said` lists its clauses."""

    def __init__(self) -> None:
        self._hum = FakeSynthesizer()
        super().__init__(self._hum)

    @property
    def said(self) -> list[str]:
        """The clauses that were made, in order; those from the cache are not among them."""
        return self._hum.said
