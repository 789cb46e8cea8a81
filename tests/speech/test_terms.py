"""Terms by sound: choosing them, accepting them, writing them; and never unsaid ones."""

from __future__ import annotations

import re

import pytest

from speech.acceptance import accepted
from speech.alignment import Spoken, folded, likeness, places
from speech.correction import corrected
from speech.lexicon import Lexicon, Word
from speech.sounds import sounds
from speech.term_choice import chosen

LEXICON = Lexicon.of(
    [
        ("住民票", "ジュウミンヒョウ", 20),
        ("罹災証明", "リサイショウメイ", 3),
        ("火葬許可証", "カソウキョカショウ", 2),
        ("国民健康保険", "コクミンケンコウホケン", 12),
        ("健康保険", "ケンコウホケン", 14),
        ("出生届", "シュッショウトドケ", 5),
        ("契約書", "ケイヤクショ", 4),
        ("契約", "ケイヤク", 4),
        ("治療費", "チリョウヒ", 2),
        ("一般", "イッパン", 3),
        ("世帯主", "セタイヌシ", 14),
        ("世帯", "セタイ", 14),
        ("入学", "ニュウガク", 9),
        ("留学", "リュウガク", 2),
        ("消費", "ショウヒ", 2),
        ("電池", "デンチ", 2),
        ("転出届", "テンシュツトドケ", 9),
        ("届け", "トドケ", 5),
        ("ひとり親", "ヒトリオヤ", 4),
        ("一人", "ヒトリ", 8),
        ("もの忘れ", "モノワスレ", 2),
        ("転入届", "テンニュウトドケ", 9),
    ]
)

READINGS = {
    "離婚": "リコン", "理財": "リザイ", "証明": "ショウメイ", "罹災": "リサイ", "を": "ヲ",
    "出せ": "ダセ", "住民": "ジュウミン", "票": "ヒョウ", "所": "ショ", "が": "ガ", "いる": "イル",
    "出生": "シュッショウ", "届け": "トドケ", "届": "トドケ", "は": "ハ", "契約": "ケイヤク",
    "し": "シ", "ました": "マシタ", "日曜日": "ニチヨウビ", "治療": "チリョウ", "費": "ヒ",
    "世帯": "セタイ", "のし": "ノシ", "主": "ヌシ", "この": "コノ", "入学": "ニュウガク",
    "留学": "リュウガク", "少一": "ショウイチ", "消費": "ショウヒ", "地": "チ", "電池": "デンチ",
    "ひとり": "ヒトリ", "親": "オヤ", "もの": "モノ", "はす": "ハス", "れ": "レ", "の": "ノ",
    "払わない": "ハラワナイ", "な": "ナ", "お": "オ", "転入": "テンニュウ", "出入": "デニュウ",
    "に": "ニ", "税金": "ゼイキン", "一本": "イッポン", "一般": "イッパン", "払う": "ハラウ",
}  # fmt: skip
_CUT = re.compile("|".join(sorted(READINGS, key=len, reverse=True)) + "|.")


def readings(text: str) -> list[Word]:
    return [
        Word(piece, READINGS.get(piece, piece if piece >= "ァ" and piece <= "ヺ" else ""))
        for piece in _CUT.findall(text)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("コウ", "コー"), ("セイ", "セー"), ("じ", "ヂ"), ("ヅ", "ズ"), ("ﾄﾄﾞｹ", "とどけ")],
)
def test_one_sound_has_one_writing(one: str, other: str) -> None:
    assert sounds(one) == sounds(other) != ""


def test_sounds_are_one_character_each() -> None:
    assert sounds("シャチョー") == "SaCoo"
    assert sounds("きゃっか、123") == "kyaQka"


def test_the_terms_that_sound_like_what_was_heard_come_first() -> None:
    terms = chosen(LEXICON, [sounds("リザイショウメイヲダセトイワレタ")], 2)
    assert terms[0].surface == "罹災証明"


def test_a_term_inside_a_chosen_one_takes_no_place() -> None:
    surfaces = [
        term.surface for term in chosen(LEXICON, [sounds("コクミンケンコウホケンニハイル")])
    ]
    assert "国民健康保険" in surfaces and "健康保険" not in surfaces


def test_nothing_is_chosen_from_nothing() -> None:
    assert chosen(LEXICON, ["", ""]) == chosen(Lexicon(), ["abc"]) == ()


def test_a_term_longer_than_the_utterance_is_not_chosen() -> None:
    assert "国民健康保険" not in {term.surface for term in chosen(LEXICON, [sounds("ケンコウ")])}


def test_the_prompted_text_is_taken_where_the_kana_bears_it_out() -> None:
    text = accepted("理財証明を出せ", "罹災証明を出せ", "りさいしょうめいをだせ", LEXICON, readings)
    assert text == "罹災証明を出せ"


def test_a_term_that_was_not_said_is_not_written() -> None:
    text = accepted("日曜日にいる", "治療費にいる", "にちようびにいる", LEXICON, readings)
    assert text == "日曜日にいる"
    text = accepted(
        "税金一本に払う", "税金一般に払う", "ぜいきんいっぽんにはらう", LEXICON, readings
    )
    assert text == "税金一本に払う"


def test_a_word_heard_twice_without_being_told_gives_way_to_no_other() -> None:
    assert accepted("この入学", "この留学", "このにゅうがく", LEXICON, readings) == "この入学"


def test_a_short_term_has_to_be_there_as_it_is() -> None:
    assert accepted("少一の", "消費地の", "しょういちの", LEXICON, readings) == "少一の"


def test_a_term_is_taken_whole() -> None:
    text = accepted("世帯のしを", "世帯主を", "せたいのしを", LEXICON, readings)
    assert text == "世帯主を"


def test_a_glide_that_the_kana_writes_as_two_vowels_is_the_same_sound() -> None:
    assert folded(sounds("でんにうとどけ")) == folded(sounds("デンニュウトドケ"))
    text = accepted("出入とどけ", "転入届", "でんにうとどけ", LEXICON, readings)
    assert text == "転入届"


def test_without_kana_nothing_speaks_against_the_prompted_text() -> None:
    assert accepted("理財証明", "罹災証明", "", LEXICON, readings) == "罹災証明"
    assert accepted("", "罹災証明", "りさい", LEXICON, readings) == "罹災証明"


@pytest.mark.parametrize(
    ("text", "kana", "wanted"),
    [
        ("理財証明を出せ", "りさいしょうめいをだせ", "罹災証明を出せ"),
        ("出生届けは", "しゅっしょうとどけは", "出生届は"),
        ("契約しました", "けいやくしました", "契約しました"),
        ("日曜日にいる", "にちようびにいる", "日曜日にいる"),
        ("電池、届けは", "てんしゅつーとどけは", "転出届は"),
        ("ひとり親の", "ひとりおやの", "ひとり親の"),
        ("ものはすれが", "ものはすれが", "もの忘れが"),
        ("払わない届おな", "はらわないとうおな", "払わない届おな"),
        ("罹災証明を出せ", "りさいしょうめいをだせ", "罹災証明を出せ"),
    ],
)
def test_what_sounds_like_a_term_is_written_as_it(text: str, kana: str, wanted: str) -> None:
    assert corrected(text, kana, LEXICON.terms, LEXICON, readings) == wanted


def test_a_lexicon_finds_the_longest_term_at_each_place() -> None:
    assert LEXICON.found("国民健康保険と契約書") == ("国民健康保険", "契約書")
    assert Lexicon().found("契約書") == ()
    assert LEXICON.sound("契約") == "keeyaku" and LEXICON.sound("ない") == ""


def test_places_map_every_sound_to_one_of_the_other() -> None:
    assert places("abc", "abc") == [0, 1, 2, 3]
    assert places("abc", "xabc")[3] == 4
    assert places("", "") == [0]
    assert likeness("", "") == 1 and likeness("abc", "xyz") == 0


def test_a_spoken_text_keeps_every_character() -> None:
    text = "罹災証明、出せ。ABC"
    spoken = Spoken.of(text, readings)
    assert spoken.text(0, len(spoken.words)) == text
    assert spoken.starts[-1] == len(spoken.phonemes)
