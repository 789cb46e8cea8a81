"""Words that sound like a term of the knowledge base, written as that term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from speech.alignment import Spoken, boundaries, likeness, places
from speech.lexicon import Lexicon, Readings, Term
from speech.sounds import sounds

LIKE = 0.88
"""Likeness from which on a term is written. On municipal questions this mended 35 words
and broke 2; at .80 免除申請 becomes 免許申請, and at .72 as many break as are mended."""

SHORTEST = 6
"""Phonemes of a term that may be written: shorter ones sound like parts of anything."""

LONG, NOT_UNLIKE = 10, 0.7
"""A term of fewer phonemes has to have this likeness both to the words and to the kana: the
words of a short one are often misheard themselves (届 in 払わないとどう)."""

MOST_WORDS = 8
"""Words that a term may have been torn into."""

_LOANWORD = re.compile(r"[ァ-ヺー、。 ]+")
_WORDS = re.compile(r"[\u3400-\u9fff々ァ-ヺ]")


class _Find(NamedTuple):
    likeness: float
    size: int
    first: int
    last: int
    surface: str


def corrected(
    text: str, kana: str, terms: Sequence[Term], lexicon: Lexicon, readings: Readings
) -> str:
    """Return `text` with what sounds like one of `terms` written as that term.

    A place is compared by how its words are read and by what `kana` has there.
    Words that the knowledge base knows are left as they are.
    """
    spoken = Spoken.of(text, readings)
    finds = sorted(_finds(spoken, kana, terms, lexicon), reverse=True)
    taken: list[_Find] = []
    for find in finds:
        if all(find.last <= other.first or other.last <= find.first for other in taken):
            taken.append(find)
    pieces, place = [], 0
    for find in sorted(taken, key=lambda one: one.first):
        pieces += [spoken.text(place, find.first), find.surface]
        place = find.last
    return "".join(pieces) + spoken.text(place, len(spoken.words))


def _finds(spoken: Spoken, kana: str, terms: Sequence[Term], lexicon: Lexicon) -> Iterator[_Find]:
    heard = sounds(kana)
    place = places(spoken.phonemes, heard)
    count = len(spoken.words)
    at = boundaries([word.surface for word in spoken.words])
    known = lexicon.stretches(spoken.text(0, count))
    for term in terms:
        wanted = sounds(term.reading)
        if len(wanted) < SHORTEST:
            continue
        for first in range(count):
            for last in range(first + 1, min(count, first + MOST_WORDS) + 1):
                said = spoken.said(first, last)
                if not said or not 0.6 <= len(said) / len(wanted) <= 1.6:
                    continue
                if not (spoken.words[first].reading and spoken.words[last - 1].reading):
                    continue
                if any(
                    start <= at[first] and at[last] <= end and end - start > at[last] - at[first]
                    for start, end in known
                ):
                    continue  # a part of a term (ひとり in ひとり親)
                there = heard[place[spoken.starts[first]] : place[spoken.starts[last]]]
                both = likeness(said, wanted), likeness(there, wanted)
                written = spoken.text(first, last)
                if (
                    max(both) >= _needed(written, term)
                    and (len(wanted) >= LONG or min(both) >= NOT_UNLIKE)
                    and not _known(written, said, wanted, term, lexicon)
                ):
                    yield _Find(max(both), len(wanted), first, last, term.surface)


def _needed(written: str, term: Term) -> float:
    """A verb (申し込めば) sounds nearly like its noun (申し込み): there nearly is not enough."""
    inflected = "ぁ" <= term.surface[-1] <= "ゖ" and set(_WORDS.findall(term.surface)) & set(
        written
    )
    return 1.0 if inflected else LIKE


def _known(written: str, said: str, wanted: str, term: Term, lexicon: Lexicon) -> bool:
    """Whether what is written is to stay.

    A term stays. A loanword, a term with a particle or an ending (契約し), and the parts of
    the other with particles between them (保険の加入) stay where they do not sound exactly
    like the other (出生届け and 出生届).
    """
    if written in lexicon.by_surface or written == term.surface:
        return True
    if said == wanted:
        return False
    rest, known = written, lexicon.found(written)
    for one in known:
        rest = rest.replace(one, "", 1)
    if _LOANWORD.fullmatch(written):
        return True
    alone = len(known) == 1 or "".join(known) == term.surface
    return alone and not _WORDS.search(rest)
