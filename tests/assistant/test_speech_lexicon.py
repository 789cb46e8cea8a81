"""The articles teach the ear, and a new release teaches it at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from assistant.speech_lexicon import ReleaseLexicon, lexicon_of, words
from knowledge.article import Article, Localization
from knowledge.city import City
from knowledge.release import Release, ReleaseInfo


def release(name: str, *questions: str, glossary: Any = ()) -> Release:
    day = date(2026, 4, 1)
    articles = {
        f"a{number}": Article(
            f"a{number}", "moving", day, day, {"ja": Localization("ja", "手続き", (question,))}
        )
        for number, question in enumerate(questions)
    }
    info = ReleaseInfo(name, datetime(2026, 4, 1, tzinfo=UTC), "", "fake", {})
    return Release(info, articles, City({}), {"glossary": glossary}, cast(Any, None))


def surfaces(one: Release) -> dict[str, str]:
    return {term.surface: term.reading for term in lexicon_of(one).terms}


def test_compound_nouns_of_questions_are_terms_with_readings() -> None:
    found = surfaces(release("1", "国民健康保険の{保険料|ほけんりょう}はいつ払いますか"))
    assert found["国民健康保険"] == "コクミンケンコウホケン"
    assert found["保険料"] == "ホケンリョウ"
    assert not any("は" in surface for surface in found)


def test_the_glossary_says_how_its_terms_are_read() -> None:
    glossary = [{"term": "転入届", "reading": "てんにゅうとどけ"}]
    assert surfaces(release("1", "何ですか", glossary=glossary))["転入届"] == "テンニュウトドケ"


def test_of_spellings_the_commonest_is_taken_and_slips_are_left_out() -> None:
    found = surfaces(
        release("1", "学童保育の料金", "学童はどこですか", "学童の申込み", "学堂はどこですか")
    )
    assert "学童" in found and "学堂" not in found


def test_a_new_release_teaches_the_recogniser_at_once() -> None:
    current: list[Release | None] = [None]
    lexicon = ReleaseLexicon(lambda: current[0])
    assert lexicon().terms == ()
    current[0] = release("1", "転入届を出したい")
    first = lexicon()
    assert lexicon() is first and first.version == "1"
    current[0] = release("2", "転入届を出したい", "罹災証明書がほしい")
    assert "罹災証明書" in lexicon().by_surface


def test_the_words_of_a_text_make_the_text() -> None:
    text = "転入届は、14日以内。ABC"
    assert "".join(word.surface for word in words(text)) == text


def test_two_spellings_with_the_same_characters_are_one_term() -> None:
    found = surfaces(release("1", "届け出はどこですか", "届け出の用紙", "届出をしたい"))
    assert "届け出" in found and "届出" not in found


def test_what_counts_is_no_term() -> None:
    found = surfaces(release("1", "2時間以内に手続きしますか", "何度も手続きしますか"))
    assert "手続き" in found
    assert not {"時間", "時間以内", "何度"} & set(found)
