"""Japanese days by their sound: which of two was said, and which one sounds like what was heard.

A recogniser that writes みか for みっか or 市市日 for 十一日 leaves a sound that only one day of
the year is near to. It is looked for among all of them, and taken where no other is as near.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from assistant.forms.answered import Answered
from assistant.forms.dates import ERAS
from assistant.forms.form import Field
from assistant.forms.words import words
from speech.alignment import likeness
from speech.readings import as_read
from speech.sounds import sounds

T = TypeVar("T")

FAR, FAR_EDITS = 90, 4
"""Days from today beyond which a day of moving or wishing is unlikely, and what that
weighs against, in phonemes."""

SAID = 0.8
"""Likeness from which on a day was said, whatever else was."""

CLEAR = 2
"""Phonemes by which one day must sound more like what was heard than another."""

NEAR = 0.2
"""Edits for each phoneme that a day may be away."""

OLDEST = 115
"""Years of the oldest person whose birthday is looked for."""


def likelier(
    field: Field, written: Answered, spoken: Answered, sound: str, today: date
) -> Answered | None:
    """Return the one of two days that sounds more like what was heard; None where both do."""
    heard = sounds(sound)
    said = {one: _read(date.fromisoformat(str(one.value))) for one in (written, spoken)}

    def score(answer: Answered) -> tuple[int, float]:
        day = date.fromisoformat(str(answer.value))
        part = _part(said[answer], heard)
        far = field.name != "birth_date" and abs((day - today).days) > FAR
        edits = Levenshtein.distance(said[answer], part)
        points = len(said[answer]) - 2 * edits - (FAR_EDITS if far else 0)
        return points, likeness(said[answer], part)

    (first, like), (second, other) = score(written), score(spoken)
    # いちがつふつか is heard wherever じゅういちがつふつか is.
    within = said[written] in said[spoken] or said[spoken] in said[written]
    if abs(first - second) < CLEAR or (min(like, other) >= SAID and not within):
        return None
    return written if first > second else spoken


def day_by_sound(field: Field, sound: str, today: date) -> Answered | None:
    """Return the one day that sounds like a part of `sound` (hiragana); a birthday by its year."""
    vocabulary = words("ja")
    heard = sounds(sound)
    if vocabulary.unsure.search(sound) or vocabulary.correction.search(sound):
        return None
    if heard.count(sounds("がつ")) != 1:  # none, or a day beside another
        return None
    found = _nearest(_days_of_year(), heard)
    if not found:
        return None
    (month, day), start = found
    if field.name == "birth_date":
        year = _nearest(_years(today.year), heard[:start])
        return _answered(year[0], month, day, len(sound), ()) if year else None
    years = (0, 1) if "not_in_future" not in field.rules else (0, -1)
    for shift in years:
        answer = _answered(today.year + shift, month, day, len(sound), ("year_not_said",))
        late = answer and date.fromisoformat(str(answer.value)) >= today
        if answer and (late if 1 in years else not late or answer.value == today.isoformat()):
            return answer
    return None


def _answered(year: int, month: int, day: int, end: int, notes: tuple[str, ...]) -> Answered | None:
    try:
        return Answered(date(year, month, day).isoformat(), 0, end, 0.85, notes)
    except ValueError:
        return None


def _nearest(known: Iterable[tuple[str, T]], heard: str) -> tuple[T, int] | None:
    """What sounds most like a part of what was heard, and where; None where two do."""
    best: tuple[int, T | None, int] = (0, None, 0)
    second = 0
    for said, meant in known:
        place = fuzz.partial_ratio_alignment(said, heard)
        if place is None:
            continue
        edits = Levenshtein.distance(said, heard[place.dest_start : place.dest_end])
        points = len(said) - 2 * edits
        if edits > NEAR * len(said) or points <= second:
            continue
        if points > best[0]:
            if best[1] != meant:
                second = best[0]
            best = (points, meant, place.dest_start)
        elif best[1] != meant:
            second = points
    if best[1] is None or best[0] - second < CLEAR:
        return None
    return best[1], best[2]


def _part(said: str, heard: str) -> str:
    place = fuzz.partial_ratio_alignment(said, heard)
    return heard[place.dest_start : place.dest_end] if place else ""


@cache
def _read(day: date) -> str:
    return sounds(as_read(f"{day.month}月{day.day}日", "ja"))


@cache
def _days_of_year() -> tuple[tuple[str, tuple[int, int]], ...]:
    leap = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    return tuple((_read(day), (day.month, day.day)) for day in leap)


@cache
def _years(this: int) -> tuple[tuple[str, int], ...]:
    """The years that somebody may be born in, as they are said, by era and by number."""
    said = [(f"{year}年", year) for year in range(this - OLDEST, this + 1)]
    for era, last in (("大正", 15), ("昭和", 64), ("平成", 31), ("令和", this - 2018)):
        said += [(f"{era}{n}年", ERAS[era] + n - 1) for n in range(1, last + 1)]
        said.append((f"{era}元年", ERAS[era]))
    return tuple((sounds(as_read(text, "ja")), year) for text, year in said)
