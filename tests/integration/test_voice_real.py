"""The packaged voice is understood by the packaged ear."""

from __future__ import annotations

import numpy as np
import pytest

from evals.voices import measure
from speech import voices
from speech.narration import Narration
from speech.recognition_faster_whisper import FasterWhisperModel
from speech.synthesis_kokoro import KokoroSynthesizer

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def voice() -> Narration:
    return Narration(KokoroSynthesizer(voices.offered()))


@pytest.fixture(scope="module")
def ear() -> FasterWhisperModel:
    return FasterWhisperModel()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ja", "転入届は、住み始めた日から14日以内に区役所へ出してください。"),
        ("en", "Please come to the ward office within 14 days."),
    ],
)
def test_what_is_said_is_heard(
    voice: Narration, ear: FasterWhisperModel, lang: str, text: str
) -> None:
    assert measure(voice, ear, lang, [text])["error"] < 0.15


def test_slow_speech_takes_longer_and_never_leaves_the_range(voice: Narration) -> None:
    usual = np.concatenate(list(voice.speak("窓口は1階です。", "ja")))
    slow = np.concatenate(list(voice.speak("窓口は1階です。", "ja", 0.8)))
    assert 1.1 < len(slow) / len(usual) < 1.5
    assert np.abs(slow).max() <= 1.0
