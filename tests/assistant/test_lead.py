"""Which part of an article answers first, and Japanese terms written in Latin letters."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant.lead import lead
from assistant.romanised import sounded, with_terms
from knowledge.article import Localization, Section
from knowledge.search import Passage

ARTICLE = Localization(
    lang="en",
    title="Copy of resident record (住民票の写し)",
    summary="This document proves where you live.",
    facts={
        "fee": "At the counter it costs 300 yen for 1 copy.",
        "where": "Any ward office issues it.",
        "bring": ("Identification", "Letter of authorization (委任状)"),
    },
    conditions=("For someone who has died, request the deleted resident record.",),
    sections=(Section("If you are late", "Nothing happens.\nCome when you can."),),
)


def passages(**scores: float) -> list[Passage]:
    """The parts of `ARTICLE` as search ranks them; a part is named with ``__`` for the dot."""
    found = [Passage(name.replace("__", "."), "…", score) for name, score in scores.items()]
    return sorted(found, key=lambda passage: -passage.score)


NEAR = {"facts__fee": 0.3, "facts__where": 0.3, "facts__bring": 0.3}


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("copy of resident record how much", "facts.fee"),
        ("where do I get a copy of resident record", "facts.where"),
        ("what do I need to bring for a copy of resident record", "facts.bring"),
        ("I want a copy of resident record", "summary"),
    ],
)
def test_the_fact_asked_for_in_plain_words_leads(question: str, part: str) -> None:
    found = passages(**NEAR, conditions__0=0.4, summary=0.32, sections__0__0=0.2)
    assert lead(question, "en", ARTICLE, found).part == part


def test_what_is_nearest_by_far_leads() -> None:
    found = passages(**NEAR, conditions__0=0.75, summary=0.35, sections__0__0=0.2)
    assert lead("my father died, which record", "en", ARTICLE, found).part == "conditions.0"


def test_what_may_be_meant_stands_beside_the_summary() -> None:
    found = passages(**NEAR, conditions__0=0.48, summary=0.42, sections__0__0=0.1)
    best = lead("my late father", "en", ARTICLE, found)
    assert best.part == "summary"
    assert best.beside is not None
    assert best.beside.part == "conditions.0"


def test_what_happens_after_a_deadline_is_told_by_a_section() -> None:
    found = passages(**NEAR, conditions__0=0.1, summary=0.5, sections__0__0=0.2)
    assert lead("what if I'm late?", "en", ARTICLE, found).part == "sections.0"


@pytest.mark.parametrize(
    "spelt", ["juminhyo", "Jūminhyō", "juuminhyou", "zyuminhyo", "Jumin-hyo", "JUUMIN HYOU"]
)
def test_spellings_by_ear_sound_alike(spelt: str) -> None:
    assert sounded(spelt) == "juminhyo"


class Taught:
    """A release as `with_terms` sees it: the words it teaches and one article."""

    lexicon = {  # noqa: RUF012
        "glossary": [
            {"term": "住民票", "reading": "じゅうみんひょう"},
            {"term": "課税証明書", "reading": "かぜいしょうめいしょ"},
            {"term": "時効", "reading": "じこう"},
            {"term": "転出", "reading": "てんしゅつ"},
        ],
        "synonyms": {"ja": {"ソファ": ["粗大ごみ"], "市政": ["市役所"]}},
    }
    articles = {  # noqa: RUF012
        "sofa": SimpleNamespace(
            localizations={
                "tl": Localization(lang="tl", title="Sofa", summary="Ang shisei ay iba.")
            }
        )
    }


@pytest.mark.parametrize(
    ("question", "lang", "searched"),
    [
        ("magkano ang juminhyo", "tl", "magkano ang juminhyo (住民票)"),
        ("kazei shomeisho please", "en", "kazei shomeisho (課税証明書) please"),
        ("lấy Jūminhyō ở đâu", "vi", "lấy Jūminhyō (住民票) ở đâu"),
        ("di ko mabayaran", "tl", "di ko mabayaran"),
        ("kazei, shomeisho", "en", "kazei, shomeisho"),
        ("sofa", "pt", "sofa"),
        ("shisei", "tl", "shisei"),
        ("juminhyo (住民票)", "en", "juminhyo (住民票)"),
        ("juminhyoはどこ", "ja", "juminhyoはどこ"),
    ],
)
def test_terms_in_latin_letters_are_searched_for_in_japanese(
    question: str, lang: str, searched: str
) -> None:
    assert with_terms(question, lang, Taught()) == searched  # type: ignore[arg-type]
