"""Which terms an utterance may hold, by the sound of what was heard first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from speech.lexicon import Lexicon, Term

CHOSEN = 10
"""Terms in a prompt. The terms said are among the first ten practically always; twenty
push the others out of the decoder's sight."""

LENGTH_WEIGHT, LONG = 1.5, 16
"""A long term that sounds alike is a surer find than a short one; in phonemes."""

TOO_LONG = 1.2
"""A term longer than this many times what was heard cannot have been said."""


def chosen(lexicon: Lexicon, heard: Sequence[str], count: int = CHOSEN) -> tuple[Term, ...]:
    """Return the terms nearest to any of the phoneme strings in `heard`, the nearest first.

    A term's score is its best partial ratio (0 to 100), more for a long one and for
    one of many articles. One that is part of a better one is left out: the decoder
    sees it there.
    """
    strings = [string for string in heard if string]
    if not strings or not lexicon.terms:
        return ()
    ratios = process.cdist(lexicon.phonemes, strings, scorer=fuzz.partial_ratio).max(axis=1)
    limit = TOO_LONG * max(map(len, strings))
    lengths = np.array([len(sound) for sound in lexicon.phonemes])
    frequencies = np.array([term.frequency for term in lexicon.terms])
    scores = ratios + LENGTH_WEIGHT * np.minimum(lengths, LONG) + np.log(frequencies)
    scores[lengths > limit] = -np.inf
    found: list[Term] = []
    for number in np.argsort(-scores, kind="stable"):
        term = lexicon.terms[number]
        if not np.isfinite(scores[number]) or len(found) == count:
            break
        if not any(term.surface in other.surface for other in found):
            found.append(term)
    return tuple(found)
