"""Sentences of the counter with an official wording in every language, by task.

The files are `phrasebook/LANG.yaml`, all with the same ids; `phrasebook/tasks.yaml`
puts the ids into tasks, in the order in which a counter needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from knowledge.ruby import strip


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence: its task, and its wording by language (markup may carry ruby)."""

    id: str
    task: str
    words: Mapping[str, str]

    def text(self, lang: str) -> str:
        """Return the sentence in `lang` without ruby, else in Japanese."""
        return strip(self.words.get(lang) or self.words["ja"])


@cache
def phrasebook() -> Mapping[str, Phrase]:
    """Return every phrase by id, task by task."""
    folder = resources.files("assistant.counter").joinpath("phrasebook")
    words: dict[str, dict[str, str]] = {}
    tasks: dict[str, list[str]] = {}
    for entry in folder.iterdir():
        content: dict[str, Any] = yaml.safe_load(entry.read_text(encoding="utf-8"))
        if entry.name == "tasks.yaml":
            tasks = content
        elif entry.name.endswith(".yaml"):
            words[entry.name.removesuffix(".yaml")] = content
    return {
        id_: Phrase(id_, task, {lang: texts[id_] for lang, texts in words.items() if id_ in texts})
        for task, ids in tasks.items()
        for id_ in ids
    }


def phrase(id_: str) -> Phrase | None:
    """Return one phrase, or None where there is none."""
    return phrasebook().get(id_)
