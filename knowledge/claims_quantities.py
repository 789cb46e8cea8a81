"""Shares, amounts of money, places, spans of time and bare numbers of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from knowledge.claims_words import NUMBER, Key, Reading, Words, either

_URL = re.compile(r"(?:https?://|www\.)[!#-'*-;=?-~]+")
_PHONE = re.compile(
    r"(?<![\d-])(?:\(0\d{1,4}\)\s?|0\d{1,4}[-\s.])\d{1,4}[-\s.]\d{3,4}(?![\d-])"
    r"|(?<![\d-])0\d{1,4}\s?\(\d{1,4}\)\s?\d{3,4}(?!\d)"
    r"|(?<![\d-])0\d{9,10}(?!\d)|#\d{4}(?!\d)"
)
_FRACTION = re.compile(r"(?<![\d/])(\d+)\s?(?:分[の之]|분의)\s?(\d+)")
_NUMBER = re.compile(rf"(?<![\d.]){NUMBER}")


_SPANS = {
    "workday": ("workdays", 1),
    "month": ("months", 1), "year": ("months", 12),
    "week": ("days", 7), "day": ("days", 1),
    "hour": ("minutes", 60), "minute": ("minutes", 1),
}  # fmt: skip
"""The units of time: a week is seven days, but no month is a number of days."""


def links(_: Words) -> Iterator[Reading]:
    """Yield the ways to read web addresses and telephone numbers."""
    yield "url", _URL, lambda m: (m.group().rstrip(".,;").removesuffix("/"),)
    yield "phone", _PHONE, lambda m: (re.sub(r"\D", "", m.group()),)


def often(known: Words) -> Iterator[Reading]:
    """Yield the ways to read how often: monthly is a month."""
    edge = r"(?<!\w)" if known.spaced else ""
    for unit, listed in known.content.get("per", {}).items():
        scale, factor = _SPANS[unit]
        yield "duration", re.compile(edge + either(listed)), _once(scale, factor)


def numbers(known: Words) -> Iterator[Reading]:
    """Yield the way to read what is left: a number without a unit that is known.

    One of something (one child, 1通) is no figure: languages say it with an article.
    """
    thing = known.alternatives("things")
    yield "number", re.compile(rf"(?<![\d.])1\s?{thing}"), lambda _: ()
    yield "number", re.compile(rf"(?<![\d.])({NUMBER})\s?{thing}"), lambda m: (float(m[1]),)
    yield "number", _NUMBER, lambda m: (float(m.group()),)


def _scaled(unit: str, factor: float = 1.0) -> Callable[[re.Match[str]], Key]:
    return lambda m: (unit, float(m[1]) * factor)


def shares(known: Words) -> Iterator[Reading]:
    """Yield the ways to read a share of the whole, in per cent, and fractions."""
    if known.content.get("percent_before"):
        pattern = re.compile(rf"{known.alternatives('percent_before')}\s?({NUMBER})")
        yield "percent", pattern, lambda m: (float(m[1]),)
    after = re.compile(rf"({NUMBER})\s?{known.alternatives('percent')}")
    yield "percent", after, lambda m: (float(m[1]),)
    tenths = re.compile(rf"({NUMBER})\s?{known.alternatives('tenths')}(?!合|引)")
    yield "percent", tenths, lambda m: (float(m[1]) * 10,)
    yield "number", _FRACTION, lambda m: ("share", float(m[2]) / (float(m[1]) or 1.0))
    edge, end = (r"(?<!\w)", r"(?!\w)") if known.spaced else ("", "")
    halved = re.compile(edge + known.alternatives("half_share") + end)
    yield "number", halved, lambda _: ("share", 0.5)


def amounts(known: Words) -> Iterator[Reading]:
    """Yield the ways to read an amount of money."""
    yield "amount", re.compile(rf"[¥￥]\s?({NUMBER})"), _scaled("yen")
    yield "amount", re.compile(rf"[$＄]\s?({NUMBER})"), _scaled("dollar")
    yield "amount", re.compile(rf"({NUMBER})\s?[$＄]"), _scaled("dollar")
    end = r"(?!\w)" if known.spaced else ""
    for currency, names in known.content.get("currencies", {}).items():
        pattern = re.compile(rf"({NUMBER})[\s-]?{either(names)}{end}")
        yield "amount", pattern, _scaled(currency)


def places(known: Words) -> Iterator[Reading]:
    """Yield the ways to read floors, counters and rooms."""
    for place in ("floor", "counter", "room"):
        before, after = known.alternatives(f"{place}_before"), known.alternatives(place)
        number = rf"({NUMBER})(?!\d)"
        for pattern in (rf"{number}\s?{after}", rf"{before}\s?{number}"):
            yield "place", re.compile(pattern), _scaled(place)


def spans(known: Words) -> Iterator[Reading]:
    """Yield the ways to read ages and spans of time."""
    end = r"(?!\w)" if known.spaced else ""
    age = re.compile(rf"({NUMBER})\s?{known.alternatives('age')}")
    yield "age", age, _scaled("months", 12)
    listed = known.content.get("spans", {})
    for unit, (scale, factor) in _SPANS.items():
        pattern = re.compile(rf"({NUMBER})\s?{either(listed.get(unit, ()))}{end}")
        yield "duration", pattern, _scaled(scale, factor)


def _once(unit: str, factor: float) -> Callable[[re.Match[str]], Key]:
    return lambda _: (unit, factor)
