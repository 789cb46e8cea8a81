"""Every word of a form that a resident reads is there in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from assistant.forms.form import forms
from knowledge.article import languages
from knowledge.figures import figures
from knowledge.ruby import parse, strip
from knowledge.ruby_annotation import unread

Texts = Mapping[str, str]


def words() -> Iterator[tuple[str, Texts]]:
    """Every title, label and question of every form, and where it stands."""
    for form in forms().values():
        yield f"{form.id}.title", form.title
        for field in form.fields:
            yield f"{form.id}.{field.name}.label", field.label
            yield f"{form.id}.{field.name}.ask", field.ask
            for choice in field.choices:
                yield f"{form.id}.{field.name}.{choice.id}.label", choice.label


@pytest.mark.parametrize(("place", "texts"), list(words()), ids=[place for place, _ in words()])
def test_stands_in_every_language(place: str, texts: Texts) -> None:
    assert list(texts) == list(languages())
    assert all(isinstance(text, str) and text == text.strip() != "" for text in texts.values())


def test_figures_are_those_of_the_japanese() -> None:
    differing = [
        (place, lang)
        for place, texts in words()
        for lang, text in texts.items()
        if figures(strip(text)) != figures(texts["ja"])
    ]
    assert differing == []


def test_easy_japanese_has_a_reading_on_every_kanji() -> None:
    assert [place for place, texts in words() if unread(texts["ja-x-easy"])] == []


def test_only_easy_japanese_carries_ruby() -> None:
    marked = [
        (place, lang)
        for place, texts in words()
        for lang, text in texts.items()
        if lang != "ja-x-easy" and any(reading for _, reading in parse(text))
    ]
    assert marked == []


def test_choices_of_one_field_differ_in_every_language() -> None:
    alike = [
        (form.id, field.name, lang)
        for form in forms().values()
        for field in form.fields
        for lang in languages()
        if len({choice.label[lang] for choice in field.choices}) < len(field.choices)
    ]
    assert alike == []
