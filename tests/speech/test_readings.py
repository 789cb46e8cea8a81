"""Figures and terms are read aloud as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from speech.readings import as_read, base_language

TABLE = yaml.safe_load((Path(__file__).parent / "readings.yaml").read_text(encoding="utf-8"))
LINES = [(lang, text, read) for lang, lines in TABLE.items() for text, read in lines.items()]


@pytest.mark.parametrize(("lang", "text", "read"), LINES, ids=[text for _, text, _ in LINES])
def test_every_line_of_the_table_is_read_so(lang: str, text: str, read: str) -> None:
    assert as_read(text, lang) == read


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(TABLE["ja"]) >= 120
    assert all(len(lines) >= 20 for lines in TABLE.values())


def test_the_citys_own_terms_go_before_the_dictionary() -> None:
    own = {"転入届": "てんにゅうのとどけ", "澪標区": "みおつくしく"}
    assert as_read("澪標区の転入届", "ja", own) == "ミオツクシクのテンニューノトドケ"


def test_ruby_is_honoured() -> None:
    text = "{14日|じゅうよっか}までに {住所|じゅうしょ}が {変|か}わります"
    assert as_read(text, "ja-x-easy") == "ジューヨッカまでにジューショが変わります"


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "ja-x-easy", "en"])
def test_variants_are_read_as_their_language(lang: str) -> None:
    assert as_read("14", lang) == as_read("14", base_language(lang)) != "14"


@pytest.mark.parametrize("lang", ["ja", "en", "es", "pt", "zh"])
@given(text=st.text(alphabet="0123456789-/:.,〜年月日時分円人%#@ aA（）", max_size=25))
def test_no_text_fails_and_no_figure_is_left_in_signs(lang: str, text: str) -> None:
    assert not any(char in "0123456789" for char in as_read(text, lang))
