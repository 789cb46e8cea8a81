"""Whether a figure is the most, or the least, of something: within, until, from, over."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from knowledge.claims_words import NEVER, Kind, Words, either, words

Bound = Literal["", "most", "least", "below", "above", "before", "opens before"]
"""``below`` and ``above`` leave the figure itself out (未満, 超).

``before`` is a span that ends before something: 3日前までに, at least 3 days before.
``opens before`` is one from which on something is possible: 30日前から.
"""


_AGES = frozenset({"age", "duration", "number"})
"""Kinds that a number of years may be read as, with or without its unit."""

_NEAR = 40
"""Characters before and after a figure in which the words of its bound may stand."""


def bound(text: str, start: int, end: int, lang: str, kind: Kind) -> Bound:
    """Return the bound that the words around ``text[start:end]`` make of a figure of `kind`.

    `text` is what `plain` returns. "Within 14 days after" is a limit from above: the word
    before a figure goes before the one after it.
    """
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    later = _patterns(lang)["least_span"].search(after) if kind == "duration" else None
    ahead = _patterns(lang)["before_span"].search(after) if kind == "duration" else None
    if ahead:
        return "opens before" if later and later.end() > ahead.end() else "before"
    if kind in _AGES and (
        _patterns(lang)["younger_before"].search(before) or _patterns(lang)["younger"].search(after)
    ):
        return "below"
    if _patterns(lang)["strict"].search(after):
        return "below" if _said(lang, "{}", after) == "most" else "above"
    found = _said(lang, "{}_before", before) or _said(lang, "{}", after)
    if kind == "duration":
        found = found or ("least" if later else "")
        # "At least 14 days before" in another order: "before the day, at least 14 days".
        if found == "least" and _patterns(lang)["before_somewhere"].search(before + "|" + after):
            return "before"
    if not found and kind in ("date", "time"):
        return _said(lang, "{}_point", before)
    if not found and kind == "age" and _patterns(lang)["least_point"].search(before):
        return "least"
    return found


def _said(lang: str, name: str, text: str) -> Bound:
    patterns = _patterns(lang)
    most, least = (patterns[name.format(one)].search(text) for one in ("most", "least"))
    if most and least:
        return "most" if len(most.group()) >= len(least.group()) else "least"
    return "most" if most else "least" if least else ""


@cache
def _patterns(lang: str) -> dict[str, re.Pattern[str]]:
    known = words(lang)
    edge = r"(?<!\w)" if known.spaced else ""
    fillers = rf"(?:{known.alternatives('fillers')}\s?)?" if "fillers" in known.content else ""
    ahead = edge + r"{}\s?(?:the\s|about\s)?" + fillers + "$"
    return {
        "most": _any(known, "most", "^{}"),
        "least": _any(known, "least", "^{}"),
        "strict": _any(known, "strict", "^{}"),
        "younger": _any(known, "younger", "^{}"),
        "younger_before": _any(known, "younger_before", ahead),
        "before_span": _any(known, "before_span", "^{}"),
        "before_somewhere": _any(known, "before_span", "{}"),
        "least_span": _any(known, "least_span", "^{}"),
        "most_before": _any(known, "most_before", ahead),
        "least_before": _any(known, "least_before", ahead),
        "most_point": _any(known, "to_before", ahead),
        "least_point": _any(known, "from_before", ahead),
    }


def _any(known: Words, name: str, form: str) -> re.Pattern[str]:
    listed = known.content.get(name)
    return re.compile(form.replace("{}", either(listed))) if listed else NEVER
