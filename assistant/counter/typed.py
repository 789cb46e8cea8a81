"""What staff typed into a field, or confirmed, as the value that the form keeps."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from assistant.forms.answers import answer_to
from assistant.forms.form import Field
from knowledge.japanese import katakana

LONGEST = 300
"""Characters of a typed text."""

LISTED = {"people": ("kin", "count"), "items": ("item", "count")}
"""What each entry of a list has, by kind."""


class NotUnderstood(ValueError):
    """What was typed is no value of the field's kind."""


def typed(field: Field, value: object, today: date) -> object:
    """Return `value` as the field's kind has it; raises `NotUnderstood`.

    A value that already has the right shape passes as it is; a text is read as the
    answer of somebody who was asked for the field in Japanese, so that 昭和60年3月10日
    is a day and 妻と子2人 are people.
    """
    if field.kind in LISTED:
        return _listed(field, value, today)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if len(text) > LONGEST:
        raise NotUnderstood(field.kind)
    if field.kind == "date":
        return _date(field, text, today)
    if field.kind == "count":
        return int(text) if re.fullmatch(r"\d{1,4}", text) else _read(field, text, today)
    if field.kind == "choice":
        known = {choice.id for choice in field.choices}
        return text if text in known else _read(field, text, today)
    if field.kind == "my_number":
        digits = re.sub(r"\D", "", text)
        if len(digits) != 12:
            raise NotUnderstood(field.kind)
        return digits
    if field.kind == "kana":
        return katakana(text)
    if field.kind in ("telephone", "postal_code"):
        return _read(field, text, today)
    # Names keep the characters they were typed in: 﨑 is not 崎 to its bearer.
    return unicodedata.normalize("NFC", str(value)).strip()


def _date(field: Field, text: str, today: date) -> object:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return _read(field, text, today)


def _listed(field: Field, value: object, today: date) -> object:
    if isinstance(value, str):
        return _read(field, unicodedata.normalize("NFKC", value).strip(), today)
    name, count = LISTED[field.kind]
    if not isinstance(value, list) or len(value) > 50:
        raise NotUnderstood(field.kind)
    for entry in value:
        right = isinstance(entry, dict) and set(entry) == {name, count}
        if not right or not isinstance(entry[name], str) or not isinstance(entry[count], int):
            raise NotUnderstood(field.kind)
    return value


def _read(field: Field, text: str, today: date) -> object:
    answer = answer_to(field, text, "ja", today)
    if answer is None:
        raise NotUnderstood(field.kind)
    return answer.value
