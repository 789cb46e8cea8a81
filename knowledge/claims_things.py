"""Figures that the source tells of something else: the fee of a copy as that of a permit.

A figure that stands somewhere in the source may still be told of the wrong thing. It is
when what the answer says is nearly a part of the source that has another figure of that
kind, and the parts that do have this figure are about other things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.claims import Value, values
from knowledge.claims_denial import clauses
from knowledge.claims_sameness import same
from knowledge.polarity import free
from knowledge.sentence_alignment import Alignment, grams, split

NEAR = 0.6
"""The least share of the letters of a part that stands in the part it is said to repeat."""

APART = 0.25
"""How much less of it stands in the parts that have its figure."""

_KINDS = frozenset({"amount", "percent", "duration", "age", "time"})


def misplaced(answer: str, aligned: Alignment) -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of the figures that the source tells of other things.

    Sentences are compared with sentences, and clauses with clauses.
    """
    lang = aligned.lang
    found = set(_misplaced(split(answer), aligned.sentences, lang))
    parts = [one for sentence in aligned.sentences for one in clauses(sentence, lang)]
    found |= set(_misplaced(clauses(answer, lang), parts, lang))
    yield from sorted(found)


def _misplaced(said: Sequence[str], known: Sequence[str], lang: str) -> Iterator[tuple[str, str]]:
    for part in said:
        figures = _told(part, lang)
        kinds = [one.kind for one in figures]
        for value in figures:
            if kinds.count(value.kind) == 1 and _elsewhere(part, value, known, lang):
                yield value.kind, value.text


def _elsewhere(part: str, value: Value, known: Sequence[str], lang: str) -> bool:
    letters, here, there = grams(part, lang), 0.0, 0.0
    for other in known:
        figures = _told(other, lang)
        share = len(letters & grams(other, lang)) / (len(letters) or 1)
        if any(same(value, one) for one in figures):
            there = max(there, share)
        elif any(one.kind == value.kind for one in figures):
            here = max(here, share)
    return there > 0 and here >= NEAR and here - there >= APART


def _told(part: str, lang: str) -> list[Value]:
    """Return the figures of `part` that are of a thing; "free" is an amount of nothing."""
    found = [one for one in values(part, lang) if one.kind in _KINDS]
    if not any(one.kind == "amount" for one in found) and free(part, lang):
        found.append(Value("amount", ("yen", 0.0), part, "", 0, len(part)))
    return found
