"""What is checked, recorded and printed of a filled form."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.forms.checks import age, check, reading_fits
from assistant.forms.form import forms
from assistant.forms.sheet import in_era, lines, qr_svg, record, written

TODAY = date(2026, 11, 20)
COMPLETE: dict[str, object] = {
    "moved_on": "2026-11-19",
    "name": "山田裕子",
    "kana": "ヤマダ ユウコ",
    "birth_date": "1985-03-10",
    "new_address": "みおつくし市中央区潮見橋1-2-3",
    "old_address": "兵庫県神戸市中央区加納町6-5-1",
    "members": [{"kin": "child", "count": 2}],
    "telephone": "090-1234-5678",
}


def broken(**changes: object) -> set[tuple[str, str]]:
    values = {**COMPLETE, **changes}
    found = check(forms()["moving-in"], values, TODAY, ("中央区", "東浜区"))
    return {(finding.field, finding.rule) for finding in found}


def test_a_complete_form_breaks_no_rule() -> None:
    assert broken() == set()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"moved_on": "2026-11-25"}, ("moved_on", "not_in_future")),
        ({"moved_on": "2026-11-01"}, ("moved_on", "within_14_days")),
        ({"birth_date": "1880-01-01"}, ("birth_date", "plausible_age")),
        ({"new_address": "大阪市北区梅田1-1"}, ("new_address", "in_city")),
        ({"new_postal_code": "999-9999"}, ("new_postal_code", "postal_code_exists")),
        ({"kana": "スズキ ハナコ"}, ("kana", "reading_of_name")),
        ({"telephone": "123"}, ("telephone", "telephone_form")),
        ({"name": None}, ("name", "missing")),
    ],
)
def test_each_rule_names_its_field(change: dict[str, object], finding: tuple[str, str]) -> None:
    assert finding in broken(**change)


def test_findings_are_told_in_japanese_and_english() -> None:
    (finding,) = check(forms()["moving-in"], {**COMPLETE, "telephone": "1"}, TODAY)
    assert finding.words["ja"] and finding.words["en"] and finding.level == "warning"


def test_my_number_must_have_its_check_digit() -> None:
    found = check(forms()["nhi-enrollment"], {"my_number": "123456789012"}, TODAY)
    assert ("my_number", "my_number_digit") in {(f.field, f.rule) for f in found}


def test_readings_of_names_come_from_the_dictionary() -> None:
    assert reading_fits("山田裕子", "ひろこ やまだ") is False
    assert reading_fits("山田裕子", "ヤマダ ヒロコ")
    assert reading_fits("NGUYEN VAN AN", "グエン ヴァン アン")


def test_age_turns_on_the_birthday() -> None:
    assert (age(date(2011, 11, 20), TODAY), age(date(2011, 11, 21), TODAY)) == (15, 14)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 5, 1), "令和元年（2019年）5月1日"),
        (date(2019, 4, 30), "平成31年（2019年）4月30日"),
        (date(1989, 1, 7), "昭和64年（1989年）1月7日"),
        (date(1926, 12, 25), "昭和元年（1926年）12月25日"),
    ],
)
def test_days_are_printed_with_their_era(day: date, written: str) -> None:
    assert in_era(day) == written


def test_the_record_follows_the_core_data_parts() -> None:
    content = record(forms()["moving-in"], COMPLETE, TODAY)
    assert content["個人"] == {
        "氏名": "山田裕子", "氏名カナ": "ヤマダ ユウコ", "生年月日": "1985-03-10",
    }  # fmt: skip
    assert content["世帯"] == {"世帯員": [{"続柄": "子", "人数": 2}]}
    assert "郵便番号" not in content["新住所"]


def test_what_was_not_said_is_left_to_write_by_hand() -> None:
    printed = {line.label: line.text for line in lines(forms()["moving-in"], {}, frozenset())}
    assert printed["氏名"] == ""


def test_the_record_fits_into_a_qr_code() -> None:
    assert qr_svg(record(forms()["moving-in"], COMPLETE, TODAY)).startswith("<svg")


def test_a_record_too_long_for_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr_svg({"氏名": "山" * 3000})


def test_every_form_belongs_to_an_article_and_is_complete() -> None:
    assert set(forms()) == {
        "moving-in", "moving-out", "residence-certificate", "seal-registration",
        "nhi-enrollment", "child-allowance", "bulky-garbage",
    }  # fmt: skip
    for form in forms().values():
        assert len({field.gif for field in form.fields}) == len(form.fields), form.id


def test_a_my_number_is_printed_in_groups_of_four() -> None:
    field = forms()["nhi-enrollment"].field("my_number")
    assert written(field, "123456789018") == "1234 5678 9018"


def test_who_registers_a_seal_finds_a_place_for_its_imprint() -> None:
    assert [form.id for form in forms().values() if form.imprint] == ["seal-registration"]
