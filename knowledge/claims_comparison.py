"""What a sentence claims that its source does not: figures, bounds, polarity, conditions.

It is deterministic, and errs towards a difference: an answer that claims nothing
the source lacks has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.claims import Value, values
from knowledge.claims_bounds import Bound
from knowledge.claims_denial import allowed_bounds, denials, denied_bounds
from knowledge.claims_sameness import one_apart, same
from knowledge.claims_things import misplaced
from knowledge.claims_words import Key, words
from knowledge.polarity import conditions, free, limits_the_last, negated
from knowledge.sentence_alignment import Alignment, share, split

HELD = 0.5
"""The least share of the letters of a condition that an answer has when it keeps it."""

HELD_AS_CONDITION = 0.3
"""The same where the answer makes an exception, too: with other words, but one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim that the source does not make.

    `kind` is the kind of the figure, ``limit``, ``negation`` or ``condition``; `said` is
    what the answer says, or the sentence of the source that it leaves out.
    """

    kind: str
    said: str


def compare(
    answer: str, source: str, lang: str, source_lang: str | None = None
) -> list[Difference]:
    """Return how `answer` differs from `source`; nothing where it claims no more.

    Sentences are compared one by one within a language. Between two languages
    (`source_lang` is another), figures and the polarity of the whole are.
    """
    other = source_lang or lang
    if other != lang:
        found = list(figures_apart(answer, source, lang, other))
        if negated(answer, lang) != negated(source, other):
            found.append(Difference("negation", answer))
        return found
    aligned = Alignment(source, lang)
    turned = set(allowed_bounds(answer, aligned))
    found = list(figures_apart(answer, source, lang, turned=turned))
    found += [Difference("amount", said) for said in free_of_charge(answer, aligned)]
    found += [Difference("negation", said) for said in denials(answer, aligned)]
    found += [Difference(kind, said) for kind, said in misplaced(answer, aligned)]
    found += [Difference("condition", said) for said in missing_conditions(answer, aligned)]
    return found


def figures_apart(
    answer: str,
    source: str,
    lang: str,
    source_lang: str | None = None,
    turned: Collection[Key] = (),
) -> Iterator[Difference]:
    """Yield the figures of `answer` that `source` lacks, or bounds otherwise.

    `turned` are the keys of figures whose bound is that of the source the other way round.
    """
    known = values(source, source_lang or lang)
    loose = lang != (source_lang or lang)
    hours = loose or "hour_is_span" in words(lang).content
    rates = [one.key for one in known if _is_rate(one)]
    turned = set() if loose else {*turned, *denied_bounds(answer, known, lang)}
    for value in values(answer, lang):
        if (_is_rate(value) and not rates and not value.bound) or (loose and value.key == (1.0,)):
            continue
        found = [one for one in known if same(value, one, loose, hours)]
        if any(one_apart(value, one) for one in known) or value.key in turned:
            continue
        if not found:
            if value.kind == "weekday" and _on_a_known_day(value, known):
                continue
            yield Difference(value.kind, value.text)
        elif all(_bounds_apart(value, one, loose) for one in found):
            yield Difference("limit", value.text)


def _bounds_apart(said: Value, known: Value, loose: bool) -> bool:
    """Say whether both are bounds, and not the same.

    Between two languages (`loose`), spans before a day are left aside, and whether the
    figure itself is in: few say so as exactly as 未満 and 以下.
    """
    if not said.bound or not known.bound or (loose and _BEFORE & {said.bound, known.bound}):
        return False
    if loose:
        return _ROUGHLY.get(said.bound, said.bound) != _ROUGHLY.get(known.bound, known.bound)
    return said.bound != known.bound


_BEFORE: set[Bound] = {"before", "opens before"}
_ROUGHLY: dict[Bound, Bound] = {"below": "most", "above": "least"}


def free_of_charge(answer: str, aligned: Alignment) -> list[str]:
    """Return the sentences of `answer` that call free what has only prices in the source."""
    prices = [one for one in values(aligned.source, aligned.lang) if one.kind == "amount"]
    if not prices or any(one.key[-1] == 0.0 for one in prices):
        return []
    if any(free(one, aligned.lang) for one in aligned.sentences):
        return []
    return [one for one in split(answer) if free(one, aligned.lang)]


def missing_conditions(answer: str, aligned: Alignment) -> list[str]:
    """Return the sentences of the source whose condition `answer` leaves out.

    A sentence is one that `answer` was made from, or the one after it that limits it.
    """
    found: list[str] = []
    for sentence in split(answer):
        first, number, _ = aligned.nearest(sentence)
        cited = list(aligned.sentences[first : first + number])
        after = aligned.sentences[first + number : first + number + 1]
        if after and limits_the_last(after[0], aligned.lang):
            cited.append(after[0])
        found += [one for one in cited if one not in found and _left_out(one, answer, aligned.lang)]
    return found


def _left_out(sentence: str, answer: str, lang: str) -> bool:
    least = HELD_AS_CONDITION if conditions(answer, lang) else HELD
    return any(share(clause, answer, lang) < least for clause in conditions(sentence, lang))


def _is_rate(value: Value) -> bool:
    """Say whether it says how often: "monthly" differs from "yearly", not from nothing."""
    return value.kind == "duration" and value.number is None


def _on_a_known_day(value: Value, known: Sequence[Value]) -> bool:
    """Say whether a weekday that the source does not name is that of one of its days."""
    if any(one.kind == "weekday" for one in known):
        return False
    return any(day.weekday() == value.key[0] for day in map(_day, known) if day)


def _day(value: Value) -> date | None:
    if value.kind != "date" or None in value.key:
        return None
    year, month, day = (int(str(part)) for part in value.key)
    try:
        return date(year, month, day)
    except ValueError:
        return None
