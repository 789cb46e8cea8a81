"""Rules that the values of a form must keep; each breach in words for staff.

The text of a rule stands in `checks.yaml`; a field names the rules that apply to it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from assistant.forms.form import Field, Form
from assistant.forms.places import postal_area
from assistant.masking import is_my_number
from knowledge.japanese import katakana, readings_of_name

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a field breaks, and the sentence for staff in Japanese and English."""

    field: str
    rule: str
    level: Level
    words: Mapping[str, str]


def check(
    form: Form, values: Mapping[str, object], today: date, wards: tuple[str, ...] = ()
) -> list[Finding]:
    """Return the rules that `values` break, in the order of the form's fields.

    `wards` are the names of the city's wards, for addresses inside the city; without
    them that rule is not checked. A value of the wrong kind breaks nothing here:
    `Form` and the routes see to kinds.
    """
    found: list[Finding] = []
    for field in form.asked(values):
        value = values.get(field.name)
        if value is None or value == "":
            if field.required:
                found.append(_finding(field, "missing"))
            continue
        for rule in field.rules:
            if rule == "in_city":
                broken = bool(wards) and not any(ward in str(value) for ward in wards)
            else:
                broken = not _RULES[rule](value, today)
            if broken:
                found.append(_finding(field, rule))
    found += _beside_each_other(form, values)
    return found


def age(birth: date, today: date) -> int:
    """Return the age in whole years on `today`.

    >>> age(date(2000, 11, 23), date(2026, 11, 22))
    25
    """
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _beside_each_other(form: Form, values: Mapping[str, object]) -> list[Finding]:
    found = []
    for field in form.fields:
        value = values.get(field.name)
        name = values.get("name")
        if field.kind == "kana" and value and name and not reading_fits(str(name), str(value)):
            found.append(_finding(field, "reading_of_name"))
        if field.kind == "postal_code" and value:
            address = values.get(field.name.replace("postal_code", "address"))
            area = postal_area(str(value))
            if address and area and not _same_area(str(address), area.city, area.prefecture):
                found.append(_finding(field, "postal_code_matches"))
    return found


def reading_fits(name: str, kana: str) -> bool:
    """Say whether `kana` may be read for the Japanese `name`, after Sudachi's dictionary.

    A name without Chinese characters, or one that the dictionary does not know, fits
    any reading: foreign and rare names are for people to judge.
    """
    wanted = _sound(katakana(kana))
    possible = readings_of_name(name)
    return not possible or any(_sound(one) == wanted for one in possible)


def _sound(kana: str) -> str:
    return "".join(
        ch for ch in unicodedata.normalize("NFKC", kana) if "ァ" <= ch <= "ヺ" or ch == "ー"
    )


def _same_area(address: str, city: str, prefecture: str) -> bool:
    return city in address or address.removeprefix(prefecture).startswith(city[:2])


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


_RULES: dict[str, Callable[[Any, date], bool]] = {
    "not_in_future": lambda value, today: _day(value) <= today,
    "within_14_days": lambda value, today: today - _day(value) <= timedelta(days=14),
    "within_15_days_after": lambda value, today: today - _day(value) <= timedelta(days=15),
    "plausible_age": lambda value, today: 0 <= age(_day(value), today) <= 125,
    "fifteen_or_older": lambda value, today: age(_day(value), today) >= 15,
    "postal_code_exists": lambda value, _: postal_area(str(value)) is not None,
    "telephone_form": lambda value, _: 10 <= sum(ch.isdigit() for ch in str(value)) <= 11,
    "at_least_one": lambda value, _: int(value) >= 1,
    "my_number_digit": lambda value, _: is_my_number(str(value)),
}


def _finding(field: Field, rule: str) -> Finding:
    entry = _texts()[rule]
    return Finding(field.name, rule, entry["level"], {lang: entry[lang] for lang in ("ja", "en")})


@cache
def _texts() -> dict[str, Any]:
    text = resources.files("assistant.forms").joinpath("checks.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
