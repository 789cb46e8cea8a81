"""Small counts are not told, and cannot be worked out from the rest of their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5
"""The smallest count that is told; a smaller one may point to a person."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it is told; `count` is None where it is suppressed.

    `small` says that it is under `LEAST`; otherwise it was suppressed so that a
    small one cannot be worked out from a sum.
    """

    count: int | None
    small: bool = False

    def __str__(self) -> str:
        if self.count is not None:
            return str(self.count)
        return f"<{LEAST}" if self.small else "*"


def suppressed(counts: Mapping[str, int]) -> dict[str, Cell]:
    """Return `counts` without those under `LEAST`, and with one more hidden where one is alone.

    A count of nothing is told: it points to nobody.

    >>> {key: str(cell) for key, cell in suppressed({"ja": 40, "vi": 9, "th": 2, "ne": 0}).items()}
    {'ja': '40', 'vi': '*', 'th': '<5', 'ne': '0'}
    """
    small = {key for key, count in counts.items() if 0 < count < LEAST}
    hidden = set(small)
    if len(small) == 1:
        others = [key for key, count in counts.items() if count >= LEAST]
        if others:
            hidden.add(min(others, key=lambda key: counts[key]))
    return {
        key: Cell(None, key in small) if key in hidden else Cell(count)
        for key, count in counts.items()
    }
