"""Whether a sentence denies, limits or demands where its source does the opposite.

A whole sentence is compared with the one or two sentences of the source nearest to it.
Where the two differ it may still be right: a model merges sentences, says "free" beside
a time limit, or "only after you moved" for "not before you move". Those are looked for
clause by clause before a sentence is called wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.claims import Value, values
from knowledge.claims_sameness import same
from knowledge.claims_words import Key
from knowledge.polarity import (
    conditions,
    demands,
    free,
    limiting,
    negated,
    without_conditions,
    without_free,
    without_negations,
)
from knowledge.sentence_alignment import Alignment, share, split

_CLAUSE = re.compile(r"[,、，;；:：()（）。.!?！？।](?!\d)\s*")
_THAI_GAP = re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")


def denials(answer: str, aligned: Alignment) -> Iterator[str]:
    """Yield the sentences of `answer` whose polarity is not that of their source."""
    for sentence in split(answer):
        if any(allowed_bounds(sentence, aligned)):
            continue
        first, number, _ = aligned.nearest(sentence)
        cited = aligned.sentences[first : first + number]
        if _demand_apart(sentence, " ".join(cited), aligned.lang) or (
            _polarity_apart(sentence, " ".join(cited), aligned.lang)
            and not _explained(sentence, cited, aligned)
        ):
            yield sentence


def denied_bounds(answer: str, known: Iterable[Value], lang: str) -> Iterator[Key]:
    """Yield the figures after which `answer` denies what `known` allows until then.

    「2年を過ぎると請求できません」 is 「2年以内に請求してください」 the other way round.
    """
    until = [one for one in known if one.bound == "most"]
    for clause in (*clauses(answer, lang), *split(answer)):
        for value in values(clause, lang):
            turned = value.bound in ("least", "above") and negated(clause, lang)
            if turned and any(same(value, one) for one in until):
                yield value.key


def allowed_bounds(answer: str, aligned: Alignment) -> Iterator[Key]:
    """Yield the figures from which `answer` allows what its source denies below them.

    "From 16 you may join" is "those under 16 may not join" the other way round.
    """
    lang = aligned.lang
    denied = [
        value
        for sentence in aligned.sentences
        if negated(sentence, lang)
        for value in values(sentence, lang)
        if value.bound in _TURNED.values()
    ]
    for sentence in split(answer):
        if not negated(sentence, lang):
            for value in values(sentence, lang):
                turned = _TURNED.get(value.bound)
                if turned and any(same(value, one) and one.bound == turned for one in denied):
                    yield value.key


_TURNED: dict[str, str] = {"least": "below", "most": "above"}
"""A bound, and that of what lies on its other side."""


def clauses(text: str, lang: str) -> tuple[str, ...]:
    """Return the parts of `text` between its commas and stops; in Thai, between its spaces."""
    parts = [part.strip() for part in _CLAUSE.split(text)]
    if lang == "th":
        parts = [one for part in parts for one in _THAI_GAP.split(part)]
    return tuple(part for part in parts if part) or (text,)


def _polarity_apart(sentence: str, cited: str, lang: str) -> bool:
    """Say whether one denies and the other does not, their exceptions left aside.

    "Except for students" and "students do not pay" are one exception.
    """
    if negated(sentence, lang) == negated(cited, lang):
        return False
    if not conditions(sentence, lang) and not conditions(cited, lang):
        return True
    bare = (without_conditions(one, lang) for one in (sentence, cited))
    return len({negated(one, lang) for one in bare}) == 2


def _explained(sentence: str, cited: tuple[str, ...], aligned: Alignment) -> bool:
    lang = aligned.lang
    if not negated(sentence, lang):
        if limiting(sentence, lang) or not _repeats_what_is_denied(sentence, cited, lang):
            return True
        # "Open except on Mondays" says of Mondays what "closed on Mondays" does.
        if any(share(one, " ".join(cited), lang) >= _NEAR for one in conditions(sentence, lang)):
            return True
        # Of two sentences, or the clauses of a Thai one, only the nearest need agree.
        parts = cited if len(cited) > 1 else clauses(cited[0], lang) if lang == "th" else ()
        if len(parts) < 2:
            return False
        first, number, _ = Alignment("\n".join(parts), lang).nearest(sentence)
        return number == 1 and not negated(parts[first], lang)
    if any(denied_bounds(sentence, values(aligned.source, lang), lang)):
        return True
    source_free = any(free(one, lang) for one in aligned.sentences)
    return all(
        _clause_explained(clause, aligned, source_free)
        for clause in clauses(sentence, lang)
        if negated(clause, lang)
    )


def _repeats_what_is_denied(sentence: str, cited: tuple[str, ...], lang: str) -> bool:
    """Say whether enough of a denying clause of the source stands in `sentence`."""
    parts = [clause for one in cited for clause in clauses(one, lang) if negated(clause, lang)]
    bare = [without_negations(part, lang) for part in parts]
    return not parts or max(share(part, sentence, lang) for part in bare) >= REPEATED


REPEATED = 0.25
"""The least share of a denied clause that stands in a sentence that says the opposite."""


def _clause_explained(clause: str, aligned: Alignment, source_free: bool) -> bool:
    lang = aligned.lang
    rest = clause
    if any(denied_bounds(clause, values(aligned.source, lang), lang)):
        return True
    if source_free and free(clause, lang):
        rest = without_free(clause, lang)
        if not negated(rest, lang):
            return True
    shares = {one: share(rest, one, lang) for one in aligned.sentences}
    nearest = max(shares.values())
    excused = "excused" in demands(rest, lang)
    return any(
        (found >= max(_NEAR, _NEARLY * nearest) and negated(one, lang))
        or (excused and found >= _EXCUSED and "excused" in demands(one, lang))
        for one, found in shares.items()
    )


_NEAR = 0.3
"""The least share of a denying clause that stands in the denying sentence it was made from."""

_NEARLY = 0.75
"""How near that sentence must be, beside the one that is nearest of all."""

_EXCUSED = 0.15
"""The least share where both say what need not be, which other words say, too."""


def _demand_apart(sentence: str, cited: str, lang: str) -> bool:
    """Say whether one needs what the other says need not be, or may what may not be.

    必要です, 不要です; できます, できません. Other words beside them, "without", may deny in
    both, so that to deny or not does not tell.
    """
    if share(sentence, cited, lang) < _ALIKE or limiting(sentence, lang):
        return False
    said, known = demands(sentence, lang), demands(cited, lang)
    both = [(said & pair, known & pair) for pair in _OPPOSITES]
    return any(one and other and not one & other for one, other in both)


_ALIKE = 0.4
"""The least share of a sentence in its source for the two to be about the same thing."""

_OPPOSITES = (frozenset({"needed", "excused"}), frozenset({"allowed", "barred"}))
