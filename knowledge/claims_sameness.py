"""Whether two figures are one: 14 days and 2 weeks, 31 March and 31 March 2026."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isclose

from knowledge.claims import Value

_ANY_NUMBER = {"age", "amount", "place", "number", "percent"}
"""Kinds that a number without a unit may stand for."""


def same(said: Value, known: Value, loose: bool = False, hours: bool = False) -> bool:
    """Say whether two figures are one.

    `loose` lets a number stand for a span of time, `hours` a clock time for hours.
    """
    if said.kind == known.kind == "date":
        return _same_day(said.key, known.key)
    shares = _share(said), _share(known)
    if shares[0] is not None and shares[1] is not None:
        return isclose(shares[0], shares[1], abs_tol=1e-6)
    if said.kind == known.kind or {said.kind, known.kind} <= {"age", "duration"}:
        return said.key == known.key
    kinds = {said.kind, known.kind}
    if hours and kinds == {"time", "duration"}:
        return said.key[-1] == known.key[-1]  # giờ is an hour and o'clock
    if "number" in kinds and kinds <= (
        _ANY_NUMBER | {"duration", "date"} if loose else _ANY_NUMBER
    ):
        return said.number is not None and said.number == known.number
    return False


def _share(value: Value) -> float | None:
    """The share of the whole that `value` is, or may be: 50 %, 2分の1, half, 1/2."""
    if value.kind == "percent":
        return float(str(value.key[0])) / 100
    if value.key[0] == "share":
        return float(str(value.key[1]))
    written = _SLASHED.fullmatch(value.text) if value.kind == "date" else None
    return int(written[1]) / int(written[2]) if written else None


_SLASHED = re.compile(r"([1-9])/([1-9])")
"""What is a day of a month, or a fraction."""


def _same_day(said: Sequence[object], known: Sequence[object]) -> bool:
    return all(one is None or one == other for one, other in zip(said, known, strict=True))


def one_apart(said: Value, known: Value) -> bool:
    """Say whether the two are one bound of what is counted: 17 or under, and under 18."""
    if not {said.kind, known.kind} <= _COUNTED:
        return False
    inner = {"most": "below", "least": "above"}
    for one, other in ((said, known), (known, said)):
        if one.bound in inner and other.bound == inner[one.bound]:
            apart = (other.number or 0.0) - (one.number or 0.0)
            return apart == (1 if one.bound == "most" else -1)
    return False


_COUNTED = {"age", "duration", "number"}
"""Kinds that a number of years may be read as, with or without its unit."""
