"""Whether a sentence that a model wrote may be shown: a list of reasons against it.

The check knows the cited text, and believes only that. It is deterministic: the
same sentence and source give the same verdict.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from typing import Any

import yaml

from assistant.language import identify
from knowledge.figures import figures

GROUNDED = 0.6
"""The least share of a sentence's letter triples (pairs where words are not spaced) that
stand in one sentence of the source or two that follow each other; below it, the
sentence speaks of something else."""

_MARKUP = re.compile(r"<[^>]{0,200}>?|\[[^\]]*\]\(|https?:|www\.|\S+@\S+|```|\{\{|\}\}|<\|")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNSPACED = frozenset({"ja", "ja-x-easy", "zh-Hans", "zh-Hant", "th"})


@dataclass(frozen=True)
class Check:
    """The check of the sentences of one draft against one cited text."""

    source: str
    orders: str
    lang: str

    def __call__(self, sentence: str) -> bool:
        """Say whether `sentence` may be shown."""
        return not self.reasons(sentence)

    def reasons(self, sentence: str) -> list[str]:
        """Return why `sentence` may not be shown; nothing where it may."""
        folded = unicodedata.normalize("NFKC", sentence)
        found = []
        if figures(folded) - self._figures:
            found.append("figure")
        if _MARKUP.search(folded) or any(unicodedata.category(ch) in ("Cf", "Co") for ch in folded):
            found.append("markup")
        if _leaks(folded, self.orders):
            found.append("orders")
        if _promises().search(folded):
            found.append("promise")
        nearest, share = self._nearest(folded)
        if share < GROUNDED:
            found.append("ungrounded")
        elif self._loses(folded, nearest):
            found.append("condition")
        if not found and not _same_language(folded, self.lang):
            found.append("language")
        return found

    @cached_property
    def _figures(self) -> set[str]:
        return figures(self.source)

    @cached_property
    def _sentences(self) -> list[tuple[str, set[str]]]:
        """Every sentence of the source, alone and with the next, with its letters."""
        lines = _split(self.source)
        pairs = [f"{one} {other}" for one, other in pairwise(lines)]
        return [(text, _grams(text, self.lang)) for text in (*lines, *pairs)]

    def _nearest(self, sentence: str) -> tuple[str, float]:
        """The sentence of the source that holds most of this one, and how much of it."""
        grams = _grams(sentence, self.lang)
        if not grams:
            return "", 0.0
        text, known = max(
            self._sentences,
            key=lambda one: len(grams & one[1]) * (1 / len(grams) + 1 / len(one[1] or grams)),
        )
        return text, len(grams & known) / len(grams)

    def _loses(self, sentence: str, nearest: str) -> bool:
        """Say whether one of the two has a condition or a "not" that the other lacks."""
        for kind in ("conditions", "negations"):
            pattern = _by_language(kind, self.lang)
            if pattern and bool(pattern.search(nearest)) != bool(pattern.search(sentence)):
                return True
        return False


def _split(source: str) -> list[str]:
    parts = re.split(r"(?<=[。！？!?।])|(?<=\.)\s+|\n+", source)
    return [part.strip() for part in parts if part.strip()] or [source]


def _same_language(sentence: str, lang: str) -> bool:
    wanted = "ja" if lang == "ja-x-easy" else lang
    found = identify(sentence, hint=wanted)
    return ("ja" if found == "ja-x-easy" else found) == wanted


def _leaks(sentence: str, orders: str) -> bool:
    """Twenty letters in a row that stand in the orders but are no words of an article."""
    squeezed = re.sub(r"\s+", "", sentence.casefold())
    known = re.sub(r"\s+", "", orders.casefold())
    return any(squeezed[at : at + 20] in known for at in range(max(0, len(squeezed) - 19)))


def _grams(text: str, lang: str) -> set[str]:
    size = 2 if lang in _UNSPACED else 3
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text).casefold())
    padded = [word if lang in _UNSPACED else f" {word} " for word in words]
    return {word[at : at + size] for word in padded for at in range(max(1, len(word) - size + 1))}


@cache
def _content() -> dict[str, Any]:
    text = resources.files("assistant").joinpath("drafting.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def _promises() -> re.Pattern[str]:
    words = [word for words in _content()["promises"].values() for word in words]
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def _by_language(kind: str, lang: str) -> re.Pattern[str] | None:
    words = _content()[kind].get("ja" if lang == "ja-x-easy" else lang)
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def orders() -> str:
    """Return what a model is told to do."""
    return str(_content()["orders"])
