"""Whether a sentence that a model wrote may be shown: a list of reasons against it.

The check knows the cited text, and believes only that. It is deterministic: the
same sentence and source give the same verdict.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import yaml

from assistant.language import identify
from knowledge.claims_comparison import figures_apart, missing_conditions
from knowledge.claims_denial import denials
from knowledge.claims_things import misplaced
from knowledge.polarity import limits_the_last
from knowledge.sentence_alignment import Alignment

GROUNDED = 0.6
"""The least share of a sentence's letter triples (pairs where words are not spaced) that
stand in one sentence of the source or two that follow each other; below it, the
sentence speaks of something else."""

_MARKUP = re.compile(r"<[^>]{0,200}>?|\[[^\]]*\]\(|https?:|www\.|\S+@\S+|```|\{\{|\}\}|<\|")


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
        if any(figures_apart(folded, self.source, self.lang)) or any(
            misplaced(folded, self._aligned)
        ):
            found.append("figure")
        if _MARKUP.search(folded) or any(unicodedata.category(ch) in ("Cf", "Co") for ch in folded):
            found.append("markup")
        if leaks(folded, self.orders):
            found.append("orders")
        if promises().search(folded):
            found.append("promise")
        first, number, share = self._aligned.nearest(folded)
        if share < GROUNDED:
            found.append("ungrounded")
        elif self._loses(folded, " ".join(self._aligned.sentences[first : first + number])):
            found.append("condition")
        if not found and not in_language(folded, self.lang):
            found.append("language")
        return found

    def completed(self, kept: Sequence[str]) -> list[str]:
        """Return `kept` with the sentences of the source put back that limit one of them.

        「ただし、…」 stands in the source after the sentence it limits; a draft that ends
        before it has said too much.
        """
        if not kept:
            return []
        missing = missing_conditions(" ".join(kept), self._aligned)
        return [*kept, *(one for one in missing if limits_the_last(one, self.lang))]

    @cached_property
    def _aligned(self) -> Alignment:
        return Alignment(self.source, self.lang)

    def _loses(self, sentence: str, nearest: str) -> bool:
        """Say whether one of the two has a condition or a "not" that the other lacks."""
        if any(denials(sentence, self._aligned)):
            return True
        pattern = _conditions(self.lang)
        if pattern and bool(pattern.search(nearest)) != bool(pattern.search(sentence)):
            return True
        lost = missing_conditions(sentence, self._aligned)
        return any(not limits_the_last(one, self.lang) for one in lost)


def in_language(sentence: str, lang: str) -> bool:
    """Say whether `sentence` reads as one in `lang`; やさしい日本語 is Japanese."""
    wanted = "ja" if lang == "ja-x-easy" else lang
    found = identify(sentence, hint=wanted)
    return ("ja" if found == "ja-x-easy" else found) == wanted


def leaks(sentence: str, orders: str) -> bool:
    """Twenty letters in a row that stand in the orders but are no words of an article."""
    squeezed = re.sub(r"\s+", "", sentence.casefold())
    known = re.sub(r"\s+", "", orders.casefold())
    return any(squeezed[at : at + 20] in known for at in range(max(0, len(squeezed) - 19)))


@cache
def _content() -> dict[str, Any]:
    text = resources.files("assistant").joinpath("drafting.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def promises() -> re.Pattern[str]:
    """Return the words by which somebody promises something in the city's name."""
    words = [word for words in _content()["promises"].values() for word in words]
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def _conditions(lang: str) -> re.Pattern[str] | None:
    words = _content()["conditions"].get("ja" if lang == "ja-x-easy" else lang)
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def orders() -> str:
    """Return what a model is told to do."""
    return str(_content()["orders"])
