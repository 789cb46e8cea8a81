"""Replies that are not from an article, by language, from `assistant/replies/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies of one language."""

    lang: str
    texts: dict[str, Any]

    def __call__(self, key: str, **values: object) -> str:
        """Return the reply at `key` (dots go into mappings), with `{name}` filled in.

        `{{city values}}` are left for `City.render`. A missing key is an error
        of the program, not of the reader: KeyError.
        """
        entry: Any = self.texts
        for part in key.split("."):
            entry = entry[part]
        text = str(entry).strip()
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def keys(self, key: str) -> tuple[str, ...]:
        """Return the names under a mapping such as `fact_labels`."""
        return tuple(self.texts[key])


_KEYS = {
    "empty": "empty_question",
    "too-long": "too_long_question",
    "unreadable": "unreadable_question",
    "person": "handoff",
    "manipulation": "refuse_manipulation",
    "thanks": "thanks_reply",
}
"""The keys of replies whose block has another name than they."""


def reply_of(kind: str, status: str, lang: str) -> str:
    """Return the words of a `ReplyBlock` of `kind` in another language; KeyError if none.

    `status` is that of its answer: the police are called in an emergency and are
    elsewhere else.

    >>> reply_of("ambulance", "emergency", "en").splitlines()[0]
    'Call 119 now and say "Ambulance" (kyukyu desu).'
    """
    group = "emergency" if status == "emergency" else "abstain_elsewhere"
    say = replies(lang)
    if kind in say.keys(group):
        return say(f"{group}.{kind}")
    return say(_KEYS.get(kind, kind))


@cache
def replies(lang: str) -> Replies:
    """Return the replies of `lang`; languages without a file read English."""
    folder = resources.files("assistant").joinpath("replies")
    entry = folder.joinpath(f"{lang}.yaml")
    if not entry.is_file():
        entry = folder.joinpath("en.yaml")
    return Replies(lang, yaml.safe_load(entry.read_text(encoding="utf-8")))
