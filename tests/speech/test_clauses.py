"""A text is cut where a speaker breathes, and nothing of it is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.clauses import COMMA_PAUSE, FIRST, SENTENCE_PAUSE, Clause, clauses, width

DUE = "転入届は、住み始めた日から14日以内に出してください。窓口は1階です。"


def test_the_first_clause_is_short_and_ends_at_the_comma() -> None:
    assert list(clauses(DUE)) == [
        Clause("転入届は、", COMMA_PAUSE),
        Clause("住み始めた日から14日以内に出してください。", SENTENCE_PAUSE),
        Clause("窓口は1階です。", SENTENCE_PAUSE),
    ]


def test_a_first_sentence_without_commas_is_cut_where_a_word_begins() -> None:
    first, second = clauses("引っ越した日から十四日以内に届け出をしてください。")
    assert (first.text, first.pause) == ("引っ越した日から十四日以内に", 0.0)
    assert second.text == "届け出をしてください。"


def test_english_is_cut_at_sentences_and_commas_not_within_figures() -> None:
    texts = [clause.text for clause in clauses("It costs 1,500 yen, in cash. Call 06-0000-1234.")]
    assert texts == ["It costs 1,500 yen, in cash.", "Call 06-0000-1234."]


@pytest.mark.parametrize("text", ["", "  \n", "。、！", "※・"])
def test_what_cannot_be_said_yields_nothing(text: str) -> None:
    assert list(clauses(text)) == []


@given(st.text(alphabet="あ漢カa1 、。,.！\n(「」)・", max_size=120))
def test_every_letter_is_said_once_and_in_order(text: str) -> None:
    said = "".join(clause.text for clause in clauses(text))
    assert re.sub(r"\W", "", said) == re.sub(r"\W", "", text)


@given(st.text(alphabet="あ漢、。", max_size=200))
def test_the_first_clause_is_never_long_where_it_can_be_cut(text: str) -> None:
    said = list(clauses(text))
    if said and re.search(r"[あ][漢]|、", said[0].text[4:FIRST]):
        assert width(said[0].text) <= FIRST * 1.25 + 4
