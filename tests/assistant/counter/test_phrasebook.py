"""The phrasebook says the same in every language, and nothing of it is missing."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from typing import Any

import pytest
import yaml

from assistant.counter.phrasebook import phrase, phrasebook
from assistant.forms.filling import asked_field
from assistant.forms.form import forms
from knowledge.article import languages
from knowledge.figures import figures
from knowledge.ruby import parse
from knowledge.ruby_annotation import unread

ASKS_FOR = {
    "self_or_proxy": {"applicant"},
    "show_my_number_card": {"my_number"},
    "ask_name": {"name"},
    "ask_reading": {"kana"},
    "ask_birth_date": {"birth_date"},
    "ask_address": {"address", "new_address", "old_address"},
    "ask_telephone": {"telephone"},
    "ask_household": {"members"},
    "ask_head": {"head"},
    "how_many_copies": {"copies"},
    "where_submitted": {"purpose"},
    "whole_household": {"extent"},
    "show_relationship": {"relationship_shown"},
    "when_started_living": {"moved_on"},
    "previous_address": {"old_address"},
    "new_address": {"address", "new_address"},
    "within_14_days": {"moved_on", "qualified_on"},
    "who_moved_together": {"members"},
    "why_enrol": {"reason"},
    "loss_certificate": {"qualified_on"},
    "when_insurance_ended": {"qualified_on"},
    "family_enrols": {"members"},
    "what_and_how_many": {"items"},
}
"""The sentences that the forms hear as a question for one of their fields."""


def content(name: str) -> dict[str, Any]:
    """One file of the phrasebook as it stands."""
    text = resources.files("assistant.counter").joinpath("phrasebook", f"{name}.yaml")
    loaded: dict[str, Any] = yaml.safe_load(text.read_text(encoding="utf-8"))
    return loaded


def ids() -> list[str]:
    return [id_ for task in content("tasks").values() for id_ in task]


def test_a_counter_has_enough_to_say() -> None:
    assert len(phrasebook()) >= 120


def test_each_sentence_belongs_to_one_task() -> None:
    assert [id_ for id_, times in Counter(ids()).items() if times > 1] == []


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_every_sentence_in_the_same_order(lang: str) -> None:
    assert list(content(lang)) == ids()


def test_a_sentence_has_the_languages_of_the_desk_and_no_other() -> None:
    assert all(set(entry.words) == set(languages()) for entry in phrasebook().values())


@pytest.mark.parametrize("lang", languages())
def test_no_sentence_is_empty_or_said_twice(lang: str) -> None:
    texts = content(lang).values()
    assert all(isinstance(text, str) and text == text.strip() != "" for text in texts)
    assert [text for text, times in Counter(texts).items() if times > 1] == []


@pytest.mark.parametrize("lang", languages())
def test_figures_are_those_of_the_japanese(lang: str) -> None:
    differing = [
        entry.id
        for entry in phrasebook().values()
        if figures(entry.text(lang)) != figures(entry.text("ja"))
    ]
    assert differing == []


def test_easy_japanese_has_a_reading_on_every_kanji() -> None:
    assert [text for text in content("ja-x-easy").values() if unread(text)] == []


@pytest.mark.parametrize("lang", [lang for lang in languages() if lang != "ja-x-easy"])
def test_only_easy_japanese_carries_ruby(lang: str) -> None:
    assert all(reading is None for text in content(lang).values() for _, reading in parse(text))


def test_every_task_has_a_title_in_japanese_and_english() -> None:
    titles = content("tasks_titles")
    assert list(titles) == list(content("tasks"))
    assert all(set(title) == {"ja", "en"} and all(title.values()) for title in titles.values())


def test_a_sentence_without_the_language_is_said_in_japanese() -> None:
    entry = phrase("show_identification")
    assert entry is not None
    assert entry.text("fr") == entry.words["ja"] == "本人確認書類を見せてください。"


def test_text_is_plain_where_the_words_carry_ruby() -> None:
    entry = phrase("take_number")
    assert entry is not None
    assert entry.text("ja-x-easy") == "番号の 紙を 取って ください。"
    assert phrase("no_such_sentence") is None


def test_only_a_question_for_a_field_is_heard_as_one() -> None:
    """Else what a resident answers to another sentence would be written into the form."""
    heard: dict[str, set[str]] = {}
    for entry in phrasebook().values():
        for form in forms().values():
            if name := asked_field(form, entry.text("ja")):
                heard.setdefault(entry.id, set()).add(name)
    assert heard == ASKS_FOR
