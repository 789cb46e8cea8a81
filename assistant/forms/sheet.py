"""A filled form on its way out: the record for the city's own system, and what is printed.

The record follows the core data parts of the Government Interoperability Framework
(政府相互運用性フレームワーク GIF, Digital Agency): each field has a path there, such as
``個人/氏名``; dates are ISO 8601, text is NFC, numbers are JSON numbers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from assistant.forms.form import Field, Form

SCHEMA = "https://schemas.madoguchi.example/form/1"
"""The name of the record's schema; `schema()` returns it."""

KIN = {
    "wife": "妻", "husband": "夫", "son": "子（男）", "daughter": "子（女）", "child": "子",
    "father": "父", "mother": "母", "brother": "兄弟", "sister": "姉妹",
    "grandmother": "祖母", "grandfather": "祖父",
}  # fmt: skip
"""How a member of a household is written on a Japanese form (続柄)."""

_ERAS = (
    ("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)), ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)), ("明治", date(1868, 10, 23)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a printed form: its label and what stands behind it, in Japanese."""

    label: str
    text: str
    confirmed: bool


def record(form: Form, values: Mapping[str, object], filed_on: date) -> dict[str, Any]:
    """Return the filled form as nested JSON by the GIF paths of its fields.

    A field that was not filled is absent: an empty value would say that it is empty.
    """
    found: dict[str, Any] = {
        "$schema": SCHEMA,
        "様式": form.id,
        "様式名": form.title["ja"],
        "届出年月日": filed_on.isoformat(),
    }
    for field in form.asked(values):
        value = values.get(field.name)
        if value is None or value == "":
            continue
        *path, last = (field.gif or field.name).split("/")
        place = found
        for part in path:
            place = place.setdefault(part, {})
        place[last] = _recorded(field, value)
    return found


def _recorded(field: Field, value: object) -> object:
    if field.kind == "people" and isinstance(value, list):
        return [{"続柄": KIN.get(m["kin"], m["kin"]), "人数": m["count"]} for m in value]
    if field.kind == "items" and isinstance(value, list):
        return [{"品名": item["item"], "個数": item["count"]} for item in value]
    if field.kind == "choice":
        return next((c.label["ja"] for c in field.choices if c.id == value), value)
    if field.kind == "address":
        return {"全体": unicodedata.normalize("NFC", str(value))}
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    text = {"type": "string"}
    whole_address = {
        "type": "object",
        "properties": {"全体": text, "郵便番号": text},
    }
    listed = {"type": "array", "items": {"type": "object"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "A filled form, after the GIF core data parts",
        "type": "object",
        "required": ["様式", "様式名", "届出年月日"],
        "properties": {
            "様式": text,
            "様式名": text,
            "届出年月日": {"type": "string", "format": "date"},
            "個人": {
                "type": "object",
                "properties": {
                    "氏名": text,
                    "氏名カナ": text,
                    "生年月日": {"type": "string", "format": "date"},
                    "個人番号": {"type": "string", "pattern": "^\\d{12}$"},
                },
            },
            "住所": whole_address,
            "新住所": whole_address,
            "旧住所": whole_address,
            "連絡先": {"type": "object", "properties": {"電話番号": text}},
            "世帯": {"type": "object", "properties": {"世帯員": listed, "世帯主氏名": text}},
        },
    }


def lines(form: Form, values: Mapping[str, object], confirmed: frozenset[str]) -> list[Line]:
    """Return the printed lines of the form; what was not said is left empty to write by hand."""
    return [
        Line(field.label["ja"], written(field, values.get(field.name)), field.name in confirmed)
        for field in form.asked(values)
    ]


def written(field: Field, value: object) -> str:
    """Return a value as it is written on a Japanese form; empty for none."""
    if value is None:
        return ""
    if field.kind == "date":
        return in_era(date.fromisoformat(str(value)))
    if field.kind == "my_number":
        return " ".join(re.findall(r".{1,4}", str(value)))
    if field.kind == "people" and isinstance(value, list):
        return "、".join(f"{KIN.get(m['kin'], m['kin'])} {m['count']}人" for m in value) or "なし"
    if field.kind == "items" and isinstance(value, list):
        return "、".join(f"{item['item']} {item['count']}点" for item in value)
    if field.kind == "choice":
        return next((c.label["ja"] for c in field.choices if c.id == value), str(value))
    return str(value)


def in_era(day: date) -> str:
    """Return a day with its Japanese era beside the western year.

    >>> in_era(date(1985, 3, 10))
    '昭和60年（1985年）3月10日'
    """
    for era, first in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            counted = "元" if year == 1 else str(year)
            return f"{era}{counted}年（{day.year}年）{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def qr_svg(content: Mapping[str, Any]) -> str:
    """Return the record as a QR code (JSON in UTF-8, error correction L), an inline SVG.

    ValueError where the record is too long for one code (2,953 bytes).
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    try:
        code = segno.make_qr(text, error="l", encoding="utf-8")
    except segno.encoder.DataOverflowError as error:
        raise ValueError("the form is too long for one QR code") from error
    return str(code.svg_inline(scale=2, border=4, omitsize=True))
