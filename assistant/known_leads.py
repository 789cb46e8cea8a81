"""Questions of which the city knows which part of an article answers them.

What comes first in an answer is weighed (`assistant.lead`) and is now and then beside the
point. The file ``leads.yaml`` of a city says it for the questions that were looked at: by
article and part, the questions. A part is the name of a fact, ``summary``, or the first
words of a condition or the heading of a section in Japanese, so that it is still found
when others are put before it; where the article has it no longer, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz

from assistant.topics import bare
from knowledge.article import FACT_NAMES, Localization
from knowledge.release import Release
from knowledge.ruby import strip
from knowledge.translations import ORIGINAL

ALIKE = 94.0
"""Percent of letters in common (normalised insertions and deletions) from which on a
question is taken for a known one: a comma, a typing error or a polite ending."""


def known_lead(question: str, slug: str, release: Release) -> str | None:
    """Return the part of the article `slug` that `question` is after, or None."""
    entry = release.lexicon.get("leads", {}).get(slug)
    if not entry:
        return None
    wanted = bare(question)
    best, alike = None, ALIKE
    for part, questions in entry.items():
        for known in questions:
            ratio = fuzz.ratio(wanted, bare(known), score_cutoff=alike)
            if ratio >= alike:
                best, alike = part, ratio
    if best is None:
        return None
    return part_named(best, release.articles[slug].localizations)


def part_named(name: str, localizations: Mapping[str, Localization]) -> str | None:
    """Return the part of an article that `name` stands for, as `assistant.lead` calls it."""
    if name == "summary":
        return name
    if name in FACT_NAMES:
        return f"facts.{name}"
    text = localizations.get(ORIGINAL)
    if text is None:
        return None
    parts = {
        **{f"conditions.{number}": one for number, one in enumerate(text.conditions)},
        **{f"sections.{number}": one.heading for number, one in enumerate(text.sections)},
    }
    return next((part for part, words in parts.items() if strip(words).startswith(name)), None)
