"""Which words of the prompted text are taken, by what was heard without a prompt.

A prompt makes the decoder write its terms, said or not. What was said is known twice
without it: as the first text, and as kana. The two texts are compared piece by
piece where both have a boundary between words; a piece of the prompted text is
taken where it sounds like the kana at that place at least as well as the first one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from speech.alignment import Spoken, likeness, places
from speech.lexicon import Lexicon, Readings
from speech.sounds import sounds
from speech.term_choice import TOO_LONG

LIKE_KANA, LIKE_FIRST = 85.0, 88.0
"""Partial ratio (0 to 100) to the kana, or to the first text, that a term has to have which
only the prompted text holds. On synthesised questions terms that were not said had 83 and
86 at most, and of those said 98 in 100 had more."""

ALIKE = 0.8
"""Likeness of the two pieces from which on they are two spellings of one sound."""


def accepted(first: str, second: str, kana: str, lexicon: Lexicon, readings: Readings) -> str:
    """Return the prompted text `second` with the pieces of `first` where it is not borne out."""
    heard = sounds(kana)
    if not heard or not first or first == second:
        return second or first
    old, new = Spoken.of(first, readings), Spoken.of(second, readings)
    unsaid = {
        term
        for term in set(lexicon.found(second)) - set(lexicon.found(first))
        if not _said(lexicon.sound(term), heard, old.phonemes)
    }
    text = ""
    for piece in _pieces(old, new, heard):
        text += piece.new if _borne_out(piece, unsaid) else piece.old
    # A term may stand across two pieces.
    return first if unsaid & set(lexicon.found(text)) else text


class _Piece(NamedTuple):
    """A stretch between two boundaries: both texts, and the phonemes of all three."""

    old: str
    new: str
    old_sound: str
    new_sound: str
    heard: str


def _said(sound: str, heard: str, first: str) -> bool:
    if len(sound) > TOO_LONG * max(len(heard), len(first)):
        return False
    return (
        fuzz.partial_ratio(sound, heard) >= LIKE_KANA
        or fuzz.partial_ratio(sound, first) >= LIKE_FIRST
    )


def _borne_out(piece: _Piece, unsaid: set[str]) -> bool:
    if piece.new == piece.old:
        return True
    if any(term in piece.new for term in unsaid):
        return False
    if likeness(piece.new_sound, piece.old_sound) >= ALIKE:
        return True
    return likeness(piece.new_sound, piece.heard) >= likeness(piece.old_sound, piece.heard)


def _pieces(old: Spoken, new: Spoken, heard: str) -> Iterator[_Piece]:
    """Both texts between the places that both have a boundary at."""
    old_at, new_at = _boundaries(old, heard), _boundaries(new, heard)
    common = sorted(set(old_at) & set(new_at))
    for start, end in pairwise(common):
        before = old_at[start], old_at[end]
        after = new_at[start], new_at[end]
        yield _Piece(
            old.text(*before),
            new.text(*after),
            old.said(*before),
            new.said(*after),
            heard[start:end],
        )


def _boundaries(spoken: Spoken, heard: str) -> dict[int, int]:
    """Places in what was heard at which a word begins, with the number of that word.

    Of several words at one place the last counts, so that signs, which have no
    sound, stay with the word before them.
    """
    place = places(spoken.phonemes, heard)
    found = {place[start]: number for number, start in enumerate(spoken.starts)}
    found[0] = 0
    found[len(heard)] = len(spoken.words)
    return found
