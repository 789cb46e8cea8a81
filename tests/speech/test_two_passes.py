"""The order of the passes, and which text wins, on a model that writes what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from speech.lexicon import Lexicon, Word
from speech.recognition import SAMPLE_RATE, Samples
from speech.testing import FakeRecognizer, FakeVoiceActivity, silence, tone
from speech.two_passes import TwoPassRecognizer, prompt
from speech.whisper import Encoded, Hypothesis

LEXICON = Lexicon.of([("転入届", "テンニュウトドケ", 3), ("印鑑登録", "インカントウロク", 3)])


def readings(text: str) -> list[Word]:
    known = {"転入": "テンニュウ", "電入": "デンニュウ", "届": "トドケ", "届け": "トドケ"}
    words, place = [], 0
    while place < len(text):
        word = next((one for one in sorted(known, key=len, reverse=True)
                     if text.startswith(one, place)), text[place])  # fmt: skip
        words.append(Word(word, known.get(word, "")))
        place += len(word)
    return words


@dataclass
class WrittenModel:
    """A model whose texts are given."""

    first: str = "電入届け"
    second: str = "転入届"
    kana: str = "てんにゅうとどけ"
    log_probability: float = -0.2
    shares: dict[str, float] = field(default_factory=lambda: {"ja": 0.5, "zh": 0.3, "fr": 0.2})
    prompts: list[str] = field(default_factory=list)
    encodings: int = 0
    window: float = 30.0

    def encode(self, audio: Samples) -> Encoded:
        assert len(audio) <= self.window * SAMPLE_RATE
        self.encodings += 1
        return Encoded(None)

    def languages(self, encoded: Encoded) -> dict[str, float]:
        return self.shares

    def decode(
        self, encoded: Encoded, code: str, *, prompt: str = "", beams: int = 1, kana: bool = False
    ) -> Hypothesis:
        self.prompts.append("kana" if kana else prompt)
        text = self.kana if kana else self.second if prompt else self.first
        return Hypothesis(text, self.log_probability)


def taught(model: WrittenModel, lexicon: Lexicon = LEXICON) -> TwoPassRecognizer:
    return TwoPassRecognizer(model, FakeVoiceActivity(), lambda: lexicon, readings)


def test_japanese_is_encoded_once_and_decoded_three_times() -> None:
    model = WrittenModel()
    heard = taught(model).recognize(tone(2), "ja")
    assert heard.text == "転入届" and heard.terms == ("転入届",)
    assert heard.kana == "てんにゅうとどけ"
    assert model.encodings == 1
    assert model.prompts[:2] == ["", "kana"] and "転入届" in model.prompts[2]
    assert {"encode", "first", "kana", "second"} <= set(heard.timings_ms)


def test_what_was_asked_is_told_to_every_pass() -> None:
    model = WrittenModel(first="転入届", kana="てんにゅう")
    taught(model).recognize(tone(2), "ja", (), "何のお手続きですか。")
    first, _, second = model.prompts
    assert first == "何のお手続きですか。" and second.endswith("何のお手続きですか。")


def test_a_question_that_comes_back_is_asked_without() -> None:
    model = WrittenModel(first="three copies", second="How many copies do you need?")
    heard = taught(model).recognize(tone(2), "en", (), "How many copies do you need?")
    assert heard.text == "three copies"
    assert model.prompts == ["How many copies do you need?", ""]


def test_a_short_answer_passes_the_gates_after_a_question_only() -> None:
    model = WrittenModel(first="はい", second="はい", log_probability=-1.2)
    assert taught(model).recognize(tone(0.35), "ja").rejected == "no_speech"
    assert taught(model).recognize(tone(2), "ja").rejected == "unlikely"
    assert taught(model).recognize(tone(0.35), "ja", (), "続柄をのせますか。").text == "はい"


def test_other_languages_take_one_pass() -> None:
    model = WrittenModel(first="hello")
    assert taught(model).recognize(tone(2), "en").text == "hello"
    assert model.prompts == [""]


def test_nobody_speaks_and_the_model_is_not_asked() -> None:
    model = WrittenModel()
    heard = taught(model).recognize(silence(2), "ja")
    assert (heard.text, heard.rejected, model.encodings) == ("", "no_speech", 0)


def test_an_unlikely_text_is_dropped_before_the_prompt_can_make_one_up() -> None:
    model = WrittenModel(log_probability=-2.0)
    heard = taught(model).recognize(tone(2), "ja")
    assert (heard.text, heard.rejected, model.prompts) == ("", "unlikely", [""])


def test_a_loop_leaves_the_first_text() -> None:
    model = WrittenModel(first="はい", kana="はい", second="転入届、" * 30)
    assert taught(model).recognize(tone(2), "ja").text == "はい"


def test_a_loop_is_broken_by_telling_fewer_terms() -> None:
    names = ("転入届", "印鑑登録", "転出届", "転居届", "出生届")
    lexicon = Lexicon.of([(name, "テンニュウトドケ", 3) for name in names])

    class Looping(WrittenModel):
        def decode(self, encoded: Encoded, code: str, **how: Any) -> Hypothesis:
            heard = super().decode(encoded, code, **how)
            many = how.get("prompt", "").count("、") > 3
            return Hypothesis("転入届、" * 30, -0.2) if many else heard

    model = Looping()
    assert taught(model, lexicon).recognize(tone(2), "ja").text == "転入届"
    assert len(model.prompts) == 4


def test_an_empty_lexicon_prompts_nothing() -> None:
    model = WrittenModel()
    assert taught(model, Lexicon()).recognize(tone(2), "ja").text == "電入届け"
    assert model.prompts == ["", "kana", ""]


def test_the_language_is_one_of_those_offered() -> None:
    heard = taught(WrittenModel()).recognize(tone(2), None, ("en", "zh-Hans", "zh-Hant"))
    assert heard.lang == "zh-Hans" and heard.lang_probability == 1.0
    heard = taught(WrittenModel()).recognize(tone(2), None, ("ja", "ja-x-easy", "zh-Hans"))
    assert heard.lang == "ja" and heard.lang_probability == 0.5 / 0.8


def test_half_an_hour_is_cut_at_silences_and_told_in_segments() -> None:
    hour = np.concatenate([np.concatenate([tone(5), silence(1)])] * 12)
    heard = taught(WrittenModel()).recognize(hour, "ja")
    assert len(heard.segments) == 12 and heard.text == "転入届" * 12
    starts = [segment.start for segment in heard.segments]
    assert starts == sorted(starts) and heard.segments[-1].end <= len(hour) / SAMPLE_RATE
    nothing = taught(WrittenModel()).recognize(silence(60), None, ("ja",))
    assert nothing.rejected == "no_speech"


def test_a_partial_is_one_greedy_pass() -> None:
    model = WrittenModel()
    assert taught(model).partial(tone(40), "ja").text == "電入届け"
    assert model.prompts == [""]
    model = WrittenModel(first="ご視聴ありがとうございました")
    assert taught(model).partial(tone(2), "ja").text == ""


def test_prompts_say_which_characters_chinese_is_written_in() -> None:
    assert prompt("zh-Hans") != prompt("zh-Hant")
    assert prompt("ja") == prompt("ko") == ""
    assert "転入届、印鑑登録" in prompt("ja-x-easy", ["転入届", "印鑑登録"])


def test_the_fake_hears_what_it_was_told() -> None:
    fake = FakeRecognizer("転入届")
    assert fake.recognize(tone(1)).text == "転入届"
    assert fake.partial(tone(0.2)).text == "転入"
    assert fake.recognize(silence(1)).rejected == "no_speech"
    assert fake.calls == ["recognize", "partial", "recognize"]
