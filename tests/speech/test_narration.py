"""A text becomes speech clause by clause."""

from __future__ import annotations

import numpy as np
import pytest

from speech.errors import VoiceUnavailable
from speech.narration import Narration
from speech.synthesis import NoVoice
from speech.testing import FakeSynthesizer, FakeVoice

DUE = "転入届は、住み始めた日から14日以内に出してください。"


def test_the_first_clause_is_yielded_before_the_second_is_made() -> None:
    voice = FakeVoice()
    spoken = voice.speak(DUE, "ja")
    first = next(spoken)
    assert first.dtype == np.float32 and first.size
    assert len(voice.said) == 1
    assert len(list(spoken)) == 1


def test_what_was_said_before_is_not_made_again() -> None:
    voice = FakeVoice()
    once = np.concatenate(list(voice.speak(DUE, "ja")))
    said = list(voice.said)
    np.testing.assert_array_equal(np.concatenate(list(voice.speak(DUE, "ja"))), once)
    assert voice.said == said


def test_what_is_personal_is_kept_nowhere() -> None:
    voice = FakeVoice()
    for _ in range(2):
        list(voice.speak("山田様、", "ja", personal=True))
    assert len(voice.said) == 2


def test_terms_are_read_as_the_glossary_in_force_says() -> None:
    terms = {"澪標区": "みおつくしく"}
    synthesizer = FakeSynthesizer()
    voice = Narration(synthesizer, readings=lambda: terms)
    list(voice.speak("澪標区です。", "ja"))
    terms["澪標区"] = "れいひょうく"
    list(voice.speak("澪標区です。", "ja"))
    assert synthesizer.said == ["ミオツクシクです。", "レーヒョークです。"]


def test_slow_speech_is_longer() -> None:
    usual = sum(len(chunk) for chunk in FakeVoice().speak(DUE, "ja"))
    slow = sum(len(chunk) for chunk in FakeVoice().speak(DUE, "ja", 0.8))
    assert slow == pytest.approx(usual / 0.8, rel=0.01)


def test_easy_japanese_is_spoken_by_the_japanese_voice() -> None:
    assert list(FakeVoice().speak("市役所に 来て ください。", "ja-x-easy"))


@pytest.mark.parametrize("voice", [FakeVoice(), NoVoice()])
def test_a_language_nobody_speaks_is_refused_at_once(voice: FakeVoice | NoVoice) -> None:
    with pytest.raises(VoiceUnavailable):
        voice.speak("안녕하세요", "ko")
