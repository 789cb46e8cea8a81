"""Words as they come back after having been spoken and heard, for suites that compare both."""

from __future__ import annotations

from typing import Any

import numpy as np
import soxr

from assistant.composition import Installation
from assistant.settings import Settings
from speech.recognition import SAMPLE_RATE


class Hearing:
    """Speaks a text with the packaged voice and hears it with the packaged recogniser.

    What comes back is synthesised speech recognised: easier than people, and every
    report that uses it says so.
    """

    def __init__(self, installation: Installation) -> None:
        self._voice: Any = installation.voice
        self._recognizer: Any = installation.recognizer
        self.langs = frozenset(self._voice.langs)
        self._heard: dict[tuple[str, str], str] = {}

    def __call__(self, text: str, lang: str) -> str:
        """Return what was heard of `text`; the same text is spoken once."""
        if (text, lang) not in self._heard:
            speech = np.concatenate(list(self._voice.speak(text, lang)))
            audio = soxr.resample(speech, self._voice.sample_rate, SAMPLE_RATE)
            heard = self._recognizer.recognize(audio.astype(np.float32), lang)
            self._heard[text, lang] = heard.text
        return self._heard[text, lang]


def hearing() -> Hearing:
    """Return the hearing of the installation that the settings describe."""
    return Hearing(Installation(Settings()))
