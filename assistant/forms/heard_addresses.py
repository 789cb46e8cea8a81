"""Japanese addresses by their sound: what was heard as kana holds the figures and the town.

A recogniser that must choose characters writes 産庁命 for さんちょうめ and 中く for なかく. The
figures of the kana are compared with those of the text: where both have the same, the text
stands; where the kana has them whole, the address is put together anew, its town taken
from the towns of Japan that are read so; else nothing is taken, and staff ask again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from rapidfuzz import fuzz

from assistant.forms.figures import numeral
from assistant.forms.places import PREFECTURE, rows
from knowledge.japanese import reading
from speech.alignment import likeness
from speech.sounds import sounds

COMMONEST = 0.8
"""The share of the towns of one sound that must be written alike for it to be taken."""

SAME = 80
"""How much, of 100, the reading of the city must sound like a part of what was heard."""

ALIKE = 0.85
"""Likeness of what stands in the text before the figures to what was heard there."""

ENDS = range(-1, 3)
"""Phonemes by which the end of the city may be off in what was heard."""

_CITY = re.compile(r"^.*?[市郡](?:[^、,\d]{1,4}[区町村])?|^[^、,\d]{1,4}[区町村]")
_OTHER_PREFECTURE = re.compile("県|けん|ケン")
_WRITTEN = re.compile(r"[〇一二三四五六七八九十百]+|\d+")
_UNIT = re.compile(r"ちょう?め|ばんち")


def address_heard(written: str, sound: str, word: str, number: Callable[[str], int]) -> str | None:
    """Return the address that `written` and its `sound` (hiragana) stand for; None if unsure.

    `word` is a pattern for one word of a number, and `number` reads several of them.
    """
    lot = _lot(word).search(sound)
    if not lot:
        return None if _UNIT.search(sound) else written
    said = [number(lot[part]) for part in "abc" if lot[part]]
    if _figures(written)[: len(said)] == said:
        return written
    before = sounds(sound[: lot.start()])
    found = PREFECTURE.match(written)
    prefecture = found.group() if found else ""
    rest = written.removeprefix(prefecture)
    city = _CITY.match(rest)
    if city and (town := _town(city.group(), before)):
        return f"{prefecture}{city.group()}{town}{_written(lot, said)}"
    place = _place(rest, before)
    return f"{prefecture}{place}{_written(lot, said)}" if place else None


def _place(written: str, heard: str) -> str:
    """What stands before the figures: a city, a town of Japan or both, that sounds as heard."""
    for end in range(len(written), 1, -1):
        place = written[:end]
        city = _CITY.match(place)
        town = place.removeprefix(city.group()) if city and city.end() < end else place
        if town in _town_names() and likeness(sounds(reading(place)), heard) >= ALIKE:
            return place
    return ""


@cache
def _town_names() -> frozenset[str]:
    return frozenset(town for _, _, town, _ in _addresses())


def town_heard(phonemes: str) -> str:
    """Return the town that nearly all towns of that sound are called, or nothing."""
    return _commonest(phonemes)


def sounds_like_city(written: str, sound: str) -> bool:
    """Say whether the city that `written` begins with is heard in `sound`, too."""
    city = _CITY.match(written)
    if city is None or _OTHER_PREFECTURE.search(PREFECTURE.sub("", city.group())):
        return False
    return fuzz.partial_ratio(sounds(reading(city.group())), sounds(sound)) >= SAME


@cache
def _lot(word: str) -> re.Pattern[str]:
    """The figures behind the town: さんちょうめいちばんにごう, ごのにじゅうご."""
    figure = f"(?:{word})+?"
    end = r"(?=ばん|の|ごう|で|に(?![じひゅ])|$)"
    return re.compile(
        rf"(?P<a>(?:{word})+)(?P<unit>ちょう?めの?|の)(?P<b>{figure}){end}"
        rf"(?:(?:ばんち?の?|の)(?:(?P<c>{figure})(?=ごう|で|$))?)?(?:ごう)?"
    )


def _written(lot: re.Match[str], said: list[int]) -> str:
    if lot["unit"] == "の":
        return "-".join(map(str, said))
    return "".join(f"{n}{unit}" for n, unit in zip(said, ("丁目", "番", "号"), strict=False))


def _figures(written: str) -> list[int]:
    found = _WRITTEN.findall(written)
    return [int(one) if one.isdecimal() else numeral(one) for one in found]


def _town(city: str, heard: str) -> str:
    """The ward and town of `city` that sound so; of a city nobody knows, a town of Japan."""
    place = fuzz.partial_ratio_alignment(sounds(reading(city)), heard)
    if place is None or place.score < SAME:
        return ""
    known = _towns_of(city)
    found = {
        known.get(rest, "") if known else _commonest(rest)
        for shift in ENDS
        if (rest := heard[max(place.dest_end + shift, 0) :])
    } - {""}
    return found.pop() if len(found) == 1 else ""


def _commonest(phonemes: str) -> str:
    writings = _towns().get(phonemes, Counter())
    town, times = writings.most_common(1)[0] if writings else ("", 0)
    return town if times >= COMMONEST * writings.total() else ""


@cache
def _towns() -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, town, kana in _addresses():
        found[sounds(kana)][town] += 1
    return found


@cache
def _towns_of(city: str) -> Mapping[str, str]:
    """What follows the city, by its phonemes, where it is written in one way only."""
    spoken = reading(city)
    found: dict[str, set[str]] = defaultdict(set)
    for whole, whole_kana, town, kana in _addresses():
        if whole.startswith(city) and whole_kana.startswith(spoken):
            rest = whole_kana.removeprefix(spoken)
            found[sounds(rest + kana)].add(whole.removeprefix(city) + town)
    return {sound: next(iter(towns)) for sound, towns in found.items() if len(towns) == 1}


@cache
def _addresses() -> list[tuple[str, ...]]:
    return [row for row in rows(_QUERY) if row[3]]


_QUERY = (
    "SELECT DISTINCT city, json_extract(data, '$.city_kana'), "
    "json_extract(data, '$.neighborhood'), json_extract(data, '$.neighborhood_kana') "
    "FROM postal_data"
)
