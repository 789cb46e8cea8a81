"""Plots as SVG: bars of counts, with a title and a description for those who hear them.

A suppressed count is drawn as an outline of no length that would tell it. The
same figures stand in a table beside the plot.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.suppression import Cell

WIDTH, HEIGHT, BASE = 720, 200, 170
"""The field of the plot in its own units, and where the bars stand."""

MARGIN = 16
"""Room at the end for the half of the last word that stands beyond its bar."""

LABELS = 10
"""The most words under the bars."""


def bars(name: str, title: str, description: str, rows: Sequence[tuple[str, Cell]]) -> Markup:
    """Return a bar for each row; `name` makes the ids of this plot."""
    highest = max((cell.count or 0 for _, cell in rows), default=0) or 1
    step = (WIDTH - 40 - MARGIN) / max(1, len(rows))
    every = -(-len(rows) // LABELS)
    parts = [
        Markup(
            '<svg class="plot" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-t {}-d">'
            '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>'
        ).format(WIDTH, HEIGHT, name, name, name, title, name, description),
        Markup('<text x="36" y="18" text-anchor="end">{}</text>').format(highest),
        Markup('<line x1="40" y1="{}" x2="{}" y2="{}"/>').format(BASE, WIDTH, BASE),
    ]
    for place, (label, cell) in enumerate(rows):
        left = 40 + place * step
        if cell.count is None:
            shape = '<rect class="hidden-count" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="6"/>'
            parts.append(Markup(shape).format(left + step * 0.1, BASE - 6, step * 0.8))
        elif cell.count:
            tall = (BASE - 10) * cell.count / highest
            shape = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
            parts.append(Markup(shape).format(left + step * 0.1, BASE - tall, step * 0.8, tall))
        if place % every == 0:
            words = '<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
            parts.append(Markup(words).format(left + step / 2, HEIGHT - 8, label))
    return Markup("").join([*parts, Markup("</svg>")])
