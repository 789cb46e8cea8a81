"""Pieces of a localization: one place each, none too long, nothing lost."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import Localization, Section
from knowledge.article_files import read_article
from knowledge.chunking import LONGEST, chunks, split

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city" / "articles"


def test_a_procedure_is_cut_by_fact_condition_and_section() -> None:
    found = chunks(read_article(SAMPLE / "moving-in").localizations["ja"])
    ids = [chunk.id for chunk in found]
    assert ids[:3] == ["summary", "facts.who", "facts.deadline"]
    assert {"conditions.0", "conditions.1", "sections.0.0", "sections.2.0"} <= set(ids)
    assert len(ids) == len(set(ids))
    bring = next(chunk for chunk in found if chunk.id == "facts.bring")
    assert bring.kind == "fact" and bring.name == "bring" and bring.text.count("\n") == 4
    late = next(chunk for chunk in found if chunk.id == "sections.0.0")
    assert late.path == ("届け出が遅れたとき",) and late.name == "届け出が遅れたとき"


def test_a_long_section_is_cut_between_paragraphs_and_keeps_its_place() -> None:
    text = "\n\n".join(f"第{n}段落。" + "あ" * 250 + "。" for n in range(5))
    section = Section("窓口", text, ("報告書", "サービス"), 12)
    found = chunks(Localization("ja", "題", sections=(Section("空", ""), section)))
    assert [chunk.id for chunk in found] == ["sections.1.0", "sections.1.1", "sections.1.2"]
    assert all(chunk.path == ("報告書", "サービス", "窓口") for chunk in found)
    assert all(chunk.page == 12 and chunk.text.startswith("第") for chunk in found)


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = "".join(f"{n}つめの文です（「かっこ。」の中）。" for n in range(60))
    parts = split(text)
    assert "".join(parts) == text
    assert all(part.endswith("。") and len(part) <= LONGEST for part in parts)
    english = " ".join(f"This is sentence {n}." for n in range(60))
    assert " ".join(split(english)) == english


@given(st.text(st.sampled_from("あ。！\n 　a.）"), max_size=400), st.integers(5, 60))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(0 < len(part) <= longest for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
