"""What a sentence claims in figures: typed values, each with the bound it sets.

「14日以内」, "within two weeks" and "ภายใน ๑๔ วัน" hold the same span of time. The kinds:
``url``, ``phone``, ``date``, ``weekday``, ``time``, ``amount``, ``percent``,
``place`` (floors, counters, rooms), ``age``, ``duration`` and ``number``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from knowledge.claims_bounds import Bound, bound
from knowledge.claims_dates import dates, weekdays, years
from knowledge.claims_numerals import plain
from knowledge.claims_quantities import amounts, links, numbers, often, places, shares, spans
from knowledge.claims_times import times
from knowledge.claims_words import NUMBER, Key, Kind, Reading, either, loaded, words


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of a text.

    `key` tells equal figures of one kind: dates as (year, month, day) with None for what
    is not said, clock times in minutes, spans as ("days", 14). `bound` is what it limits:
    ``most`` (within, until), ``least`` (from, after), another of `Bound` or ``""``. `start` and
    `end` are its place in the text of `plain`.
    """

    kind: Kind
    key: Key
    text: str
    bound: Bound
    start: int
    end: int

    @property
    def number(self) -> float | None:
        """The number as it was said, without its unit; None where none was said in figures."""
        said = re.search(NUMBER, self.text)
        return float(said.group()) if said else None


@lru_cache(maxsize=8192)
def values(text: str, lang: str) -> tuple[Value, ...]:
    """Return the figures of `text`, in its order; never raises.

    >>> [(v.kind, v.key, v.bound) for v in values("１万５千円を14日以内に", "ja")]
    [('amount', ('yen', 15000.0), ''), ('duration', ('days', 14.0), 'most')]
    """
    whole = rest = plain(text, lang)
    found: list[Value] = []
    for kind, pattern, key_of in _readings(lang):
        taken = []
        for match in pattern.finditer(rest):
            key = key_of(match)
            if key is None:
                continue
            taken.append(match.span())
            start, end = match.span()
            limit = bound(whole, start, end, lang, kind)
            for one in _each(key) if key else ():
                found.append(Value(kind, one, match.group().strip(), limit, start, end))
        for start, end in taken:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    found.sort(key=lambda value: value.start)
    found = _joined(found, whole)
    found = [_with_unit(value, found[at + 1 :], whole) for at, value in enumerate(found)]
    found = [_in_the_afternoon(found[:at], value, whole) for at, value in enumerate(found)]
    return tuple(_of_the_month(found, at, whole) for at in range(len(found)))


def _joined(found: list[Value], whole: str) -> list[Value]:
    """Make one span of two that are said together: 1 year 6 months, 1時間30分."""
    joined: list[Value] = []
    for value in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.kind in _SPANS
            and value.kind in _SPANS
            and last.number
            and value.number
            and last.key[0] == value.key[0] != "days"
            and float(str(value.key[1])) < float(str(last.key[1])) / last.number
            and _TOGETHER.fullmatch(whole[last.end : value.start])
        ):
            size = float(str(last.key[1])) + float(str(value.key[1]))
            text = whole[last.start : value.end]
            joined[-1] = replace(
                value, kind=last.kind, key=(value.key[0], size), text=text, start=last.start
            )
        else:
            joined.append(value)
    return joined


_SPANS = frozenset({"age", "duration"})
_TOGETHER = re.compile(r"\s?(?:(?:and|e|y|và|at|dan|र|และ|と)\s)?")


def _with_unit(value: Value, later: list[Value], whole: str) -> Value:
    """Give the first number of a range the unit of the second: 1 to 2 weeks, 9 to 12:00."""
    if later and later[0].kind == "time" and value.kind in ("number", "time"):
        return _as_time(value, later[0], whole)
    if value.kind != "number" or not later or later[0].kind not in _MEASURED:
        return value
    other = later[0]
    if not _ranges().fullmatch(whole[value.end : other.start]) or not other.number:
        return value
    *unit, size = other.key
    factor = float(str(size)) / other.number
    return replace(value, kind=other.kind, key=(*unit, (value.number or 0.0) * factor))


def _as_time(value: Value, end: Value, whole: str) -> Value:
    """Read what a range begins with as a time: 9 until noon, 6:30 to 8 in the evening."""
    if not _BARE_TIME.fullmatch(value.text) or not _ranges().fullmatch(
        whole[value.end : end.start]
    ):
        return value
    hour, _, minutes = value.text.replace(".", ":").partition(":")
    said, until = int(hour) * 60 + int(minutes or 0), int(str(end.key[0]))
    later = said + 12 * 60
    evening = (end.number or 12) < 12 and until >= 13 * 60 and said < 12 * 60 and later < until
    return replace(value, kind="time", key=(later if evening else said,))


_BARE_TIME = re.compile(r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?")


def _in_the_afternoon(earlier: list[Value], value: Value, whole: str) -> Value:
    """Let the end of a range be in the afternoon if its start is: 午後1時から4時."""
    if value.kind != "time" or not earlier or earlier[-1].kind != "time":
        return value
    start, said = earlier[-1], int(str(value.key[0]))
    first = int(str(start.key[0]))
    named = start.number is not None and first - 12 * 60 >= 0 and start.number < 12
    if (
        named
        and said < 12 * 60 <= first < said + 12 * 60
        and _ranges().fullmatch(whole[start.end : value.start])
    ):
        return replace(value, key=(said + 12 * 60,))
    return value


def _of_the_month(found: list[Value], at: int, whole: str) -> Value:
    """Read a number that makes a range with a day as a day of its month: 13 to 16 August."""
    value = found[at]
    if value.kind != "number" or not 1 <= (value.number or 0) <= 31:
        return value
    for other in found[at + 1 : at + 2]:
        # 4〜6月 is April to June.
        if (
            other.kind == "date"
            and other.key[1]
            and other.key[2] is None
            and (value.number or 0) <= 12
            and _ranges().fullmatch(whole[value.end : other.start])
        ):
            return replace(value, kind="date", key=(other.key[0], int(value.number or 0), None))
    for other, joined in (
        *((other, whole[value.end : other.start]) for other in found[at + 1 : at + 2]),
        *((other, whole[other.end : value.start]) for other in found[max(0, at - 1) : at]),
    ):
        if other.kind == "date" and other.key[2] and _ranges().fullmatch(joined):
            return replace(value, kind="date", key=(*other.key[:2], int(value.number or 0)))
    return value


_MEASURED = frozenset({"age", "amount", "duration", "percent"})


@cache
def _ranges() -> re.Pattern[str]:
    return re.compile(rf"\s?{either(loaded()['ranges'])}\s?")


def _each(key: Key) -> Iterator[Key]:
    """A range of days of one month is two dates; anything else is itself."""
    if len(key) == 4:
        yield key[:3]
        yield (*key[:2], key[3])
    else:
        yield key


@cache
def _readings(lang: str) -> tuple[Reading, ...]:
    """The ways to read figures, in the order in which they take text away from the next."""
    known = words(lang)
    kinds = (links, dates, weekdays, times, often, shares, amounts, places, years, spans, numbers)
    return tuple(reading for kind in kinds for reading in kind(known))
