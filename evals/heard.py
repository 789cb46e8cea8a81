"""Words as they come back after having been spoken and heard, for suites that compare both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soxr

from assistant.composition import Installation
from assistant.settings import Settings
from speech.recognition import SAMPLE_RATE


class Heard(NamedTuple):
    """What was heard of a text; `kana` as in `speech.recognition.Recognition`."""

    text: str
    kana: str


class Hearing:
    """Speaks a text with the packaged voice and hears it with the packaged recogniser.

    What comes back is synthesised speech recognised: easier than people, and every
    report that uses it says so. With `kept`, a file of JSON lines, what was heard once
    is read from there: good while the reading is worked on, not for a figure of the
    recogniser.
    """

    def __init__(self, installation: Installation, kept: Path | None = None) -> None:
        self._voice: Any = installation.voice
        self._recognizer: Any = installation.recognizer
        self.langs = frozenset(self._voice.langs)
        self._kept = kept
        self._heard: dict[tuple[str, str, str], Heard] = {}
        if kept and kept.exists():
            for line in kept.read_text(encoding="utf-8").splitlines():
                text, lang, question, heard, kana = json.loads(line)
                self._heard[text, lang, question] = Heard(heard, kana)

    def __call__(self, text: str, lang: str, question: str = "") -> Heard:
        """Return what was heard of `text`, said after `question`; it is spoken once."""
        key = (text, lang, question)
        if key not in self._heard:
            speech = np.concatenate(list(self._voice.speak(text, lang)))
            audio = soxr.resample(speech, self._voice.sample_rate, SAMPLE_RATE)
            heard = self._recognizer.recognize(audio.astype(np.float32), lang, (), question)
            self._heard[key] = Heard(heard.text, heard.kana)
            if self._kept:
                line = json.dumps([*key, heard.text, heard.kana], ensure_ascii=False)
                with self._kept.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
        return self._heard[key]


def hearing(kept: Path | None = None) -> Hearing:
    """Return the hearing of the installation that the settings describe."""
    return Hearing(Installation(Settings()), kept)
