"""Days that answer a question, or that stand beside what tells which day they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

from assistant.forms import household
from assistant.forms.answered import Answered, Reader, sentences
from assistant.forms.dates import Day, days
from assistant.forms.form import Field
from assistant.forms.talk import after_correction
from assistant.forms.words import Words

NEWBORN = 365
"""Days that whoever fills in a form has lived at least."""


def answered_day(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """Return the day that answers a question; after a correction, the day that was put right."""
    ahead = "not_in_future" not in field.rules
    found = days(text, vocabulary.lang, today, ahead=ahead, bare=True)
    found = [
        day
        for day in found
        if not vocabulary.not_on.match(text, day.end)
        and not vocabulary.not_before.search(text[: day.start])
    ]
    if field.name == "birth_date":
        if field.cue:
            found = [day for day in found if not _beside_others(text, day, vocabulary)]
        found = [day for day in found if day.year_said and (today - day.value).days > NEWBORN]
    cut = after_correction(text, vocabulary)
    found = [day for day in found if day.start >= cut] or found
    if not found:
        return None
    if _either(text, found, vocabulary):
        return None
    cue = {"moved": vocabulary.moved, "moving": vocabulary.moving}.get(field.cue)
    if cue and len(found) > 1:
        # 荷物は10日、住み始めたのは12日: the day in the clause that tells what happened
        found = [day for day in found if cue.search(_clause(text, day))] or found
    since = [day for day in found if vocabulary.from_then.match(text, day.end)]
    return _dated(field, (since or found)[0])


def _either(text: str, found: list[Day], vocabulary: Words) -> bool:
    """Say whether two days are left open: 火曜か木曜."""
    return any(
        one.value != other.value and vocabulary.either.fullmatch(text[one.end : other.start])
        for one, other in pairwise(found)
    )


def _clause(text: str, day: Day) -> str:
    start = max(text.rfind(mark, 0, day.start) for mark in "、。,.") + 1
    ends = [at for mark in "、。,." if (at := text.find(mark, day.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _beside_others(text: str, day: Day, vocabulary: Words) -> bool:
    """Say whether the day stands in a sentence about another member of the family."""
    for start, sentence in sentences(text):
        if start <= day.start < start + len(sentence):
            return bool(household.members(sentence[: day.start - start], vocabulary))
    return False


def _dated(field: Field, day: Day) -> Answered | None:
    if field.name == "birth_date" and not day.year_said:
        return None
    notes = () if day.sure else (("year_not_said",) if not day.year_said else ("check_day",))
    sure = 0.95 if day.sure else 0.6 if day.nearest else 0.7
    return Answered(day.value.isoformat(), day.start, day.end, sure, notes)


def day_beside(cue: Callable[[Words], re.Pattern[str]], ahead: bool) -> Reader:
    """A day in a sentence that holds the cue."""

    def read(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
        for start, sentence in sentences(text):
            if not cue(vocabulary).search(sentence):
                continue
            other = vocabulary.born.search(sentence) if field.name != "birth_date" else None
            found = days(sentence, vocabulary.lang, today, ahead=ahead)
            if found and not other and (answer := _dated(field, found[0])):
                return replace(
                    answer,
                    start=start + answer.start,
                    end=start + answer.end,
                    confidence=min(answer.confidence, 0.85),
                )
        return None

    return read


def child_born(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """The day a child was born, or else the day the family moved in."""
    for start, sentence in sentences(text):
        of_child = _of_child(sentence, vocabulary) and vocabulary.born.search(sentence)
        if of_child or vocabulary.gave_birth.search(sentence):
            for day in days(sentence, vocabulary.lang, today):
                answer = _dated(field, day)
                if answer:
                    return replace(
                        answer, start=start + answer.start, end=start + answer.end, confidence=0.8
                    )
    return day_beside(lambda w: w.moved, ahead=False)(field, text, vocabulary, today)


def _of_child(sentence: str, vocabulary: Words) -> bool:
    return any(
        m.kin in ("child", "son", "daughter") for m in household.members(sentence, vocabulary)
    )


def own_birth(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """Return the birth date in a sentence that is not about a child."""
    for start, sentence in sentences(text):
        if _of_child(sentence, vocabulary):
            continue
        answer = day_beside(lambda w: w.born, ahead=False)(field, sentence, vocabulary, today)
        if answer:
            return replace(answer, start=start + answer.start, end=start + answer.end)
    return None
