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

from speech.alignment import Spoken, boundaries, folded, likeness, places
from speech.lexicon import Lexicon, Readings
from speech.sounds import sounds
from speech.term_choice import TOO_LONG

LIKE_KANA, LIKE_FIRST = 85.0, 88.0
"""Partial ratio (0 to 100) to the kana, or to the first text, that a term has to have which
only the prompted text holds. On synthesised questions terms that were not said had 83 and
86 at most, and of those said 98 in 100 had more."""

SHORT, LONG = 6, 10
"""Phonemes. A term of fewer than `SHORT` has to be there as it is: one sound less (消費 in
しょういち) is another word. One of `LONG` or more is found at `LIKE_LONG` already."""

LIKE_LONG = 82.0

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
    for piece in _pieces(old, new, heard, lexicon):
        text += piece.new if _borne_out(piece, unsaid, lexicon) else piece.old
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
    if len(sound) < SHORT:
        return sound in heard or sound in first
    return (
        _partly(sound, heard) >= (LIKE_LONG if len(sound) >= LONG else LIKE_KANA)
        or _partly(sound, first) >= LIKE_FIRST
    )


def _partly(sound: str, there: str) -> float:
    """How much of a term is there, 0 to 100."""
    return max(fuzz.partial_ratio(sound, there), fuzz.partial_ratio(folded(sound), folded(there)))


def _borne_out(piece: _Piece, unsaid: set[str], lexicon: Lexicon) -> bool:
    if piece.new == piece.old:
        return True
    if any(term in piece.new for term in unsaid):
        return False
    heard_twice = piece.old_sound == piece.heard != piece.new_sound
    if heard_twice and any(term not in piece.new for term in lexicon.found(piece.old)):
        # A word of the city that was heard without being told (入学) gives way to none (留学).
        return False
    if likeness(piece.new_sound, piece.old_sound) >= ALIKE:
        return True
    return likeness(piece.new_sound, piece.heard) >= likeness(piece.old_sound, piece.heard)


def _pieces(old: Spoken, new: Spoken, heard: str, lexicon: Lexicon) -> Iterator[_Piece]:
    """Both texts between the places that both have a boundary at, and no term in two pieces."""
    old_at, new_at = _boundaries(old, heard), _boundaries(new, heard)
    within = _within(new, lexicon)
    common = sorted(at for at in set(old_at) & set(new_at) if new_at[at] not in within)
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


def _within(spoken: Spoken, lexicon: Lexicon) -> set[int]:
    """The numbers of the words that a term goes on in."""
    starts = boundaries([word.surface for word in spoken.words])
    terms = lexicon.stretches(spoken.text(0, len(spoken.words)))
    return {
        number for number, at in enumerate(starts) if any(start < at < end for start, end in terms)
    }


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
