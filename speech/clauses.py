"""Cuts a text into clauses, each spoken in one breath.

A voice makes a clause while the one before is heard. The first has to be short,
so that it is heard soon; the later ones may be longer, since there is time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = 16
"""Width of the first clause from which on it is cut at a soft place, too."""

LATER = 48
"""Width from which on a later clause is cut at a comma or a soft place."""

SENTENCE_PAUSE = 0.35
"""Seconds of silence after a sentence."""

COMMA_PAUSE = 0.12
"""Seconds of silence after a comma."""

_SENTENCE = re.compile(r"[^。．！？!?\n…]*(?:[。．！？!?…]+[」』）)\"”’]*|\n|$)")
_STOP = re.compile(r"(?<=[.;:])\s+(?=[\"“¿¡(]*[^\Wa-z_])")
_COMMA = re.compile(r"(?<=[、，；：])\s*|(?<=[;,:])\s+|(?<=\s)(?=[–—(（])")
_PARTICLE = re.compile(r"[はをにがでともへてら]")
_WORDY = re.compile(r"[\u3400-\u9fff\u30a1-\u30fa々]")


@dataclass(frozen=True, slots=True)
class Clause:
    """What is said in one breath, and the seconds of silence after it."""

    text: str
    pause: float


def clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses of `text` in their order; nothing that is said is lost."""
    first = True
    for sentence in _sentences(text):
        pieces = []
        for piece in _at_commas(sentence, first=first):
            pieces.append(piece)
            first = False
        for number, piece in enumerate(pieces, 1):
            yield Clause(piece, _pause(piece, last=number == len(pieces)))


def width(text: str) -> float:
    """Return about how long `text` takes to say, in characters of Japanese.

    A character of kana or kanji counts 1, others .4: a word of five letters is
    said in about the time of two kana.
    """
    return sum(1.0 if char > "\u2e80" else 0.4 for char in text)


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        for sentence in _STOP.split(match.group()):
            if any(char.isalnum() for char in sentence):
                yield sentence.strip()


def _at_commas(sentence: str, *, first: bool) -> Iterator[str]:
    """Join what stands between commas into clauses, and cut what is too long."""
    limit = FIRST if first else LATER
    clause = ""
    for part in _COMMA.split(sentence):
        if clause and width(clause) + width(part) > limit:
            yield from _cut(clause, limit)
            clause, limit = "", LATER
        clause += part if not clause or clause[-1] > "\u2e80" else f" {part.lstrip()}"
    yield from _cut(clause, limit)


def _cut(clause: str, limit: float) -> Iterator[str]:
    """Cut a clause without commas where a word begins, the first piece within the limit."""
    rest = clause.strip()
    while width(rest) > limit * 1.25:
        place = max((at for at in _soft_places(rest) if width(rest[:at]) <= limit), default=0)
        if place == 0 or width(rest[place:]) < 4:
            break
        yield rest[:place].strip()
        rest, limit = rest[place:].strip(), LATER
    if any(char.isalnum() for char in rest):
        yield rest


def _soft_places(text: str) -> Iterator[int]:
    """Yield where a phrase may begin: at a space, or a kanji or katakana after a particle."""
    for at in range(1, len(text)):
        before, here = text[at - 1], text[at]
        if before == " " or (_PARTICLE.match(before) and _WORDY.match(here)):
            yield at


def _pause(piece: str, *, last: bool) -> float:
    if last:
        return SENTENCE_PAUSE
    return COMMA_PAUSE if piece[-1] in "、，；：;,:" else 0.0
