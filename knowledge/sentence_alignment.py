"""Which sentence of a source another was made from, by the letters and figures they share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from knowledge.claims import Value, values
from knowledge.claims_sameness import same

FIGURES = 0.4
"""What sharing all figures weighs, beside 2 for sharing all letters: other words keep them."""

PAIR = 0.75
"""What of that weight figures have that stand in two sentences taken together."""

_LETTERS = re.compile(r"[^\W\d_]+")
_END = re.compile(
    r"(?<=[。！？!?।])|(?<=[^.\d\s\u0e00-\u0e7f][.])\s+(?=\S)|(?<=\d\.)\s+(?=[^\W\d_a-z])|\n+"
)
_UNSPACED = frozenset({"ja", "ja-x-easy", "zh-Hans", "zh-Hant", "th"})


@dataclass(frozen=True)
class Alignment:
    """The sentences of a source in one language, and which of them is nearest to another."""

    source: str
    lang: str

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the source, in order."""
        return split(self.source)

    @cached_property
    def _known(self) -> list[tuple[int, int, set[str]]]:
        """Every sentence, alone and with the next: first, number, letters."""
        letters = [grams(text, self.lang) for text in self.sentences]
        alone = [(at, 1, one) for at, one in enumerate(letters)]
        return alone + [(at, 2, letters[at] | letters[at + 1]) for at in range(len(letters) - 1)]

    def nearest(self, sentence: str) -> tuple[int, int, float]:
        """Return the first and the number of the nearest sentences (one or two), and a share.

        The share is how much of `sentence` stands in them, 0 to 1.
        """
        wanted = grams(sentence, self.lang)
        if not wanted:
            return 0, 1, 0.0
        figures = values(sentence, self.lang)

        def likeness(one: tuple[int, int, set[str]]) -> float:
            first, number, known = one
            letters = len(wanted & known) * (1 / len(wanted) + 1 / len(known or wanted))
            if not figures:
                return letters
            there = [value for at in range(first, first + number) for value in self._figures[at]]
            shared = sum(any(same(value, other) for other in there) for value in figures)
            # A second sentence is cited for what it adds, not for figures that stand in the first.
            return letters + FIGURES * shared / len(figures) * (1 if number == 1 else PAIR)

        first, number, known = max(self._known, key=likeness)
        return first, number, len(wanted & known) / len(wanted)

    @cached_property
    def _figures(self) -> list[tuple[Value, ...]]:
        return [values(text, self.lang) for text in self.sentences]


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; all of it where it has no end of one."""
    parts = (part.strip() for part in _END.split(text))
    return tuple(part for part in parts if part) or (text,)


def grams(text: str, lang: str) -> set[str]:
    """Return the letter triples of `text`, pairs where words are not told apart by spaces."""
    size = 2 if lang in _UNSPACED else 3
    found = _LETTERS.findall(unicodedata.normalize("NFKC", text).casefold())
    padded = [word if lang in _UNSPACED else f" {word} " for word in found]
    return {word[at : at + size] for word in padded for at in range(max(1, len(word) - size + 1))}


def share(part: str, whole: str, lang: str) -> float:
    """Return how much of the letters of `part` stands in `whole`, 0 to 1."""
    wanted = grams(part, lang)
    return len(wanted & grams(whole, lang)) / len(wanted) if wanted else 1.0
