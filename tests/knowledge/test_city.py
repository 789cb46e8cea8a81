"""The city's values, filled into texts of every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.article import Localization, Section, languages
from knowledge.article_files import read_articles
from knowledge.city import City, dump_city, load_city, yen
from knowledge.errors import ArticleInvalid

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
CITY = City(
    {
        "phone.desk": "06-0000-1010",
        "section.desk": {"ja": "住民情報課", "en": "Resident Section", "vi": "Phòng"},
        "city.motto": {"ja": "水の都"},
        "fee.small": {"yen": 300},
        "fee.large": {"yen": 1000},
    }
)


@pytest.mark.parametrize(
    ("lang", "small", "large"),
    [
        ("ja", "300円", "1,000円"),
        ("ja-x-easy", "300円", "1,000円"),
        ("en", "300 yen", "1,000 yen"),
        ("zh-Hans", "300日元", "1,000日元"),
        ("zh-Hant", "300日圓", "1,000日圓"),
        ("ko", "300엔", "1,000엔"),
        ("vi", "300 yên", "1.000 yên"),
        ("pt", "300 ienes", "1.000 ienes"),
        ("es", "300 yenes", "1.000 yenes"),
        ("tl", "300 yen", "1,000 yen"),
        ("ne", "300 येन", "1,000 येन"),
        ("id", "300 yen", "1.000 yen"),
        ("th", "300 เยน", "1,000 เยน"),
    ],
)
def test_yen_are_written_as_each_language_does(lang: str, small: str, large: str) -> None:
    assert CITY.render("{{fee.small}}", lang) == small
    assert CITY.render("{{ fee.large }}", lang) == large
    assert lang in languages()


def test_every_language_has_its_yen() -> None:
    for lang in languages():
        assert "1" in yen(1, lang)


def test_a_missing_language_falls_back() -> None:
    text = "{{section.desk}} {{phone.desk}}"
    assert CITY.render(text, "vi") == "Phòng 06-0000-1010"
    assert CITY.render(text, "ko") == "Resident Section 06-0000-1010"
    assert CITY.render(text, "ja-x-easy") == "住民情報課 06-0000-1010"
    assert CITY.render("{{city.motto}}", "th") == "水の都"


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ArticleInvalid, match=r"no value 'phone.nobody'"):
        CITY.render("{{phone.nobody}}", "ja")
    with pytest.raises(ArticleInvalid, match="no value '市'"):
        CITY.render("{{市}}", "ja")


def test_no_space_stands_between_sentences_of_japanese_and_chinese() -> None:
    city = City({"hours.gym": "12月29日から休みです。"})
    folded = "{{hours.gym}} 予約は24時間です。 図書館 検索"
    assert city.render(folded, "ja") == "12月29日から休みです。予約は24時間です。図書館 検索"
    assert city.render("予約 します。 また、", "ja-x-easy") == "予約 します。 また、"


def test_every_text_of_a_localization_is_filled_in() -> None:
    key = "{{phone.desk}}"
    localization = Localization(
        "ja", key, (key,), key, {"fee": key, "bring": (key,)}, (key,), (Section(key, key, (key,)),)
    )
    rendered = CITY.render_localization(localization)
    assert set(rendered.texts()) == {"06-0000-1010"}
    assert rendered.sections[0].path == ("06-0000-1010",)


def test_the_sample_city_has_every_value_its_articles_name() -> None:
    city = load_city(SAMPLE / "city")
    for article in read_articles(SAMPLE / "articles"):
        for localization in article.localizations.values():
            assert "{{" not in "".join(city.render_localization(localization).texts())


def test_the_values_come_back_from_their_file(tmp_path: Path) -> None:
    city = load_city(SAMPLE / "city")
    (tmp_path / "city.yaml").write_text(dump_city(city), encoding="utf-8")
    assert load_city(tmp_path) == city
    assert city.values["fee.residence_certificate"] == {"yen": 300}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b: 1\na.b: 2\n", "city.yaml line 2: the key 'a.b' stands twice"),
        ("z.z: x\n", "city.yaml: the key 'z.z' stands in another file too"),
        ("A B: x\n", "the key 'A B' is not of the form"),
        ("a: {yen: drei}\n", "the yen of 'a' are no whole number"),
        ("a: {yen: -3}\n", "the yen of 'a' are no whole number"),
        ("a: {xx: b}\n", "'xx' under 'a' is no language"),
        ("a: ''\n", "the value of 'a' is empty"),
        ("a: [b]\n", "'a' is no text"),
        ("a: '{{b}}'\n", "'a' refers to another value"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.yaml").write_text("z.z: y\n", encoding="utf-8")
    (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ArticleInvalid, match=message):
        load_city(tmp_path)
