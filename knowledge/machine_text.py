"""What a machine wrote into a draft, and what of it no person has looked at yet.

Each text is known by its field and its words. As soon as a person changes the
words they are that person's; until then, or until a person says that they are
right, the draft cannot be handed in, approved or published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge.article import Article, Localization
from knowledge.article_json import article_from_json, article_to_json
from knowledge.errors import MachineUnconfirmed


@dataclass(frozen=True, slots=True)
class MachineText:
    """One field as a model wrote it; `field` is a name of `fields_of`.

    With a `reason` the model's words were not taken, and `detail` names the figure or
    the term that was wrong: the field was left empty, or, the heading of a section,
    holds the Japanese one as its `text`. `checked_by` is who said that the text is
    right, "" as long as nobody did.
    """

    lang: str
    field: str
    text: str
    model: str
    written_at: datetime
    reason: str = ""
    detail: str = ""
    checked_by: str = ""


def fields_of(text: Localization | None) -> dict[str, str]:
    """Return the fields of one language by name, lists as lines: ``fact.fee``, ``text.0``."""
    if text is None:
        return {}
    found = {"title": text.title, "questions": "\n".join(text.questions), "summary": text.summary}
    for name, value in text.facts.items():
        found[f"fact.{name}"] = value if isinstance(value, str) else "\n".join(value)
    found["conditions"] = "\n".join(text.conditions)
    for number, section in enumerate(text.sections):
        found[f"heading.{number}"] = section.heading
        found[f"text.{number}"] = section.text
    return {name: value for name, value in found.items() if value.strip()}


def unconfirmed(article: Article, machine: Iterable[MachineText]) -> list[MachineText]:
    """Return what stands in `article` as a machine wrote it and nobody confirmed."""
    return [one for one in kept(article, machine) if one.text and not one.checked_by]


def kept(article: Article, machine: Iterable[MachineText]) -> tuple[MachineText, ...]:
    """Return what still holds: texts that nobody changed, and reasons for fields still empty."""
    return tuple(one for one in machine if _stands(one, article))


def marks_of(
    text: Localization | None, lang: str, machine: Iterable[MachineText]
) -> dict[str, MachineText]:
    """Return what a machine wrote into each field of one language, or why it wrote nothing."""
    own = [one for one in machine if one.lang == lang]
    fields = fields_of(text)
    found = {
        name: one
        for name, value in fields.items()
        for one in reversed(own)
        if is_of(one, lang, name, value)
    }
    found |= {one.field: one for one in own if not one.text and one.field not in fields}
    return found


def is_of(one: MachineText, lang: str, field: str, value: str) -> bool:
    """Say whether `value`, which stands in a field now, is what the machine wrote."""
    same_kind = one.lang == lang and _kind(one.field) == _kind(field)
    return same_kind and bool(one.text) and _squeezed(one.text) == _squeezed(value)


def draft_content(article: Article, machine: Iterable[MachineText]) -> dict[str, Any]:
    """Return a draft as the store keeps it: the article, and beside it what a machine wrote."""
    content, marks = article_to_json(article), kept(article, machine)
    if not marks:
        return content
    return {**content, "machine": [_to_json(one) for one in marks]}


def machine_of(content: Mapping[str, Any]) -> tuple[MachineText, ...]:
    """Return what a machine wrote into a draft, from what `draft_content` made of it."""
    return tuple(
        MachineText(**{**entry, "written_at": datetime.fromisoformat(entry["written_at"])})
        for entry in content.get("machine", ())
    )


def refuse_unconfirmed(content: dict[str, Any]) -> None:
    """Raise `MachineUnconfirmed` where a machine wrote what nobody has looked at."""
    waiting = unconfirmed(article_from_json(content), machine_of(content))
    if waiting:
        fields = ", ".join(f"{one.lang} {one.field}" for one in waiting)
        raise MachineUnconfirmed(f"A model wrote what nobody has confirmed yet: {fields}.")


def machine_changes(
    before: Iterable[MachineText], content: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Return what the audit log is told: fields written by a machine just now, and confirmed."""
    new = set(machine_of(content)) - set(before)
    told = {
        "machine_written": [one for one in new if one.text and not one.checked_by],
        "machine_confirmed": [one for one in new if one.checked_by],
    }
    return {
        name: sorted(f"{one.lang} {one.field}" for one in marks)
        for name, marks in told.items()
        if marks
    }


def _to_json(one: MachineText) -> dict[str, Any]:
    entry = {name: getattr(one, name) for name in MachineText.__slots__}
    return {**entry, "written_at": one.written_at.isoformat()}


def _stands(one: MachineText, article: Article) -> bool:
    fields = fields_of(article.localizations.get(one.lang))
    if not one.text:
        return one.field not in fields
    return any(is_of(one, one.lang, name, value) for name, value in fields.items())


def _kind(field: str) -> str:
    """The field without the number of its section: sections may change their places."""
    return re.sub(r"(?<=^heading)\.\d+$|(?<=^text)\.\d+$", "", field)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
