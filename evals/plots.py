"""Plots as SVG, by small functions: bars with intervals, a reliability and a risk curve.

Each returns one `<svg>` with a title and a description for those who do not see it,
colours by class, so that the page's style decides on light, dark and paper. All
shares are 0 to 1. Whatever comes from data is escaped here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from evals.curves import Bin, Point, wilson

WIDTH = 640
ROW = 26
LABEL = 130
VALUE = 195
SIDE = 360
PAD = 52

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One share to draw: so many right of so many cases."""

    name: str
    right: int
    cases: int


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Return one bar a row, with its 95 % interval as a whisker."""
    span = WIDTH - LABEL - VALUE
    height = ROW * len(rows) + 30
    drawn = [_grid_across(height - 24, span)]
    for number, row in enumerate(rows):
        top = ROW * number + 6
        share = row.right / row.cases if row.cases else 0.0
        low, high = wilson(row.right, row.cases)
        left, right, middle = LABEL + low * span, LABEL + high * span, top + 8
        drawn.append(
            _text(LABEL - 8, top + 13, row.name, "end")
            + _svg('<rect class="bar" x="{}" y="{}" width="{}" height="16" rx="2"/>',
                   LABEL, top, share * span)
            + _svg('<path class="whisker" d="M{} {}H{}M{} {}v8M{} {}v8"/>',
                   left, middle, right, left, middle - 4, right, middle - 4)
            + _text(WIDTH - VALUE + 14, top + 13,
                    f"{share:.1%} of {row.cases} ({low:.0%}–{high:.0%})", "start")
        )  # fmt: skip
    told = ", ".join(f"{row.name} {row.right} of {row.cases}" for row in rows)
    return _figure(title, f"Bars with 95 % intervals: {told}.", WIDTH, height, drawn)


def reliability_curve(title: str, bins: Sequence[Bin]) -> Markup:
    """Return what was stated (across) against what came true (up); the diagonal is perfect."""
    drawn = [_square("stated confidence", "came true"), _line("ideal", [(0, 0), (1, 1)])]
    drawn.append(_line("curve", [(each.stated, each.share) for each in bins]))
    for each in bins:
        low, high = wilson(each.right, each.cases)
        x = _across(each.stated)
        drawn.append(
            _svg('<path class="whisker" d="M{} {}V{}"/>', x, _up(low), _up(high))
            + _svg('<circle class="dot" cx="{}" cy="{}" r="4"/>', x, _up(each.share))
        )
    told = "; ".join(f"stated {b.stated:.0%}, true {b.share:.0%} of {b.cases}" for b in bins)
    return _figure(title, f"Points near the diagonal are honest: {told}.", SIDE, SIDE, drawn)


def risk_curve(
    title: str, points: Sequence[Point], now: tuple[float, float] | None, aim: float
) -> Markup:
    """Return the share wrong (up, to 50 %) by the share answered (across).

    `now` is where the desk stands, as (coverage, risk); `aim` is drawn as a line.
    """
    most = 0.5
    drawn = [_square("share of questions answered", "wrong of those answered", most)]
    drawn.append(_line("ideal", [(0, aim / most), (1, aim / most)]))
    seen = [(point.coverage, min(1.0, point.risk / most)) for point in points]
    drawn.append(_line("curve", seen))
    told = f"At full coverage {points[-1].risk:.1%} are wrong" if points else "No case"
    if now:
        coverage, risk = now
        drawn.append(
            _svg('<circle class="now" cx="{}" cy="{}" r="6"/>',
                 _across(coverage), _up(min(1.0, risk / most)))
        )  # fmt: skip
        told += f"; the desk answers {coverage:.0%} with {risk:.1%} wrong"
    return _figure(title, f"{told}. The dashed line is {aim:.0%}.", SIDE, SIDE, drawn)


def _figure(title: str, told: str, width: int, height: int, drawn: Sequence[Markup]) -> Markup:
    name = f"plot{next(_numbers)}"
    return Markup(
        '<svg role="img" viewBox="0 0 {0} {1}" width="{0}" height="{1}" '
        'aria-labelledby="{2}-title {2}-desc"><title id="{2}-title">{3}</title>'
        '<desc id="{2}-desc">{4}</desc>{5}</svg>'
    ).format(width, height, name, title, told, Markup("").join(drawn))


def _svg(pattern: str, *values: float) -> Markup:
    return Markup(pattern.format(*(f"{value:.1f}" for value in values)))


def _text(x: float, y: float, words: str, anchor: str, more: str = "") -> Markup:
    place = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>').format(
        x, y, anchor, Markup(more)
    )
    return place + escape(words) + Markup("</text>")


def _grid_across(height: float, span: float) -> Markup:
    lines = [
        _svg('<path class="grid" d="M{} 0V{}"/>', LABEL + share * span, height)
        + _text(LABEL + share * span, height + 16, f"{share:.0%}", "middle")
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    return Markup("").join(lines)


def _across(share: float) -> float:
    return PAD + share * (SIDE - PAD - 16)


def _up(share: float) -> float:
    return SIDE - PAD - share * (SIDE - PAD - 16)


def _square(across: str, up: str, most: float = 1.0) -> Markup:
    """The axes of a square plot; the vertical one ends at `most`."""
    drawn = Markup("")
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = _across(share), _up(share)
        drawn += (
            _svg('<path class="grid" d="M{} {}V{}M{} {}H{}"/>',
                 x, _up(0), _up(1), _across(0), y, _across(1))
            + _text(x, _up(0) + 18, f"{share:.0%}", "middle")
            + _text(_across(0) - 6, y + 4, f"{share * most:.0%}", "end")
        )  # fmt: skip
    middle = _up(0.5)
    turned = f' transform="rotate(-90 12 {middle:.1f})"'
    return (
        drawn
        + _text(_across(0.5), SIDE - 12, across, "middle")
        + _text(12, middle, up, "middle", turned)
    )


def _line(kind: str, places: Sequence[tuple[float, float]]) -> Markup:
    if not places:
        return Markup("")
    path = "L".join(f"{_across(x):.1f} {_up(y):.1f}" for x, y in places)
    return Markup('<path class="{}" d="M{}"/>').format(kind, path)
