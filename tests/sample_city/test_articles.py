"""The sample city: complete, the same figures in every language, the rules of the country."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from knowledge.article import FACT_NAMES, Article, Localization, languages
from knowledge.article_files import read_article
from knowledge.city import City, load_city
from knowledge.easy_japanese import hardness
from knowledge.figures import figures
from knowledge.ruby import strip
from knowledge.translations import SAID, apart

CITY_FOLDER = Path(__file__).parents[2] / "knowledge" / "sample_city"
ARTICLES = CITY_FOLDER / "articles"
CATALOGUE = Path(__file__).parents[3] / "shared" / "catalogue" / "procedures.csv"
SLUGS = sorted(path.name for path in ARTICLES.iterdir())
COMPLETE = ("ja", "ja-x-easy", "en", "zh-Hans", "ko", "vi")
NATIONAL = yaml.safe_load((Path(__file__).parent / "national_facts.yaml").read_text())


@cache
def article(slug: str) -> Article:
    return read_article(ARTICLES / slug)


@cache
def city() -> City:
    return load_city(CITY_FOLDER / "city")


def body(text: Localization) -> str:
    """Everything but the question variants, which differ from language to language."""
    asked = set(text.questions)
    return " \n ".join(strip(words) for words in text.texts() if words not in asked)


def shape(text: Localization) -> dict[str, int]:
    lists = {name: len(v) for name, v in text.facts.items() if not isinstance(v, str)}
    return {
        **dict.fromkeys(text.facts, 1),
        **lists,
        "conditions": len(text.conditions),
        "sections": len(text.sections),
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_is_complete_in_the_six_languages(slug: str) -> None:
    missing = [lang for lang in COMPLETE if lang not in article(slug).localizations]
    assert not missing


@pytest.mark.parametrize("slug", SLUGS)
def test_every_language_has_the_same_shape(slug: str) -> None:
    texts = article(slug).localizations
    wrong = {lang for lang, text in texts.items() if shape(text) != shape(texts["ja"])}
    assert not wrong


@pytest.mark.parametrize("slug", SLUGS)
def test_every_language_has_the_same_figures_and_city_values(slug: str) -> None:
    texts = article(slug).localizations
    found = {lang: apart(text, texts["ja"], lang) for lang, text in texts.items()}
    assert not {lang: both for lang, both in found.items() if any(both)}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_localization_can_be_read_alone(slug: str) -> None:
    for lang, text in article(slug).localizations.items():
        rendered = city().render_localization(text)
        assert len(set(rendered.questions)) >= 5, lang
        assert rendered.summary, lang
        assert rendered.facts, lang
        assert set(rendered.facts) <= set(FACT_NAMES), lang
        assert "{{" not in body(rendered), lang


@pytest.mark.parametrize("slug", sorted(NATIONAL))
def test_national_figures_stand_in_every_language(slug: str) -> None:
    wrong = {}
    for lang, text in article(slug).localizations.items():
        found = figures(body(city().render_localization(text)))
        if missing := set(NATIONAL[slug]) - found - SAID.get(lang, frozenset()):
            wrong[lang] = missing
    assert not wrong


@pytest.mark.parametrize("slug", SLUGS)
def test_related_articles_exist(slug: str) -> None:
    assert set(article(slug).related) <= set(SLUGS) - {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_owner_is_a_section_of_the_city(slug: str) -> None:
    assert article(slug).owner in city().values


def test_telephone_numbers_of_the_city_cannot_be_called() -> None:
    national = re.compile(r"^(?:0120|0570|0800)-|^#")
    wrong = {}
    for slug in SLUGS:
        for lang, text in article(slug).localizations.items():
            found = figures(body(city().render_localization(text)))
            bad = {f for f in found if re.match(r"^0\d+-", f) and not f.startswith("06-0000-")}
            bad = {f for f in bad if not national.match(f)}
            if bad:
                wrong[f"{slug}/{lang}"] = bad
    assert not wrong


def test_city_values_are_in_every_language_with_the_same_figures() -> None:
    wrong = {}
    for key, value in city().values.items():
        if isinstance(value, str) or "yen" in value:
            continue
        if missing := set(languages()) - set(value):
            wrong[key] = f"lacks {sorted(missing)}"
        elif len({frozenset(figures(str(words))) for words in value.values()}) > 1:
            wrong[key] = {lang: sorted(figures(str(words))) for lang, words in value.items()}
    assert not wrong


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue of procedures is not here")
def test_every_procedure_of_the_catalogue_is_there() -> None:
    with CATALOGUE.open(encoding="utf-8") as lines:
        rows = {row["slug"]: row for row in csv.DictReader(lines)}
    assert sorted(rows) == SLUGS
    wrong = [s for s in SLUGS if article(s).life_event != rows[s]["life_event"]]
    assert not wrong


@pytest.mark.parametrize("slug", SLUGS)
def test_easy_japanese_is_short_and_has_ruby(slug: str) -> None:
    assert hardness(article(slug).localizations["ja-x-easy"]) == []
