"""The counts that `python -m evals speech` reports."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evals.speech_material import CASES, Clip, chosen, half_of, mixed, recorded, unspoken
from evals.speech_scores import Tally, latency, morae, plain, unsaid
from speech.audio import to_wav
from speech.levels import rms_dbfs
from speech.lexicon import Lexicon
from speech.testing import tone

LEXICON = Lexicon.of(
    [("住民税", "ジュウミンゼイ", 3), ("届け出", "トドケデ", 3), ("治療費", "チリョウヒ", 2)]
)


def test_signs_case_and_width_are_no_errors() -> None:
    assert plain("ＡＢＣ、転入 届。") == plain("abc転入届")


def test_long_vowels_are_alike_however_written() -> None:
    assert morae("コーコー") == morae("高校") == ["ko", "o", "ko", "o"]


def test_a_transcript_is_counted() -> None:
    tally = Tally(LEXICON)
    tally.add("ja", "住民税はいくら", "住民性はいくら")
    tally.add("en", "Hello", "hello.")
    report = tally.as_json()
    assert report["cer"] == pytest.approx(1 / 12, abs=1e-4)
    assert report["by_lang"] == {"en": 0.0, "ja": pytest.approx(1 / 7, abs=1e-4)}
    assert report["term_recall"] == 0 and report["terms"] == 1


def test_only_what_was_not_said_is_an_insertion() -> None:
    assert unsaid(LEXICON, "日曜日に行く", "治療費に行く", "日曜日に行く") == ["治療費"]
    assert unsaid(LEXICON, "届出をする", "届け出をする", "とどけで") == []
    assert unsaid(LEXICON, "日曜日に行く", "治療費に行く", "治療費に行く") == []


def test_latencies_are_a_median_and_a_95th_percentile() -> None:
    assert latency([float(one) for one in range(101)]) == {"median": 50, "p95": 95}
    assert latency([]) == {"median": None, "p95": None}


def test_the_cases_are_distinct_and_in_two_halves() -> None:
    every = chosen(CASES, "all")
    assert len({one["text"] for one in every}) == len(every) >= 200
    halves = [half_of(one["text"]) for one in every]
    assert min(halves.count("dev"), halves.count("test")) >= 100
    assert len(chosen(CASES, "test", 5)) == 5


def test_noise_is_mixed_at_the_level_asked_for() -> None:
    clip = Clip("x", "ja", "synthesised", tone(2.0, level=-20))
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    added = mixed(clip, 0.01 * noise, 10).audio - clip.audio
    assert rms_dbfs(added) == pytest.approx(-30, abs=0.5)


def test_clips_without_speech_are_the_same_each_time() -> None:
    first, again = list(unspoken(16, [tone(3.0)])), list(unspoken(16, [tone(3.0)]))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert all(len(one) >= 15_000 and np.abs(one).max() <= 1 for one in first)


def test_a_manifest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(to_wav(tone(0.5)))
    line = {"audio_filepath": "a.wav", "lang": "ja", "text": "はい"}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n")
    (clip,) = recorded(tmp_path / "m.jsonl")
    assert (clip.text, clip.source, len(clip.audio)) == ("はい", "recorded", 8000)
