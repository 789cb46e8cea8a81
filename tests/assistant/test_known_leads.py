"""Questions of which the city knows which part of an article answers them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from assistant.known_leads import known_lead, part_named
from assistant.topics import bare
from knowledge.article import Localization, Section
from knowledge.article_files import read_article

CITY = Path(__file__).parents[2] / "knowledge" / "sample_city"
LEADS = yaml.safe_load((CITY / "leads.yaml").read_text(encoding="utf-8"))

TEXT = Localization(
    lang="ja",
    title="図書館の利用カード",
    summary="本を借りるカードです。",
    facts={"fee": "無料です。"},
    conditions=("小学生以下の人は保護者と申し込みます。", "カードは3年間使えます。"),
    sections=(Section("返すのが遅れたとき", "お金はかかりません。"),),
)


def release(**leads: list[str]) -> Any:
    """Stand for a release with one article and what is known of its questions."""
    article = SimpleNamespace(localizations={"ja": TEXT})
    return SimpleNamespace(
        lexicon={"leads": {"library-card": leads}}, articles={"library-card": article}
    )


@pytest.mark.parametrize(
    "question",
    ["late fee library", "Late fee, library?", "late fees library", " LATE FEE  LIBRARY"],
)
def test_a_known_question_is_known_as_people_type_it(question: str) -> None:
    made = release(返すのが遅れたとき=["late fee library"], fee=["library card price"])
    assert known_lead(question, "library-card", made) == "sections.0"


@pytest.mark.parametrize("question", ["library", "fee for a lost library book", "本"])
def test_another_question_is_not(question: str) -> None:
    assert known_lead(question, "library-card", release(fee=["late fee library"])) is None


def test_vowel_signs_are_letters() -> None:
    made = release(fee=["ค่าธรรมเนียมเท่าไร"])
    assert known_lead("ค่าธรรมเนียมเท่าไร?", "library-card", made) == "facts.fee"
    assert known_lead("คธรรมเนยมเทไร", "library-card", made) is None


def test_a_part_that_the_article_has_no_longer_is_not_known() -> None:
    made = release(本をなくしたとき=["lost a book"])
    assert known_lead("lost a book", "library-card", made) is None
    assert part_named("カードは", {"ja": TEXT}) == "conditions.1"


def test_nothing_is_known_of_an_article_that_is_not_listed() -> None:
    assert known_lead("late fee library", "bulky-garbage", release()) is None


@pytest.mark.parametrize("slug", sorted(LEADS))
def test_every_part_of_the_sample_city_is_there_once(slug: str) -> None:
    texts = read_article(CITY / "articles" / slug).localizations
    found = [part_named(name, texts) for name in LEADS[slug]]
    assert None not in found
    assert len(set(found)) == len(found)
    facts = {f"facts.{name}" for name in texts["ja"].facts}
    assert {part for part in found if part and part.startswith("facts.")} <= facts
    questions = [bare(question) for listed in LEADS[slug].values() for question in listed]
    assert len(set(questions)) == len(questions)
