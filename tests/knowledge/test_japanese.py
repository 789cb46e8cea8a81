from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.japanese import LONGEST, analyse, hiragana, katakana, nfkc, reading


def test_words_have_normalized_forms_readings_and_places() -> None:
    text = "引っ越しの手続き。ＡＢＣ"
    words = analyse(text)
    assert [word.surface for word in words][:2] == ["引っ越し", "の"]
    assert words[0].normalized == "引っ越し"
    assert words[0].reading == "ヒッコシ"
    assert all(nfkc(text)[word.start : word.end] == word.surface for word in words)


def test_spellings_of_one_word_meet_in_the_normalized_form() -> None:
    forms = {analyse(text)[0].normalized for text in ("引越し", "引っ越し", "引越")}
    assert len(forms) == 1


def test_modes_cut_differently() -> None:
    assert len(analyse("国民健康保険", "A")) > len(analyse("国民健康保険", "C"))


def test_signs_have_no_reading_and_unknown_kana_read_as_themselves() -> None:
    words = {word.surface: word.reading for word in analyse("ほげふが、！")}
    assert words["、"] == ""
    assert reading("みおつくし") == "ミオツクシ"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "😀😀", "\0", "\ud800", "ｱｲｳ", "ไทย"])
def test_any_text_is_cut(text: str) -> None:
    words = analyse(text)
    assert all(word.surface for word in words)


def test_text_beyond_the_limit_of_sudachi() -> None:
    text = "転入届を出します。" * 8_000
    words = analyse(text)
    assert len(text) > 8 * LONGEST
    assert "".join(word.surface for word in words) == text
    assert words[-1].end == len(text)


def test_long_text_without_an_end_of_sentence() -> None:
    assert "".join(word.surface for word in analyse("あ" * (2 * LONGEST + 7))) == "あ" * (
        2 * LONGEST + 7
    )


def test_many_threads_at_once() -> None:
    texts = [f"第{number}回の説明会は区役所で開きます。" for number in range(200)]
    alone = [analyse(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(analyse, texts)) == alone


def test_kana() -> None:
    assert hiragana("ヒッコシーカー") == "ひっこしーかー"
    assert katakana("ひっこし") == "ヒッコシ"
