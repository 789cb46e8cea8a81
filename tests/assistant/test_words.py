"""The words by language: what no article answers, broad questions, wishes for a person."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.broad_topics import broad_topic
from assistant.homophones import respelled
from assistant.phrases import wants_person
from assistant.replies import replies
from assistant.topics import asked_exactly
from knowledge.article import languages
from knowledge.release_content import OUTSIDE

from .conftest import SmallInstallation

CITY = Path(__file__).parents[2] / "knowledge" / "sample_city"


def lexicon(name: str) -> Any:
    return yaml.safe_load((CITY / f"{name}.yaml").read_text(encoding="utf-8"))


def test_every_outside_topic_is_asked_in_every_language_and_says_who_does_it() -> None:
    for topic, entry in lexicon("outside").items():
        assert set(entry) == {"reply", *languages()}, topic
        for lang in languages():
            assert replies(lang)(f"abstain_elsewhere.{entry['reply']}"), (topic, lang)


def test_no_way_to_ask_stands_for_two_things() -> None:
    seen: dict[tuple[str, str], str] = {}
    for name in ("outside", "asked"):
        for slug, entry in lexicon(name).items():
            for lang, questions in entry.items():
                if lang == "reply":
                    continue
                for question in questions:
                    other = seen.setdefault((lang, question.casefold()), slug)
                    assert other == slug, (lang, question)


def test_more_ways_to_ask_belong_to_articles() -> None:
    assert {path.name for path in (CITY / "articles").iterdir()} >= set(lexicon("asked"))


@pytest.mark.parametrize("name", ["outside", "asked"])
def test_no_question_is_taken_for_a_wish_for_a_person(name: str) -> None:
    wrong = [
        question
        for entry in lexicon(name).values()
        for lang, questions in entry.items()
        if lang != "reply"
        for question in questions
        if wants_person(question)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("question", "lang", "topic"),
    [
        ("証明書を出してもらいたいんですが", "ja", "certificate"),
        ("引っ越しすんねん", "ja", "moving"),
        ("I have a question about taxes", "en", "tax"),
        ("我想问保险的事情", "zh-Hans", "insurance"),
        ("수당 받고 싶어요", "ko", "allowance"),
        ("tôi cần giấy chứng nhận", "vi", "certificate"),
        ("tenho uma dúvida sobre seguro", "pt", "insurance"),
        ("tanong tungkol sa buwis", "tl", "tax"),
        ("घर सर्ने बारे जानकारी", "ne", "moving"),
        ("tanya tentang pajak", "id", "tax"),
        ("อยากได้ใบรับรอง", "th", "certificate"),
        ("need to change my address", "en", "moving"),
        ("बीमा बारे सोध्नु थियो", "ne", "insurance"),
        ("カードが使えない", "ja", "my-number"),
        ("how do I change the address on my residence card", "en", None),
        ("水道の料金はいくら", "ja", None),
        ("住民票の写しがほしい", "ja", None),
        ("how much is the property tax", "en", None),
    ],
)
def test_broad_questions(question: str, lang: str, topic: str | None) -> None:
    topics = lexicon("broad_topics")
    slugs = tuple(topics[topic]["slugs"]) if topic else ()
    assert broad_topic(question, lang, topics) == slugs


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("is there anyone I can call about this", True),
        ("could a member of staff phone me", True),
        ("誰か人間いないの", True),
        ("オペレータお願いします", True),
        ("だれか きて ください。はなしたいです", True),
        ("may tao ba dyan na pwedeng tumulong", True),
        ("is there anyone who speaks Vietnamese at the ward office", False),
        ("窓口に通訳の人はいますか", False),
        ("Can someone pick up my certificate for me?", False),
        ("電話で粗大ごみを申し込みたい", False),
    ],
)
def test_wishes_for_a_person(question: str, wanted: bool) -> None:
    assert wants_person(question) is wanted


class Ways:
    """A release as `asked_exactly` sees it: no articles' texts, only the city's ways to ask."""

    def __init__(self) -> None:
        self.lexicon = {name: lexicon(name) for name in ("asked", "outside")}
        self.articles = {
            slug: type("Article", (), {"localizations": {}})() for slug in self.lexicon["asked"]
        }


@pytest.mark.parametrize(
    ("question", "lang", "what"),
    [
        ("help for foreign residents", "en", "foreign-consultation"),
        ("Help for foreign residents?", "en", "foreign-consultation"),
        ("近くのコンビニ", "ja", OUTSIDE + "shopping"),
        ("コンビニ", "ja", None),
    ],
)
def test_a_way_to_ask_in_just_its_words_decides(question: str, lang: str, what: str | None) -> None:
    assert asked_exactly(question, lang, Ways()) == what  # type: ignore[arg-type]


def test_broad_topics_are_patterns_with_two_to_four_choices() -> None:
    for topic, entry in lexicon("broad_topics").items():
        assert 2 <= len(entry["slugs"]) <= 4, topic
        assert all(re.compile(name) for name in entry["names"]), topic


class Glossary:
    """A release as `respelled` sees it: its name and the words it teaches."""

    def __init__(self) -> None:
        self.lexicon = {"glossary": lexicon("glossary")}
        self.info = type("Info", (), {"id": "glossary"})()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("脂肪届はどこに出せばいいですか", "死亡届はどこに出せばいいですか"),
        ("固定試算税の納め方", "固定資産税の納め方"),
        ("印監登録したい", "印鑑登録したい"),
        ("韓国のパスポートを更新したい", "韓国のパスポートを更新したい"),
    ],
)
def test_misspelt_terms_are_spelt_right(typed: str, meant: str) -> None:
    assert respelled(typed, Glossary()) == meant  # type: ignore[arg-type]


def test_without_a_glossary_nothing_is_respelt(installation: SmallInstallation) -> None:
    release = installation.live.get()
    assert respelled("転入届の持ち物は？", release) == "転入届の持ち物は？"
