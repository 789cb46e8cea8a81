from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.lexical import Bm25, Postings
from knowledge.terms import KANA, bigrams, folded, kana_grams, shared_words, terms

UNITS = [["ごみ", "収集", "収集"], ["住民", "票"], ["ごみ", "袋"], []]


def test_bm25_ranks_by_rare_and_repeated_terms() -> None:
    scores = Bm25(Postings.of(UNITS)).scores(["ごみ", "収集"])
    assert scores.argmax() == 0
    assert scores[2] > 0
    assert scores[1] == scores[3] == 0


def test_bm25_is_the_formula() -> None:
    scores = Bm25(Postings.of([["a", "b"], ["b"]]), k1=1.2, b=0.75).scores(["a"])
    idf = np.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert scores[0] == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 1.5)), rel=1e-5)


def test_a_term_counts_as_often_as_it_is_asked() -> None:
    index = Bm25(Postings.of(UNITS))
    assert index.scores(["ごみ", "ごみ"])[2] == pytest.approx(2 * index.scores(["ごみ"])[2])


def test_no_units_and_no_terms() -> None:
    assert len(Bm25(Postings.of([])).scores(["x"])) == 0
    assert Bm25(Postings.of([[], []])).scores(["x"]).tolist() == [0, 0]
    assert Bm25(Postings.of(UNITS)).scores([]).tolist() == [0, 0, 0, 0]


def test_postings_survive_the_disk(tmp_path: Path) -> None:
    Postings.of(UNITS).save(tmp_path, "form")
    loaded = Postings.load(tmp_path, "form")
    assert (
        Bm25(loaded).scores(["収集"]).tolist() == Bm25(Postings.of(UNITS)).scores(["収集"]).tolist()
    )


def test_rearranged_is_as_if_built_anew() -> None:
    fresh = Postings.of([["転入", "ごみ"]])
    changed = Postings.of(UNITS).rearranged(np.array([2, -1, 0]), fresh)
    anew = Postings.of([UNITS[2], ["転入", "ごみ"], UNITS[0]])
    assert "票" not in changed.vocabulary
    for word in ("ごみ", "収集", "袋", "転入", "住民"):
        assert Bm25(changed).scores([word]).tolist() == Bm25(anew).scores([word]).tolist()


def test_rearranged_from_and_to_nothing() -> None:
    empty = Postings.of([])
    all_new = empty.rearranged(np.array([-1, -2]), Postings.of([["a"], ["b"]]))
    assert Bm25(all_new).scores(["b"]).argmax() == 1
    assert Postings.of(UNITS).rearranged(np.array([], dtype=np.int64), empty).vocabulary == ()


def test_japanese_terms() -> None:
    found = terms("引越しの届け出は？", "japanese")
    assert "の" not in found["form"]
    assert "ヒッコシ" in found["reading"]
    assert "引越" in found["bigram"]
    assert "ヒッ" in found[KANA]
    assert set(terms("引っ越し", "japanese")["form"]) <= set(found["form"])


def test_kana_forgives_homophones() -> None:
    heard = set(terms("住民表", "japanese")[KANA])
    meant = set(terms("住民票", "japanese")[KANA])
    assert len(heard & meant) > 0.6 * len(meant)
    assert kana_grams("アイ。ウ") == ["アイ", "イウ", "アイウ"]


def test_bigrams_keep_latin_words_and_figures() -> None:
    assert bigrams("在留卡 My Number 14天") == ["在留", "留卡", "my", "number", "14", "天"]
    assert "전입" in bigrams("전입신고")
    assert bigrams("ย้าย") == ["ย้", "้า", "าย"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Children's cards", "card"),
        ("đăng ký tạm trú", "dang"),
        ("certidão", "certidao"),
        ("नेपाली भाषा", "नेपाली"),
        ("barangay", "barangay"),
    ],
)
def test_words_are_folded(text: str, word: str) -> None:
    assert word in terms(text, "words")["word"]


def test_folded() -> None:
    assert folded("trẻ em") == "tre em"


@pytest.mark.parametrize("script", ["japanese", "bigram", "words"])
@pytest.mark.parametrize("text", ["", " ", "😀", "\u200b", "。。。", "\ud800"])
def test_texts_without_words(script: str, text: str) -> None:
    assert isinstance(terms(text, script), dict)


def test_across_languages_only_han_and_kana_are_shared() -> None:
    assert shared_words("How do I submit 転入届 in 14 days?", "en", "ja") == "転入届"
    assert shared_words("転入届 14日", "ja-x-easy", "ja") == "転入届 14日"
