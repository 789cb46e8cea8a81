"""Questions so broad that several articles fit equally: 「証明書がほしい」, "insurance".

The topics and their choices are the city's own (``broad_topics.yaml``); the words
of wanting and asking around them stand in `assistant/fillers.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from assistant.phrases import fold
from knowledge.article import languages

DEEPEST = 8
"""How many words of wanting are taken off one after another."""


def broad_topic(question: str, lang: str, topics: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the slugs to choose from where `question` is nothing but a broad topic.

    `topics` maps a name to ``{"slugs": [...], "names": [regular expressions]}``.
    Empty where the question says more, or something else.
    """
    text = "".join(
        ch if unicodedata.category(ch)[0] in "LMN" or ch == "'" else " " for ch in fold(question)
    )
    bare = " ".join(text.split())
    names = {topic: _names(tuple(entry["names"])) for topic, entry in topics.items()}
    for candidate in _stripped(bare, lang):
        for topic, pattern in names.items():
            if pattern.fullmatch(candidate):
                return tuple(topics[topic]["slugs"])
    return ()


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{fold(name)})" for name in names))


@cache
def _fillers() -> dict[str, re.Pattern[str]]:
    text = resources.files("assistant").joinpath("fillers.yaml").read_text(encoding="utf-8")
    return {
        lang: re.compile("|".join(f"(?:{phrase})" for phrase in phrases))
        for lang, phrases in yaml.safe_load(text).items()
    }


def _stripped(text: str, lang: str) -> list[str]:
    """`text` and what is left of it when fillers are taken off its ends."""
    filler = _fillers().get(lang)
    if filler is None:
        return [text]
    if languages()[lang].script == "words":
        rest = " ".join(word for word in text.split() if not filler.fullmatch(word))
        return [text, rest]
    found = {text: None}
    edge = [text]
    for _ in range(DEEPEST):
        edge = [
            shorter
            for longer in edge
            for shorter in _shorter(longer, filler)
            if shorter and shorter not in found
        ]
        found.update(dict.fromkeys(edge))
    return list(found)


def _shorter(text: str, filler: re.Pattern[str]) -> set[str]:
    """What is left when one filler is taken off the start or the end."""
    cuts = {text[match.end() :] for start in (0,) if (match := filler.match(text, start))}
    for start in range(len(text)):
        if filler.fullmatch(text, start):
            cuts.add(text[:start])
    return {cut.strip() for cut in cuts}
