"""Figures for policy: who asks what, when, in which language, and what became of it.

Every table is made of counts of questions; small ones are suppressed
(`assistant.suppression`) before anything leaves this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from assistant.answer import JAPAN
from assistant.suppression import LEAST, Cell, suppressed
from knowledge.city import City
from knowledge.ruby import strip
from knowledge.store import Store
from knowledge.store_counter import CounterRecord
from knowledge.store_insight import AskedTurn

OUTCOMES = ("answered", "clarify", "abstained", "handoff", "emergency", "error")
"""What becomes of a question, in the order of the tables."""

NONE = "-"
"""The row of questions of which a table's dimension is not known."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by one dimension: `rows` by key, in order; `name` says which dimension."""

    name: str
    rows: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in percent; None where too few questions stand behind it."""

    name: str
    percent: float | None


@dataclass(frozen=True, slots=True)
class Insight:
    """Everything of one period of whole days in Japan, `until` included."""

    since: date
    until: date
    questions: Cell
    rates: tuple[Rate, ...]
    seconds: float | None
    tables: tuple[Table, ...]
    counter: tuple[Table, ...]
    counter_minutes: float | None


def insight(
    store: Store, since: date, until: date, events: Mapping[str, str], city: City
) -> Insight:
    """Return the figures of a period; `events` has the life event of each article by slug."""
    turns = store.asked(_begin(since), _begin(until + timedelta(days=1)))
    records = store.counter_records(since, until)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    wards = _wards(city)
    tables = (
        _table("day", (_day(turn).isoformat() for turn in turns), [d.isoformat() for d in days]),
        _table("life_event", (events.get(turn.slug, NONE) for turn in turns)),
        _table("lang", (turn.lang for turn in turns)),
        _table("ward", (_ward(turn.question, wards) for turn in turns)),
        _table("hour", (f"{_hour(turn):02d}" for turn in turns), [f"{h:02d}" for h in range(24)]),
        _table("outcome", (turn.status for turn in turns), OUTCOMES),
        _table("rating", (turn.rating or NONE for turn in turns)),
    )
    return Insight(
        since,
        until,
        suppressed({"all": len(turns)})["all"],
        _rates(turns),
        _median([turn.milliseconds / 1000 for turn in turns]),
        tables,
        _counter(records),
        _median([record.seconds / 60 for record in records]),
    )


def _counter(records: Sequence[CounterRecord]) -> tuple[Table, ...]:
    return (
        _table("procedure", (record.procedure or NONE for record in records)),
        _table("lang", (record.lang for record in records)),
        _table("hour", (f"{record.hour:02d}" for record in records)),
        _table("outcome", (record.outcome for record in records)),
    )


def _rates(turns: Sequence[AskedTurn]) -> tuple[Rate, ...]:
    """The shares of questions, and of the rated ones those that were found good.

    Self-service: answered, and neither rated bad nor handed over afterwards.
    """
    count = len(turns)
    alone = sum(
        turn.status == "answered" and turn.rating != "bad" and not turn.handed_over
        for turn in turns
    )
    rated = [turn for turn in turns if turn.rating]
    return (
        _rate("self_service", alone, count),
        _rate("abstained", sum(turn.status == "abstained" for turn in turns), count),
        _rate("handed_over", sum(t.status == "handoff" or t.handed_over for t in turns), count),
        _rate("satisfied", sum(turn.rating == "good" for turn in rated), len(rated)),
    )


def _rate(name: str, part: int, whole: int) -> Rate:
    """A share tells a count, so it is hidden where the count, or what is left, is small."""
    small = any(0 < number < LEAST for number in (part, whole - part)) or whole < LEAST
    return Rate(name, None if small else round(100 * part / whole, 1))


def _table(name: str, keys: Iterable[str], order: Sequence[str] = ()) -> Table:
    counts = Counter(keys)
    ordered = list(order) or [key for key, _ in sorted(counts.items(), key=lambda i: (-i[1], i[0]))]
    return Table(name, suppressed({key: counts[key] for key in ordered}))


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 2) if len(values) >= LEAST else None


def _wards(city: City) -> dict[str, str]:
    """The Japanese names of wards by what questions call them, from the offices of the city."""
    found: dict[str, str] = {}
    for key in city.values:
        if key.startswith("office."):
            name = strip(city.text(key, "ja")).split("役所")[0]
            found[name] = name
            found[strip(city.text(key, "en")).split(" Ward")[0].casefold()] = name
    return found


def _ward(question: str, wards: Mapping[str, str]) -> str:
    folded = question.casefold()
    return next((name for said, name in wards.items() if said in folded), NONE)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _day(turn: AskedTurn) -> date:
    return turn.created_at.astimezone(JAPAN).date()


def _hour(turn: AskedTurn) -> int:
    return turn.created_at.astimezone(JAPAN).hour
