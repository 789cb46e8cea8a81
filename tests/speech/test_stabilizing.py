"""Partial texts: what is stable stays, and Japanese appears without spaces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.japanese import analyse
from speech.stabilizing import Stabilizer, word_ends_by_script


def morphemes(text: str) -> list[int]:
    return [word.end for word in analyse(text)]


def test_japanese_appears_word_by_word() -> None:
    follow = Stabilizer(morphemes)
    assert follow.push("引っ越し")[:2] == ("", "引っ越し")
    assert follow.push("引っ越しまし").stable == "引っ越し"
    third = follow.push("引っ越しました。手続")
    assert (third.stable, third.gained) == ("引っ越しまし", "まし")
    assert follow.push("引っ越しました。手続きは").stable == "引っ越しました"


def test_a_sentence_mark_that_comes_and_goes_loses_nothing() -> None:
    follow = Stabilizer(morphemes)
    follow.push("今日は、転入届を")
    assert follow.push("今日は転入届を").stable == "今日は転入届を"
    again = follow.push("今日は、転入届を出したい")
    assert (again.stable, again.unstable) == ("今日は、転入届を", "出したい")


def test_letters_are_compared_after_nfkc() -> None:
    follow = Stabilizer(morphemes)
    follow.push("14日以内")
    assert follow.push("１４日以内です").stable == "１４日以内"


def test_what_is_stable_stays_when_it_is_suddenly_written_otherwise() -> None:
    follow = Stabilizer(morphemes)
    follow.push("証明書を")
    follow.push("証明書を")
    changed = follow.push("証明初をください")
    assert (changed.stable, changed.unstable, changed.gained) == ("証明書を", "ください", "")


def test_words_of_spaced_scripts_are_not_cut() -> None:
    follow = Stabilizer()
    follow.push("I would like")
    assert follow.push("I would likely").stable == "I would"
    assert word_ends_by_script("ที่นี่")[-1] == 6


@given(st.lists(st.text("転入届を、。 ab。", max_size=12), max_size=8))
def test_what_was_gained_is_what_is_stable(hypotheses: list[str]) -> None:
    follow = Stabilizer()
    gained, before = "", ""
    for hypothesis in hypotheses:
        stable, unstable, more = follow.push(hypothesis)
        gained += more
        letters = [sign for sign in stable if sign.isalnum()]
        assert letters == [sign for sign in gained if sign.isalnum()]
        assert "".join(letters).startswith(before)
        before = "".join(letters)
        if more:
            assert stable + unstable == hypothesis
