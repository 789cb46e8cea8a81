"""How each language says what forms ask for, from `words/LANG.yaml`, as compiled patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

UNSPACED = frozenset({"ja", "ja-x-easy", "zh-Hans", "zh-Hant", "th"})
"""Languages that put no spaces between words."""

_WEEKS = (
    "week_before_last", "last_week", "next_week", "week_after_next", "last", "next", "this",
    "nearest",
)  # fmt: skip

_NEVER = "(?!)"
"""A pattern that matches nothing, for what a language does not need."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; patterns are matched without regard to case."""

    lang: str
    days: Mapping[str, int]
    ago: tuple[tuple[re.Pattern[str], int], ...]
    weekdays: tuple[tuple[re.Pattern[str], int, str], ...]
    months: tuple[str, ...]
    order: str
    names: tuple[re.Pattern[str], ...]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    kin: tuple[tuple[str, re.Pattern[str]], ...]
    alone: re.Pattern[str]
    together: re.Pattern[str]
    not_with: re.Pattern[str]
    counter: str
    counts: Mapping[str, int]
    affirm: re.Pattern[str]
    deny: re.Pattern[str]
    moved: re.Pattern[str]
    moving: re.Pattern[str]
    came_from: tuple[re.Pattern[str], ...]
    goes_to: tuple[re.Pattern[str], ...]
    born: re.Pattern[str]
    unsure: re.Pattern[str]
    here: tuple[re.Pattern[str], ...]
    copies: re.Pattern[str]
    conjunction: re.Pattern[str]
    items_lead: re.Pattern[str]
    items_tail: re.Pattern[str]
    item_count: re.Pattern[str]
    digits: Mapping[str, str]
    day_numbers: Mapping[str, int]
    month_shifts: tuple[tuple[re.Pattern[str], int], ...]
    correction: re.Pattern[str]
    not_mine: re.Pattern[str]
    unclear_kin: re.Pattern[str]
    gave_birth: re.Pattern[str]
    myself: re.Pattern[str]
    whose: re.Pattern[str]
    relation: re.Pattern[str]
    no_name: re.Pattern[str]
    no_reading: re.Pattern[str]
    not_on: re.Pattern[str]
    from_then: re.Pattern[str]
    place_lead: re.Pattern[str]
    place_tail: re.Pattern[str]
    text_lead: re.Pattern[str]
    text_tail: re.Pattern[str]
    hesitation: re.Pattern[str]
    question: re.Pattern[str]
    request: re.Pattern[str]
    price: re.Pattern[str]
    years: Mapping[str, int]
    weekday_alone: tuple[re.Pattern[str], ...]
    plural_kin: re.Pattern[str]
    in_total: re.Pattern[str]
    not_counted: re.Pattern[str]
    first_child: re.Pattern[str]
    given: tuple[re.Pattern[str], ...]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    between: str
    either: re.Pattern[str]
    no_thing: re.Pattern[str]
    bare_day: re.Pattern[str]

    @property
    def unspaced(self) -> bool:
        """Whether the language puts no spaces between words."""
        return self.lang in UNSPACED

    @property
    def number(self) -> str:
        """A pattern for a small number, in figures or as a word."""
        return _number(self.counts)

    def count(self, text: str) -> int:
        """Return the number that `text`, a match of `number`, stands for."""
        folded = text.casefold()
        return self.counts[folded] if folded in self.counts else int(folded)


def normal(text: str) -> str:
    """Return `text` as the patterns are matched: NFKC, digits of every script as ASCII."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‑", "-")
    return "".join(
        str(unicodedata.digit(ch)) if unicodedata.category(ch) == "Nd" else ch for ch in folded
    )


@cache
def words(lang: str) -> Words:
    """Return the words of `lang`; those of English where it has no file."""
    folder = resources.files("assistant.forms").joinpath("words")
    entry = folder.joinpath(f"{lang}.yaml")
    if not entry.is_file():
        entry = folder.joinpath("en.yaml")
    content = yaml.safe_load(entry.read_text(encoding="utf-8"))
    if "same_as" in content:
        content = yaml.safe_load(
            folder.joinpath(f"{content['same_as']}.yaml").read_text(encoding="utf-8")
        )
    return _compiled(lang, content)


def _compiled(lang: str, content: dict[str, Any]) -> Words:
    counts = {str(word).casefold(): n for word, n in content["numbers"].items()}
    number = _number(counts)
    weekdays = [
        (_pattern(form.replace("{weekday}", f"(?:{day})")), position, key)
        for key in _WEEKS
        for form in content.get(key, ())
        for position, day in enumerate(content["weekdays"])
    ]
    return Words(
        lang=lang,
        days=dict(sorted(content["days"].items(), key=lambda item: -len(item[0]))),
        ago=tuple(
            (_pattern(form.replace("{number}", number)), n)
            for form, n in (*content["ago"], *content.get("ahead", ()))
        ),
        weekdays=tuple(weekdays),
        months=tuple(content["months"]),
        order=content["orders"],
        names=tuple(_pattern(form) for form in content["names"]),
        lead=_pattern(content["lead"]),
        tail=_pattern(content["tail"]),
        kin=tuple((kind, _any(forms)) for kind, forms in content["kin"].items()),
        alone=_any(content["alone"]),
        together=_any(content["together"]),
        not_with=_any(content["not_with"]),
        counter=content["counter"].replace("{number}", number),
        counts=counts,
        affirm=_any(content["affirm"]),
        deny=_any(content["deny"]),
        moved=_any(content["moved"]),
        moving=_any(content["moving"]),
        came_from=tuple(re.compile(form) for form in content["from"]),
        goes_to=tuple(re.compile(form) for form in content["to"]),
        born=_any(content["born"]),
        unsure=_any(content["unsure"]),
        here=tuple(_pattern(form) for form in content["here"]),
        copies=_pattern(content["copies"].replace("{number}", number)),
        conjunction=_any(content["and"]),
        items_lead=_pattern(content["items_lead"]),
        items_tail=_pattern(content["items_tail"]),
        item_count=_pattern(content["item_count"].replace("{number}", number)),
        digits={str(word).casefold(): str(n) for word, n in content.get("digits", {}).items()},
        day_numbers={str(w).casefold(): n for w, n in content.get("day_numbers", {}).items()},
        month_shifts=tuple((_pattern(w), n) for w, n in content.get("month_shifts", {}).items()),
        correction=_any(content.get("correction", [_NEVER])),
        not_mine=_any(content.get("not_mine", [_NEVER])),
        unclear_kin=_any(content.get("unclear_kin", [_NEVER])),
        gave_birth=_any(content.get("gave_birth", [_NEVER])),
        myself=_any(content.get("myself", [_NEVER])),
        whose=_any(content.get("whose", [_NEVER])),
        relation=_any(content.get("relation", [_NEVER])),
        no_name=_any(content.get("no_name", [_NEVER])),
        no_reading=_any(content.get("no_reading", [_NEVER])),
        not_on=_any(content.get("not_on", [_NEVER])),
        from_then=_any(content.get("from_then", [_NEVER])),
        place_lead=_pattern(content.get("place_lead", _NEVER)),
        place_tail=_pattern(content.get("place_tail", _NEVER)),
        text_lead=_pattern(content.get("text_lead", _NEVER)),
        text_tail=_pattern(content.get("text_tail", _NEVER)),
        hesitation=_any(content.get("hesitation", [_NEVER])),
        request=_any(content.get("request", [_NEVER])),
        price=_any(content.get("price", [_NEVER])),
        question=_any(content.get("question", [_NEVER])),
        years=_years(
            content.get("centuries", {}),
            content.get("tens", {}),
            counts,
            content.get("year_joint", " "),
        ),
        weekday_alone=tuple(_alone(day, lang) for day in content["weekdays"]),
        plural_kin=_any(content.get("plural_kin", [_NEVER])),
        in_total=_any(content.get("in_total", [_NEVER])),
        not_counted=_any(content.get("not_counted", [_NEVER])),
        first_child=_any(content.get("first_child", [_NEVER])),
        given=tuple(_pattern(form) for form in content.get("given", ())),
        not_before=_any([f"(?:{form})$" for form in content.get("not_before", [_NEVER])]),
        not_after=_any(content.get("not_after", [_NEVER])),
        between=content.get("between", ""),
        no_thing=_any(content.get("no_thing", [_NEVER])),
        either=_pattern(content.get("either", _NEVER)),
        bare_day=_pattern(content.get("bare_day", _NEVER)),
    )


def _alone(weekday: str, lang: str) -> re.Pattern[str]:
    edges = lang not in UNSPACED and lang not in ("ko", "ne")
    return _pattern(rf"(?<!\w)(?:{weekday})(?!\w)" if edges else weekday)


def _years(
    centuries: Mapping[str, int], tens: Mapping[str, int], counts: Mapping[str, int], joint: str
) -> dict[str, int]:
    """Years as they are said in two parts: nineteen eighty-eight, dos mil uno."""
    units = {word: n for word, n in counts.items() if len(word) > 2 and n < 10}
    rest = {**tens, **{f"{ten}-{unit}": m + n for ten, m in tens.items() if m >= 20 and m % 10 == 0
                       for unit, n in units.items()}}  # fmt: skip
    parts = {
        century: rest if hundred % 1000 else {**rest, **units}
        for century, hundred in centuries.items()
    }
    years = {
        f"{century}{between}{two.replace('-', dash)}": centuries[century] + n
        for century, known in parts.items()
        for two, n in known.items()
        for between in (" ", "-")
        for dash in ("-", " ", joint)
    }
    return years | {
        century: n for century, n in centuries.items() if n % 1000 == 0 and " " in century
    }


def _number(counts: Mapping[str, int]) -> str:
    ordered = sorted((re.escape(word) for word in counts), key=len, reverse=True)
    return rf"(?:\d+|{'|'.join(ordered)})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _any(forms: list[str]) -> re.Pattern[str]:
    return _pattern("|".join(f"(?:{form})" for form in forms))
