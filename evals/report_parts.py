"""What a section of the report is made of, as data; `evals/report.html` draws all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from evals.curves import wilson


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words; all columns but the first are figures where `figures`.

    One that is `folded` opens on demand.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: bool = True
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot, what it tells, and the same as a table."""

    plot: Markup
    note: str
    table: Table
    narrow: bool = False


@dataclass(slots=True)
class Section:
    """One result of one suite."""

    suite: str
    title: str
    day: str
    headline: str
    lead: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    failures: Table | None = None


def share(right: int, cases: int) -> str:
    """Return a share with its 95 % interval, in words."""
    if not cases:
        return "no case"
    low, high = wilson(right, cases)
    return f"{right / cases:.1%} of {cases} ({low:.1%} to {high:.1%})"
