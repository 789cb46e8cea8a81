"""Days as people say them, in every language of the desk."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from assistant.forms.figures import dated
from assistant.forms.words import Words, normal, words

ERAS = {
    "明治": 1868, "m": 1868, "大正": 1912, "t": 1912, "昭和": 1926, "s": 1926,
    "平成": 1989, "h": 1989, "令和": 2019, "r": 2019, "民國": 1912, "民国": 1912,
}  # fmt: skip
"""The first year of each era (元号); the letters are those of Japanese forms.

民國 is the calendar of Taiwan.
"""

_GAP = r"\s*(?:の[^\d。、,]{0,6}|生まれで?|だ|ですね?)?[\s、,]*(?:(?:誕生日|日にち|月日)は)?の?\s*"
"""What is said between a year and its day: 昭和41年のひのえうま、3月3日。"""

_ERA = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|民[國国]|(?<![a-z])[mtshr](?=\d|\.))\s*\.?(?:の|だと|で言うと|でいうと|では)?[、,\s]*(?P<y>元|\d{1,3})\s*"
    rf"(?:年{_GAP}|[./-]\s*)"
    r"(?P<m>\d{1,2})\s*[月./-][\s、,]*の?\s*(?P<d>\d{1,2})\s*[日號号]?",
    re.IGNORECASE,
)
_ERA_APART = re.compile(
    rf"(?<!\d)(?P<y>元|\d{{1,2}})\s*年{_GAP}(?P<m>\d{{1,2}})\s*月[\s、,]*の?\s*(?P<d>\d{{1,2}})\s*日"
)
_ERA_ALONE = re.compile(r"明治|大正|昭和|平成|令和")
_EAST = re.compile(
    rf"(?:(?P<y>\d{{4}})\s*[年년]{_GAP})?(?P<m>\d{{1,2}})\s*[月월][\s、,]*の?\s*"
    r"(?P<d>\d{1,2})\s*[日號号일]?(?!\d)"
)
_EAST_LATE = re.compile(
    r"(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日號号일][\s、,]*(?P<y>\d{4})\s*[年년]"
)
_BARE = re.compile(
    r"(?<![\d月월/.-])(?P<d>\d{1,2})\s*(?:[日號号](?!間|前|後|目|本)|일(?!\s*[전후간]))"
)
_AFTER_MONTH = re.compile(r"\s*(?:の|的|,)?\s*(\d{1,2})\s*(?:[日號号]|일)")
_BEFORE_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|º)?(?:\s+\w{1,3}){0,2}\s*$")
_END = re.compile(r"の?\s*(?:月末|末日|末(?!の))")
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_SLASHED = re.compile(
    r"(?<![\d/-])(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})(?:[/.-](?P<y>\d{4}))?(?![\d/-])"
)
_ORDINAL = r"(?:st|nd|rd|th|º|ª|er)?"


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was said: `start` and `end` are its place in the text after `normal`.

    `sure` is false where day and month could be the other way round, or where the
    year was not said and is taken to be the nearest; `of_week` that a weekday was said,
    `nearest` that it was said alone.
    """

    value: date
    start: int
    end: int
    sure: bool = True
    year_said: bool = True
    of_week: bool = False
    nearest: bool = False


def days(
    text: str, lang: str, today: date, *, ahead: bool = False, bare: bool = False
) -> list[Day]:
    """Return the days that `text` names, in the order of the text.

    A day without a year is the latest one up to today, or with `ahead` the next
    one from today.

    >>> [str(day.value) for day in days("昨日引っ越しました", "ja", date(2026, 11, 22))]
    ['2026-11-21']
    >>> [str(day.value) for day in days("昭和25年3月10日生まれ", "ja", date(2026, 11, 22))]
    ['1950-03-10']
    """
    vocabulary = words(lang)
    spoken = dated(normal(text), vocabulary)
    found: list[Day] = []
    for day in _candidates(spoken.text, vocabulary, today, ahead):
        if not any(day.start < other.end and other.start < day.end for other in found):
            found.append(day)
    found.sort(key=lambda day: day.start)
    if bare:
        found.extend(_bare(spoken.text, found, vocabulary, today, ahead))
        found.extend(_weekdays_alone(spoken.text, found, vocabulary, today, ahead))
        found.sort(key=lambda day: day.start)
    placed = []
    for day in found:
        start, end = spoken.span(day.start, day.end)
        placed.append(replace(day, start=start, end=end))
    return placed


def _bare(text: str, found: list[Day], vocabulary: Words, today: date, ahead: bool) -> list[Day]:
    """The days of which only the number was said."""
    more: list[Day] = []
    for match in (*_BARE.finditer(text), *vocabulary.bare_day.finditer(text)):
        if any(match.start() < day.end and day.start < match.end() for day in found):
            continue
        number = int(match["d"])
        before = [day for day in (*found, *more) if day.end <= match.start() and not day.of_week]
        if before:
            last = before[-1]
            value = _day(last.value.year, last.value.month, number)
            sure, year_said = last.sure, last.year_said
        else:
            value, sure, year_said = _nearest_day(number, today, ahead), False, False
        if value:
            more.append(Day(value, match.start(), match.end(), sure, year_said))
    return more


def _weekdays_alone(
    text: str, found: list[Day], vocabulary: Words, today: date, ahead: bool
) -> list[Day]:
    """The nearest such weekday; behind another of these, the one of the same week."""
    more: list[Day] = []
    if any(not day.of_week for day in found):
        return more
    for weekday, pattern in enumerate(vocabulary.weekday_alone):
        for match in pattern.finditer(text):
            if any(match.start() < day.end and day.start < match.end() for day in found):
                continue
            before = [day for day in found if day.of_week and day.end <= match.start()]
            if before:
                last = before[-1].value
                value = last + timedelta(days=weekday - last.weekday())
            elif ahead:
                value = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
            else:
                value = today - timedelta(days=(today.weekday() - weekday) % 7)
            more.append(
                Day(value, match.start(), match.end(), sure=False, of_week=True, nearest=True)
            )
    return more


def _nearest_day(number: int, today: date, ahead: bool) -> date | None:
    for shift in (0, 1 if ahead else -1):
        value = _day(*_month(today, shift), number)
        if value and (value >= today if ahead else value <= today):
            return value
    return None


def _month(today: date, shift: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + shift, 12)
    return today.year + years, month + 1


def _of_month(text: str, vocabulary: Words, today: date) -> Iterator[Day]:
    """A day of this month, the last or the next: 今月の一日, el 3 del mes que viene."""
    for word, shift in vocabulary.month_shifts:
        year, month = _month(today, shift)
        for match in word.finditer(text):
            after = _AFTER_MONTH.match(text, match.end())
            before = _BEFORE_MONTH.search(text[: match.start()])
            found, start, end = None, match.start(), match.end()
            if after:
                found, end = _day(year, month, int(after[1])), after.end()
            elif last := _END.match(text, match.end()):
                found, end = _day(year, month, monthrange(year, month)[1]), last.end()
            elif before:
                found, start = _day(year, month, int(before[1])), before.start()
            if found:
                yield Day(found, start, end)


def _candidates(text: str, vocabulary: Words, today: date, ahead: bool) -> Iterator[Day]:
    yield from _era(text)
    yield from _era_apart(text)
    yield from _numbered(_ISO, text, today, ahead)
    yield from _of_month(text, vocabulary, today)
    yield from _named(text, vocabulary, today, ahead)
    yield from _numbered(_EAST_LATE, text, today, ahead)
    yield from _numbered(_EAST, text, today, ahead)
    yield from _slashed(text, vocabulary.order, today, ahead)
    yield from _relative(text, vocabulary, today, ahead)


def _era(text: str) -> Iterator[Day]:
    for match in _ERA.finditer(text):
        year = 1 if match["y"] == "元" else int(match["y"])
        value = _day(ERAS[match["era"].casefold()] + year - 1, int(match["m"]), int(match["d"]))
        if value:
            yield Day(value, match.start(), match.end())


def _era_apart(text: str) -> Iterator[Day]:
    """A day whose era was said apart from it, and only one: 58年の7月20日、昭和です。"""
    eras = set(_ERA_ALONE.findall(text))
    if len(eras) != 1:
        return
    first = ERAS[eras.pop()]
    for match in _ERA_APART.finditer(text):
        year = 1 if match["y"] == "元" else int(match["y"])
        if value := _day(first + year - 1, int(match["m"]), int(match["d"])):
            yield Day(value, match.start(), match.end())


def _numbered(pattern: re.Pattern[str], text: str, today: date, ahead: bool) -> Iterator[Day]:
    for match in pattern.finditer(text):
        yield from _complete(match, match["y"], int(match["m"]), int(match["d"]), today, ahead)


def _named(text: str, vocabulary: Words, today: date, ahead: bool) -> Iterator[Day]:
    for position, pattern in enumerate(_month_patterns(vocabulary.lang, vocabulary.months)):
        for form in pattern:
            for match in form.finditer(text):
                yield from _complete(match, match["y"], position + 1, int(match["d"]), today, ahead)


@cache
def _month_patterns(lang: str, months: tuple[str, ...]) -> list[tuple[re.Pattern[str], ...]]:
    """For each month: day before month (21 de noviembre de 2026), and month before day."""
    link = r"(?:\s*(?:of|de|del|ng|ngày|na)\s*|\s+|\s*[,.]\s*)?"
    edge = "" if lang == "th" else r"(?!\w)"
    front = "" if lang == "th" else r"(?<!\w)"
    return [
        (
            re.compile(
                rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}{link}(?:{month}){edge}{link}"
                rf"(?:(?:,|năm|ปี|พ\.ศ\.|ค\.ศ\.|tahun|taong)?\s*(?P<y>\d{{4}}))?",
                re.IGNORECASE,
            ),
            re.compile(
                rf"{front}(?:(?P<y>\d{{4}})[,\s]*)?(?:{month}){edge}\s*(?:the\s+)?(?P<d>\d{{1,2}}){_ORDINAL}(?!\d)"
                rf"(?:\s*,?\s*(?P<y2>\d{{4}}))?",
                re.IGNORECASE,
            ),
        )
        for month in months
    ]


def _slashed(text: str, order: str, today: date, ahead: bool) -> Iterator[Day]:
    for match in _SLASHED.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        month, day = (second, first) if order == "dmy" else (first, second)
        if month > 12:
            month, day = day, month
        for found in _complete(match, match["y"], month, day, today, ahead):
            sure = found.sure and (day > 12 or day == month or order != "mdy")
            yield Day(found.value, found.start, found.end, sure, found.year_said)


def _relative(text: str, vocabulary: Words, today: date, ahead: bool) -> Iterator[Day]:
    for pattern, unit in vocabulary.ago:
        for match in pattern.finditer(text):
            value = today - timedelta(days=unit * vocabulary.count(match["n"]))
            yield Day(value, match.start(), match.end())
    monday = today - timedelta(days=today.weekday())
    for pattern, weekday, said in vocabulary.weekdays:
        which = said if said != "nearest" else "next" if ahead else "last"
        value = {
            "last": today - timedelta(days=(today.weekday() - weekday) % 7 or 7),
            "week_before_last": monday + timedelta(days=weekday - 14),
            "last_week": monday + timedelta(days=weekday - 7),
            "this": monday + timedelta(days=weekday),
            "next": today + timedelta(days=(weekday - today.weekday()) % 7 or 7),
            "next_week": monday + timedelta(days=weekday + 7),
            "week_after_next": monday + timedelta(days=weekday + 14),
        }[which]
        for match in pattern.finditer(text):
            yield Day(value, match.start(), match.end(), sure=False, of_week=True)
    for word, shift in vocabulary.days.items():
        edge = r"\b" if word.isascii() or vocabulary.lang in ("vi", "pt", "es") else ""
        for match in re.finditer(edge + re.escape(word) + edge, text, re.IGNORECASE):
            yield Day(today + timedelta(days=shift), match.start(), match.end())


def _complete(
    match: re.Match[str], year: str | None, month: int, day: int, today: date, ahead: bool
) -> Iterator[Day]:
    said = year or match.groupdict().get("y2")
    if said:
        number = int(said)
        if number > today.year + 400:  # the Buddhist calendar of Thailand
            number -= 543
        value = _day(number, month, day)
    else:
        value = _nearest(month, day, today, ahead)
    if value:
        yield Day(value, match.start(), match.end(), sure=bool(said), year_said=bool(said))


def _nearest(month: int, day: int, today: date, ahead: bool) -> date | None:
    years = (0, 1) if ahead else (0, -1)
    for shift in years:
        value = _day(today.year + shift, month, day)
        if value and (value >= today if ahead else value <= today):
            return value
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
