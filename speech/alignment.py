"""A text beside what was heard as kana: which sounds belong to which of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from speech.lexicon import Readings, Word
from speech.sounds import sounds

_LONG_U = re.compile(r"yuu|(?<=[SJC])uu")


@dataclass(frozen=True)
class Spoken:
    """A text as words, and the phonemes of each; `starts` has one more than there are words."""

    words: tuple[Word, ...]
    phonemes: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, readings: Readings) -> Spoken:
        """Return how `text` is spoken."""
        words = tuple(readings(text))
        pieces = [sounds(word.reading) for word in words]
        return cls(words, "".join(pieces), (0, *accumulate(map(len, pieces))))

    def text(self, first: int, last: int) -> str:
        """Return the words from `first` to before `last` as text."""
        return "".join(word.surface for word in self.words[first:last])

    def said(self, first: int, last: int) -> str:
        """Return the phonemes of the words from `first` to before `last`."""
        return self.phonemes[self.starts[first] : self.starts[last]]


def places(source: str, target: str) -> list[int]:
    """Return for each place of `source`, its end too, the place of `target` it is aligned with.

    The alignment is one of the fewest edits.
    """
    found = [0] * (len(source) + 1)
    for block in Levenshtein.opcodes(source, target):
        size, other = block.src_end - block.src_start, block.dest_end - block.dest_start
        for step in range(size):
            found[block.src_start + step] = block.dest_start + min(step, other)
    found[len(source)] = len(target)
    return found


def likeness(one: str, other: str) -> float:
    """Return 1 for the same sounds, 0 for sounds with nothing in common."""
    return max(_likeness(one, other), _likeness(folded(one), folded(other)))


def _likeness(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return 1 - Levenshtein.distance(one, other) / longest if longest else 1.0


def folded(phonemes: str) -> str:
    """Return phonemes with what Whisper writes in two ways in one: でにう is でんにゅう's にゅう.

    >>> folded("deniu") == folded("denyuu")
    True
    """
    return _LONG_U.sub("iu", phonemes)


def boundaries(pieces: Sequence[str]) -> list[int]:
    """Return where each piece begins in the text that they make, and where the last ends."""
    return [0, *accumulate(map(len, pieces))]
