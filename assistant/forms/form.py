"""A form as data: its fields, what each may hold, when it is asked, and where it is printed.

The files are `definitions/FORM.yaml` and, for what several forms share,
`fields.yaml`. A field there names its kind; the reading of each kind is in
`filling.py`, its checks in `checks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

Kind = Literal[
    "name", "kana", "date", "telephone", "postal_code", "address", "people", "choice",
    "count", "text", "my_number", "items",
]  # fmt: skip
"""What a field holds.

``name``: a person's name; ``kana``: its reading in katakana; ``date``: an ISO 8601
day; ``people``: members of a household, each by kinship; ``count``: a whole number;
``items``: things and how many; ``my_number``: twelve digits that staff type and
that are never taken from what was said; the rest are text.
"""

KINDS = frozenset(get_args(Kind))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice, its labels by language, and the words that mean it.

    `words` mean it whenever they are said, `answers` only right after the question.
    """

    id: str
    label: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `label` and `ask` are texts by language; `heard_as` are the Japanese words by
    which staff ask for it; `when` holds the values other fields must have for this
    one to be asked; `rules` are names of checks in `checks.py`; `gif` is its path
    in the core data parts of the Government Interoperability Framework.
    """

    name: str
    kind: Kind
    label: Mapping[str, str]
    ask: Mapping[str, str]
    heard_as: tuple[str, ...] = ()
    required: bool = True
    choices: tuple[Choice, ...] = ()
    when: Mapping[str, tuple[str, ...]] | None = None
    rules: tuple[str, ...] = ()
    cue: str = ""
    gif: str = ""

    def text(self, of: Mapping[str, str], lang: str) -> str:
        """Return one of the field's texts in `lang`, else in Japanese."""
        return of.get(lang) or of["ja"]


@dataclass(frozen=True, slots=True)
class Form:
    """One application form of the city; `imprint` labels its place for a seal, if it has one."""

    id: str
    slug: str
    title: Mapping[str, str]
    addressee: str
    fields: tuple[Field, ...]
    statement: str
    office_use: tuple[str, ...]
    imprint: str = ""

    def field(self, name: str) -> Field:
        """Return the field `name`; KeyError where the form has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def asked(self, values: Mapping[str, object]) -> list[Field]:
        """Return the fields that apply, given the values known so far."""
        return [field for field in self.fields if _applies(field, values)]


def _applies(field: Field, values: Mapping[str, object]) -> bool:
    if not field.when:
        return True
    return all(values.get(name) in allowed for name, allowed in field.when.items())


@cache
def forms() -> Mapping[str, Form]:
    """Return every form by its id; ValueError for a definition that contradicts itself."""
    folder = resources.files("assistant.forms")
    shared = yaml.safe_load(folder.joinpath("fields.yaml").read_text(encoding="utf-8"))
    found = {}
    for entry in sorted(folder.joinpath("definitions").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            content = yaml.safe_load(entry.read_text(encoding="utf-8"))
            form = _form(entry.name.removesuffix(".yaml"), content, shared)
            found[form.id] = form
    return found


def _form(id_: str, content: dict[str, Any], shared: dict[str, Any]) -> Form:
    fields = tuple(_field(name, own or {}, shared) for name, own in content["fields"].items())
    names = {field.name for field in fields}
    for field in fields:
        if missing := set(field.when or {}) - names:
            raise ValueError(f"{id_}.{field.name} depends on {sorted(missing)}, which is no field")
    return Form(
        id=id_,
        slug=content["article"],
        title=content["title"],
        addressee=content["addressee"],
        fields=fields,
        statement=content.get("statement", ""),
        office_use=tuple(content.get("office_use", ())),
        imprint=content.get("imprint", ""),
    )


def _by_lang(words: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(forms) for lang, forms in words.items()}


def _field(name: str, own: dict[str, Any], shared: dict[str, Any]) -> Field:
    entry = {**shared.get(own.get("like", name), {}), **own}
    if entry["kind"] not in KINDS:
        raise ValueError(f"the field {name} is of no known kind: {entry['kind']}")
    return Field(
        name=name,
        kind=entry["kind"],
        label=entry["label"],
        ask=entry["ask"],
        heard_as=tuple(entry.get("heard_as", ())),
        required=bool(entry.get("required", True)),
        choices=tuple(
            Choice(id_, c["label"], _by_lang(c["words"]), _by_lang(c.get("answers", {})))
            for id_, c in entry.get("choices", {}).items()
        ),
        when={
            other: tuple(v if isinstance(v, list) else [v])
            for other, v in entry.get("when", {}).items()
        }
        or None,
        rules=tuple(entry.get("rules", ())),
        cue=entry.get("cue", ""),
        gif=entry.get("gif", ""),
    )
