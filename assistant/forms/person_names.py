"""Names of people by their sound, from the name data that `japanese-personal-name-dataset` ships.

2,000 family names, which four in five people of Japan bear one of, and the readings
of some 9,000 given names; a heard name is compared with every family name before
every given name, by the phonemes of `speech.sounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from speech.sounds import sounds

NEAR = 0.15
"""Edits for each phoneme that a name may be away: two of ワタナベナオコ."""

SHORTEST = 4
"""Phonemes of a name that may be mended; anything shorter is near to too many."""


_VOICED = str.maketrans("gzdbJ", "kstpS")


@dataclass(frozen=True, slots=True)
class Known:
    """A name in katakana, family name first, and how many phonemes were heard otherwise."""

    reading: str
    edits: int


def known_name(kana: str) -> Known | None:
    """Return the name of the name data that sounds like `kana`, or None where none is near.

    >>> known_name("わたなびなおこ"), known_name("いらないです")
    (Known(reading='ワタナベ ナオコ', edits=1), None)
    """
    heard = sounds(kana)
    if len(heard) < SHORTEST:
        return None
    data = _data()
    splits = range(3, len(heard) - 2)
    family, given = data["family"], data["given"]
    alone = process.cdist(list(family), [heard], scorer=Levenshtein.distance)[:, 0]
    found = [(int(alone.min()), 1.0, _weightiest(family, alone), "")]
    if splits:
        before = process.cdist(
            list(family), [heard[:at] for at in splits], scorer=Levenshtein.distance
        )
        after = process.cdist(
            list(given), [heard[at:] for at in splits], scorer=Levenshtein.distance
        )
        for column in range(len(splits)):
            first = _weightiest(family, before[:, column])
            second = _weightiest(given, after[:, column])
            edits = int(before[:, column].min() + after[:, column].min())
            weight = family[first][1] * given[second][1]
            found.append((edits, -weight, first, second))
    edits, _, first, second = min(found)
    if edits > NEAR * len(heard):
        unvoiced = [name for name in family if _unvoiced(name) == _unvoiced(heard)]
        if not unvoiced:
            return None
        edits, first, second = 1, max(unvoiced, key=lambda name: family[name][1]), ""
    parts = [family[first][0], given[second][0] if second else ""]
    return Known(" ".join(part for part in parts if part), edits)


def _unvoiced(phonemes: str) -> str:
    """かどう and かとう alike: whether a consonant is voiced is heard worst."""
    return phonemes.translate(_VOICED)


def _weightiest(names: dict[str, tuple[str, float]], edits: np.ndarray) -> str:
    """The commonest of the nearest."""
    keys = list(names)
    nearest = np.flatnonzero(edits == edits.min())
    return max((keys[at] for at in nearest), key=lambda key: names[key][1])


@cache
def _data() -> dict[str, dict[str, tuple[str, float]]]:
    """Family and given names by their phonemes: the katakana, and how common it is."""
    import jaconv
    from japanese_personal_name_dataset import load_dataset

    men, women, families = load_dataset(kind="org", include_last_names=True)
    popular = set().union(*load_dataset(kind="opti"))
    family: dict[str, tuple[str, float]] = {}
    for entry in families.values():
        key = sounds(entry["reading"])
        weight = entry["count"] + family.get(key, ("", 0))[1]
        family[key] = (str(jaconv.hira2kata(entry["reading"])), weight)
    given: dict[str, tuple[str, float]] = {}
    for reading in (*men, *women):
        key = sounds(reading)
        weight = 10.0 if reading in popular else 1.0
        if key not in given or given[key][1] < weight:
            given[key] = (str(jaconv.hira2kata(reading)), weight)
    return {"family": family, "given": given}
