"""Fills a form from a conversation: every value with the words it rests on.

Two readings, and no guess: what a person says right after being asked for a field
is read as that field's kind; beside that, only what stands in the pattern of a cue
(`my name is …`, a day in a sentence about moving) is taken. What is not said stays
empty. Staff confirm each value; a confirmed one is never touched again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.forms.answered import Answered
from assistant.forms.answers import names_themselves, volunteered
from assistant.forms.form import Field, Form
from assistant.forms.heard import heard_answer, misheard, verified
from assistant.forms.words import normal

_NUMBERED = frozenset({"count", "people", "items"})

SPOKEN = 0.8
"""What the confidence of a value that was heard, not typed, is multiplied by."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing a resident said: its language, and the field asked for just before.

    `kana` is what was heard as kana, of Japanese that was spoken.
    """

    text: str
    lang: str
    asked: str | None = None
    spoken: bool = False
    kana: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a field, and why.

    `value` is JSON: text (days as ISO 8601), a number, or a list of objects.
    `utterance` is the index of what it rests on, `words` the words themselves.
    `notes` name what staff should look at, such as ``year_not_said``.
    """

    field: str
    value: object
    utterance: int
    words: str
    confidence: float
    notes: tuple[str, ...] = ()


def fill(
    form: Form,
    utterances: Sequence[Utterance],
    today: date,
    confirmed: Collection[str] = (),
) -> dict[str, Proposal]:
    """Return what `utterances` say for the fields of `form` that are not `confirmed`.

    The answer to a question replaces what was found before; what was said beside
    it only fills what is still empty.
    """
    found: dict[str, Proposal] = {}
    themselves: list[tuple[Field, int, Utterance]] = []
    for index, utterance in enumerate(utterances):
        asked = _asked(form, utterance)
        text = normal(utterance.text)
        if utterance.spoken and asked and asked.kind in _NUMBERED:
            text = misheard(text, utterance.lang)
        spoken = replace(utterance, text=text)
        if asked and _of_another(found):  # 父は昭和25年…: the answer is about whom they act for
            asked = replace(asked, cue="")
        answer = (
            heard_answer(asked, spoken.text, spoken.kana, spoken.lang, today) if asked else None
        )
        if asked and not asked.cue and names_themselves(asked, spoken.text, spoken.lang):
            themselves.append((asked, index, spoken))
        if asked and answer and asked.name not in confirmed:
            found[asked.name] = _proposal(asked, answer, index, spoken)
        for field in form.fields:
            if (
                (asked and field.name == asked.name)
                or field.name in found
                or field.name in confirmed
            ):
                continue
            if (beside := volunteered(field, spoken.text, spoken.lang, today)) is not None:
                if asked and answer and _overlap(beside, answer):
                    continue
                if field.kind == "name" and spoken.kana and not verified(beside, spoken.kana):
                    continue
                found[field.name] = _proposal(field, beside, index, spoken)
    for field, index, spoken in themselves:
        if "name" in found and field.name not in found and field.name not in confirmed:
            answer = Answered(found["name"].value, 0, len(spoken.text), 0.85)
            found[field.name] = _proposal(field, answer, index, spoken)
    return found


def asked_field(form: Form, said: str) -> str | None:
    """Return the field that staff ask for by `said`, in Japanese, or None.

    Among several the one with the longest words wins: 新しい住所 before 住所.
    """
    text = normal(said)
    hits = [
        (len(words), -position, field.name)
        for position, field in enumerate(form.fields)
        for words in field.heard_as
        if words in text
    ]
    return max(hits)[2] if hits else None


def _of_another(found: Mapping[str, Proposal]) -> bool:
    return "applicant" in found and found["applicant"].value == "agent"


def _asked(form: Form, utterance: Utterance) -> Field | None:
    if utterance.asked is None:
        return None
    try:
        return form.field(utterance.asked)
    except KeyError:
        return None


def _overlap(one: Answered, other: Answered) -> bool:
    return one.start < other.end and other.start < one.end


def _proposal(field: Field, answer: Answered, index: int, utterance: Utterance) -> Proposal:
    notes = answer.notes
    confidence = answer.confidence
    if utterance.spoken:
        confidence *= SPOKEN
        if field.kind in ("name", "address", "text") and re.search("[一-龯]", str(answer.value)):
            notes = (*notes, "characters_heard")
    return Proposal(
        field.name,
        answer.value,
        index,
        utterance.text[answer.start : answer.end].strip(),
        round(confidence, 2),
        notes,
    )


def values(proposals: Mapping[str, Proposal]) -> dict[str, object]:
    """Return just the values by field."""
    return {name: proposal.value for name, proposal in proposals.items()}
