"""Whether a figure is the most, or the least, of something: within, until, from, over."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from knowledge.claims_words import NEVER, Words, either, words

Bound = Literal["", "most", "least"]

_NEAR = 40
"""Characters before and after a figure in which the words of its bound may stand."""


def bound(text: str, start: int, end: int, lang: str) -> Bound:
    """Return the bound that the words around ``text[start:end]`` make of it.

    `text` is what `plain` returns. What follows the figure goes before what precedes it.
    """
    patterns = _patterns(lang)
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    ahead = _longest(patterns["most"].match(after), patterns["least"].match(after))
    return ahead or _longest(
        patterns["most_before"].search(before), patterns["least_before"].search(before)
    )


def _longest(most: re.Match[str] | None, least: re.Match[str] | None) -> Bound:
    if most and least:
        return "most" if len(most.group()) >= len(least.group()) else "least"
    return "most" if most else "least" if least else ""


@cache
def _patterns(lang: str) -> dict[str, re.Pattern[str]]:
    known = words(lang)
    edge = r"(?<!\w)" if known.spaced else ""
    fillers = rf"(?:{known.alternatives('fillers')}\s?)?" if "fillers" in known.content else ""
    return {
        "most": _any(known, "most", "{}"),
        "least": _any(known, "least", "{}"),
        "most_before": _any(
            known, "most_before", edge + r"{}\s?(?:the\s|about\s)?" + fillers + "$"
        ),
        "least_before": _any(
            known, "least_before", edge + r"{}\s?(?:the\s|about\s)?" + fillers + "$"
        ),
    }


def _any(known: Words, name: str, form: str) -> re.Pattern[str]:
    listed = known.content.get(name)
    return re.compile(form.replace("{}", either(listed))) if listed else NEVER
