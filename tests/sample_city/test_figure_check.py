"""Every figure of every article: changed it is stopped, written otherwise it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.article_files import read_article
from knowledge.claims import Value, values
from knowledge.claims_comparison import figures_apart
from knowledge.claims_numerals import plain
from knowledge.claims_sameness import same
from knowledge.ruby import strip

ARTICLES = Path(__file__).parents[2] / "knowledge" / "sample_city" / "articles"
NATIVE = {"ja": "０", "ja-x-easy": "０", "zh-Hans": "０", "zh-Hant": "０", "ne": "०", "th": "๐"}
_REFERENCE = re.compile(r"\{\{[^}]*\}\}")


@cache
def facts() -> tuple[tuple[str, str], ...]:
    """Every fact and condition that has a figure, with its language."""
    found = []
    for folder in sorted(ARTICLES.iterdir()):
        for lang, localization in read_article(folder).localizations.items():
            texts = {_REFERENCE.sub("", strip(words)) for words in localization.texts()}
            found += [(lang, text) for text in sorted(texts) if values(text, lang)]
    return tuple(found)


def known(value: Value) -> bool:
    """Whether a figure has digits of its own, so that another can be put in their place."""
    return re.search(r"\d", value.text) is not None and value.kind != "url"


def with_digits(text: str, place: tuple[int, int], change: Callable[[str], str]) -> str:
    start, end = place
    return text[:start] + change(text[start:end]) + text[end:]


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_a_number_that_is_changed_is_stopped(data: st.DataObject) -> None:
    lang, fact = data.draw(st.sampled_from(facts()))
    source = plain(fact, lang)
    figures = [one for one in values(source, lang) if known(one)]
    assume(figures)
    value = data.draw(st.sampled_from(figures))
    digits = data.draw(
        st.sampled_from(
            [match.span() for match in re.finditer(r"\d+", source[value.start : value.end])]
        )
    )
    place = (value.start + digits[0], value.start + digits[1])
    other = str(int(source[slice(*place)]) + data.draw(st.integers(1, 8)))
    answer = with_digits(source, place, lambda _: other)
    # 4月 made 11月 beside 11月1日, or 30 minutes made 60 beside 1 hour, invents nothing.
    assume(other not in re.findall(r"\d+", source))
    told = values(source, lang)
    moved = [one for one in values(answer, lang) if one.start <= place[0] < one.end]
    assume(not any(same(one, other) for one in moved for other in told))
    assert list(figures_apart(answer, source, lang)), answer


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(facts()))
def test_the_digits_of_another_script_are_not_stopped(fact: tuple[str, str]) -> None:
    lang, source = fact
    assume(lang in NATIVE)
    zero = ord(NATIVE[lang])
    answer = re.sub(r"[0-9]", lambda one: chr(zero + int(one[0])), source)
    assert not list(figures_apart(answer, source, lang)), answer
    assert not list(figures_apart(source, answer, lang)), answer


@settings(max_examples=600, deadline=None)
@given(st.integers(1_000, 99_999_999), st.integers(1, 12), st.integers(1, 28), st.integers(1, 30))
def test_other_notations_are_not_stopped(yen: int, month: int, day: int, era: int) -> None:
    said = f"{2018 + era}年{month}月{day}日までに{yen}円"
    for other in (
        f"令和{era}年{month}月{day}日までに{yen:,}円",
        f"{2018 + era}/{month}/{day}までに¥{yen:,}",
        f"令和{era}年{month}月{day}日までに{yen // 10_000}万{yen % 10_000:,}円"
        if yen % 10_000 >= 1_000 and yen >= 10_000
        else said,
    ):
        assert not list(figures_apart(other, said, "ja")), other
        assert not list(figures_apart(said, other, "ja")), other


@pytest.mark.parametrize("lang", ["en", "vi", "pt", "es", "id"])
@settings(max_examples=200, deadline=None)
@given(yen=st.integers(1_000, 99_999_999))
def test_separators_of_thousands_are_not_stopped(lang: str, yen: int) -> None:
    word = {"en": "yen", "vi": "yên", "pt": "ienes", "es": "yenes", "id": "yen"}[lang]
    grouped = f"{yen:,}" if lang == "en" else f"{yen:,}".replace(",", ".")
    assert not list(figures_apart(f"{grouped} {word}", f"{yen} {word}", lang))
    assert list(figures_apart(f"{yen + 1} {word}", f"{grouped} {word}", lang))


@settings(max_examples=300, deadline=None)
@given(hour=st.integers(13, 23), minute=st.integers(0, 59))
def test_half_a_day_is_not_stopped(hour: int, minute: int) -> None:
    clock = f"{hour}:{minute:02}"
    for lang, said in (
        ("en", f"{hour - 12}:{minute:02} p.m."),
        ("ja", f"午後{hour - 12}時{minute}分"),
        ("ko", f"오후 {hour - 12}시 {minute}분"),
        ("zh-Hans", f"下午{hour - 12}点{minute}分"),
    ):
        assert not list(figures_apart(said, clock, lang)), said
        assert list(figures_apart(said, f"{hour - 12}:{minute:02}", lang)), said
