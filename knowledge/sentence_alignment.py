"""Which sentence of a source another sentence was made from, by the letters they share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

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
        first, number, known = max(
            self._known,
            key=lambda one: len(wanted & one[2]) * (1 / len(wanted) + 1 / len(one[2] or wanted)),
        )
        return first, number, len(wanted & known) / len(wanted)


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
