"""The rules of やさしい日本語: readings over kanji, short sentences, no hard turns of phrase.

The limits stand in ``easy_japanese.yaml``. They follow the guideline for
residents' support of the Immigration Services Agency and the Agency for Cultural
Affairs (在留支援のためのやさしい日本語ガイドライン, 2020).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from knowledge.article import Localization
from knowledge.ruby import RUBY, strip
from knowledge.translations import PLACEHOLDER

LANG = "ja-x-easy"

_KANJI = re.compile(r"[\u3400-\u9fff々]")
_ASIDE = re.compile(r"（[^）]*）|\s")

Rule = Literal["reading", "long", "mean", "avoided"]


@dataclass(frozen=True, slots=True)
class Hardness:
    """One rule that a text breaks, and where: the kanji, the sentence, the words."""

    rule: Rule
    words: str


def hardness(text: Localization) -> list[Hardness]:
    """Return what makes `text` hard to read.

    Questions are what people type, so only their kanji and words count. What stands in
    brackets is not counted in the length of a sentence.
    """
    limits = _limits()
    found = []
    words = PLACEHOLDER.sub(" ", " \n ".join(text.texts()))
    kanji = len(_KANJI.findall(strip(words)))
    bare = _KANJI.findall(RUBY.sub("", words))
    if kanji and len(bare) / kanji > limits["without_reading"]:
        found.append(Hardness("reading", "".join(dict.fromkeys(bare))))
    sentences = _sentences(text)
    found += [Hardness("long", one) for one in sentences if len(one) > limits["longest_sentence"]]
    if sentences:
        mean = sum(map(len, sentences)) / len(sentences)
        if mean > limits["mean_sentence"]:
            found.append(Hardness("mean", f"{mean:.0f}"))
    found += [Hardness("avoided", turn) for turn in limits["avoided"] if turn in words]
    return found


def _sentences(text: Localization) -> list[str]:
    asked = set(text.questions)
    body = " \n ".join(strip(words) for words in text.texts() if words not in asked)
    parts = re.split(r"[。\n]", PLACEHOLDER.sub("", body))
    return [one for part in parts if (one := _ASIDE.sub("", part))]


@cache
def _limits() -> dict[str, Any]:
    file = resources.files("knowledge").joinpath("easy_japanese.yaml")
    limits: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return limits
