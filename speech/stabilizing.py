"""Which words of a partial transcript will hardly change any more.

Two hypotheses in a row agree on a beginning: that much is stable (local
agreement, Liu et al. 2020, "Low-latency sequence-to-sequence speech
recognition"). Letters are compared after NFKC, without punctuation, since a
sentence mark comes and goes; the agreed part is cut back to the end of a word,
which in Japanese only a morphological analysis knows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

WordEnds = Callable[[str], list[int]]
"""Returns the character offsets at which a word of the text ends."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI")


class Stabilized(NamedTuple):
    """A hypothesis in two parts, and what `stable` gained since the last one."""

    stable: str
    unstable: str
    gained: str


class Stabilizer:
    """Follows the hypotheses of one utterance.

    >>> follow = Stabilizer()
    >>> follow.push("I would like")
    Stabilized(stable='', unstable='I would like', gained='')
    >>> follow.push("I would, liken it to")
    Stabilized(stable='I would', unstable=', liken it to', gained='I would')
    """

    def __init__(self, word_ends: WordEnds | None = None) -> None:
        self._word_ends = word_ends or word_ends_by_script
        self._before: list[str] = []
        self._stable = ""
        self._letters: list[str] = []

    def push(self, hypothesis: str) -> Stabilized:
        """Take the newest hypothesis; what was stable stays so, with its newest punctuation."""
        letters, ends = _letters(hypothesis)
        agreed = _common(self._before, letters)
        self._before = letters
        held = len(self._letters)
        if letters[:held] != self._letters:
            # Something stable is now written otherwise: it stays until the final
            # text, and what follows it is found by the nearest spelling.
            rest = _after(self._letters, letters)
            cut = ends[rest - 1] if rest else 0
            return Stabilized(self._stable, hypothesis[cut:], "")
        words = set(self._word_ends(hypothesis))
        count = held
        for n in range(held + 1, agreed + 1):
            whole = n == len(ends) or ends[n] != ends[n - 1]
            if whole and ends[n - 1] in words:
                count = n
        start = ends[held - 1] if held else 0
        cut = ends[count - 1] if count else 0
        self._letters = letters[:count]
        self._stable = hypothesis[:cut]
        return Stabilized(self._stable, hypothesis[cut:], hypothesis[start:cut])


def word_ends_by_script(text: str) -> list[int]:
    """Return where words end: at spaces and signs; in scripts without spaces, at each letter."""
    return [
        end
        for end in range(1, len(text) + 1)
        if end == len(text) or _breaks(text[end - 1], text[end])
    ]


def _breaks(before: str, after: str) -> bool:
    if unicodedata.category(after).startswith("M"):
        return False
    if not (before.isalnum() or unicodedata.category(before).startswith("M")):
        return True
    return not after.isalnum() or _unspaced(before) or _unspaced(after)


def _unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)


def _letters(text: str) -> tuple[list[str], list[int]]:
    """Return the letters that are compared, and where each ends in `text`."""
    letters: list[str] = []
    ends: list[int] = []
    for index, sign in enumerate(text, 1):
        for letter in unicodedata.normalize("NFKC", sign).casefold():
            if unicodedata.category(letter)[0] in "LNM":
                letters.append(letter)
                ends.append(index)
    return letters, ends


def _common(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _after(held: list[str], letters: list[str]) -> int:
    """Return how many of `letters` stand for `held`, by the least number of edits."""
    row = list(range(len(letters) + 1))
    for count, letter in enumerate(held, 1):
        above, row = row, [count]
        for n, other in enumerate(letters, 1):
            row.append(min(above[n - 1] + (letter != other), above[n] + 1, row[n - 1] + 1))
    return min(range(len(row)), key=lambda n: (row[n], abs(n - len(held))))
