"""Days and weekdays as they are written in every language of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from knowledge.claims_words import Key, Reading, Words, either

_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d/-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?(?![\d/])")
_MONTH_FIRST = re.compile(r"(?<![\d/-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}))?(?![\d/])")
_EAST = re.compile(
    r"(?:(?P<y>(?<!\d)\d{4})\s?[年년]\s?)?(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?[月월](?![间間曜])"
    r"(?:\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号號일](?![間曜间]))?"
    r"(?:\s?(?:から|까지|부터|[~-]|[至到])\s?(?P<d2>3[01]|[12]\d|0?[1-9])\s?[日号號일](?![間曜间以]))?"
)
_YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?(?:[年년]|(?=\D|$))(?!間)")
_VIETNAMESE = re.compile(
    r"(?:ngày\s)?(?:(?P<d>\d{1,2})\s)?tháng\s(?P<m>1[0-2]|0?[1-9])(?!\d)(?:,?\s(?:năm\s)?(?P<y>\d{4}))?"
)
_BEFORE_MAY = re.compile(
    r"(?:\b(?:in|of|from|to|until|by|and|or|for|since|before|after|every)|,)\s$"
)
_BARE_WEEKDAYS = {"ja": "月火水木金土日", "zh-Hans": "一二三四五六日", "ko": "월화수목금토일"}
"""One letter in brackets is a weekday: 「3月31日（火）」."""


def dates(known: Words) -> Iterator[Reading]:
    """Yield the ways to read a day: year, month and day, None for what is not said."""
    yield "date", _ISO, _date
    if known.lang in ("vi", "pt", "es", "id", "th"):
        yield "date", _DAY_FIRST, _date
    elif known.lang in ("ja", "zh-Hans", "ko"):
        yield "date", _MONTH_FIRST, _date
        yield "date", _EAST, _date
    if known.lang == "vi":
        yield "date", _VIETNAMESE, _date
    if names := known.content.get("months"):
        listed = "|".join(f"(?P<m{n}>{name})" for n, name in enumerate(names, 1))
        edge, end = (r"(?<!\w)", r"(?!\w)") if known.spaced or known.lang == "tl" else ("", "")
        joint = r"(?:\s?(?:of|de|ng|day of|,|को|เดือน)\s?|\s)?"
        yield (
            "date",
            re.compile(
                rf"(?:(?<!\d)(?P<y0>\d{{4}})(?:\s?(?:को|का))?\s)?"
                rf"(?:(?<![\d:])(?P<d0>\d{{1,2}})(?:st|nd|rd|th|º|°|o|er)?{joint})?{edge}(?:{listed}){end}"
                rf"(?:\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d|:|\s?(?:a\.?m|p\.?m))(?:st|nd|rd|th)?)?"
                rf"(?:,?\s?(?:(?:do|del?|of|ng|tahun|พ\.ศ\.|ค\.ศ\.)\s)?(?:(?:ano|año|tahun|taong?)\s)?"
                rf"(?P<y>\d{{4}})(?!\d))?"
            ),
            _named,
        )


def years(_: Words) -> Iterator[Reading]:
    """Yield the way to read a year alone; an amount of 1,900 yen is none and is read before."""
    yield "date", _YEAR, lambda m: (int(m["y"]), None, None)


def _date(match: re.Match[str]) -> Key | None:
    parts = match.groupdict()
    year, month, day = (int(parts[name]) if parts.get(name) else None for name in "ymd")
    if not 1 <= (month or 1) <= 12 or not 1 <= (day or 1) <= 31:
        return None
    if parts.get("d2"):
        return year, month, day, int(parts["d2"])
    return year, month, day


def _named(match: re.Match[str]) -> Key | None:
    parts = match.groupdict()
    month = next(n for n in range(1, 13) if parts.get(f"m{n}"))
    day, year = parts["d0"] or parts["d"], parts["y"] or parts["y0"]
    alone = day is None and year is None and parts["m5"] in ("may", "मे")
    if alone and not _BEFORE_MAY.search(match.string[: match.start("m5")]):
        return None  # "may" is a verb more often than a month
    return int(year) if year else None, month, int(day) if day else None


def weekdays(known: Words) -> Iterator[Reading]:
    """Yield the ways to read the days of the week, 0 for Monday."""
    if not (names := known.content.get("weekdays")):
        return
    edge, end = (r"(?<!\w)", r"(?!\w)") if known.spaced else ("", "")
    bare = _BARE_WEEKDAYS.get(known.lang)
    for number, name in enumerate(names):
        forms = [rf"{edge}(?:{name}){end}"]
        if bare:
            forms.append(rf"(?<=[(・]){bare[number]}(?=[)・])")
        yield "weekday", re.compile(either(forms)), _fixed(number)


def _fixed(number: int) -> Callable[[re.Match[str]], Key]:
    return lambda _: (number,)
