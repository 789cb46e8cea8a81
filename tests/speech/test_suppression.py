"""No text where nobody spoke."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from speech import suppression
from speech.suppression import closed_to_audio, closed_to_text, compression, phrases, plain
from speech.testing import FakeVoiceActivity, silence, tone
from speech.whisper import Hypothesis

FOLDER = Path(suppression.__file__).parent / "phrases"
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko", "vi", "pt", "es", "tl", "ne", "id", "th")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_its_phrases(lang: str) -> None:
    entry = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    assert set(entry) == {"always", "unsure"}
    found = phrases(lang)
    assert found.always and found.unsure and not found.always & found.unsure
    assert all(plain(phrase) for phrase in entry["always"] + entry["unsure"])


def test_easy_japanese_has_those_of_japanese() -> None:
    assert phrases("ja-x-easy") == phrases("ja")
    assert phrases("xx").always == frozenset()


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech", "gate"),
    [
        ("転入届はいつまでですか", -0.2, 0.0, ""),
        ("ご視聴ありがとうございました。", -0.1, 0.0, "phrase"),
        ("ありがとうございました", -0.2, 0.0, ""),
        ("ありがとうございました", -0.6, 0.0, "phrase"),
        ("転入届", -1.5, 0.0, "unlikely"),
        ("転入届", -0.7, 0.9, "no_speech"),
        ("転入届", -0.2, 0.9, ""),
        ("尼崎城、" * 40, -0.1, 0.0, "repeated"),
        ("。", -0.1, 0.0, "phrase"),
        ("", -0.1, 0.0, "phrase"),
    ],
)
def test_the_gates_of_texts(text: str, log_probability: float, no_speech: float, gate: str) -> None:
    assert closed_to_text(Hypothesis(text, log_probability, no_speech), "ja") == gate


def test_the_gates_of_audio() -> None:
    activity = FakeVoiceActivity(floor=-90)
    assert closed_to_audio(tone(1.0), activity) == ""
    assert closed_to_audio(silence(3.0), activity) == "no_speech"
    assert closed_to_audio(silence(0), activity) == "no_speech"
    assert closed_to_audio(tone(0.3), activity) == "no_speech"
    assert closed_to_audio(tone(2.0, level=-75), activity) == "too_quiet"


def test_compression_tells_repetition() -> None:
    assert compression("") == 0
    assert compression("はい、" * 100) > 2.4 > compression("転入届は14日以内に出してください。")
