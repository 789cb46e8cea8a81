"""What a sentence claims in figures: typed values, each with the bound it sets.

「14日以内」, "within two weeks" and "ภายใน ๑๔ วัน" hold the same span of time. The kinds:
``url``, ``phone``, ``date``, ``weekday``, ``time``, ``amount``, ``percent``,
``place`` (floors, counters, rooms), ``age``, ``duration`` and ``number``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.claims_bounds import Bound, bound
from knowledge.claims_dates import dates, weekdays
from knowledge.claims_numerals import plain
from knowledge.claims_quantities import amounts, links, numbers, places, shares, spans
from knowledge.claims_times import times
from knowledge.claims_words import Key, Kind, Reading, words


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of a text.

    `key` tells equal figures of one kind: dates as (year, month, day) with None for what
    is not said, clock times in minutes, spans as ("days", 14). `bound` is what it limits:
    ``most`` (within, until, under), ``least`` (from, after, over) or ``""``. `start` and
    `end` are its place in the text of `plain`.
    """

    kind: Kind
    key: Key
    text: str
    bound: Bound
    start: int
    end: int

    @property
    def magnitude(self) -> float | None:
        """The number that was said, where one was."""
        last = self.key[-1]
        return float(last) if isinstance(last, int | float) else None


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
            for one in _each(key):
                found.append(
                    Value(
                        kind, one, match.group().strip(), bound(whole, start, end, lang), start, end
                    )
                )
        for start, end in taken:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return tuple(sorted(found, key=lambda value: value.start))


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
    kinds = (links, dates, weekdays, times, shares, amounts, places, spans, numbers)
    return tuple(reading for kind in kinds for reading in kind(known))
