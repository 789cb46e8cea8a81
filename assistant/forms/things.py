"""Things and how many of them: ソファ1つと机2つ, a sofa and two desks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.forms.answered import sentences
from assistant.forms.talk import JAPANESE, is_no_thing
from assistant.forms.words import Words


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as it was called, how many, and where it is named; `counted` if a number was said."""

    name: str
    count: int
    start: int
    end: int
    counted: bool


LONGEST = 30
"""Characters of the longest name of a thing; a longer piece is talk."""


def things(text: str, vocabulary: Words) -> list[Thing]:
    """Return the things that `text` lists; none where a piece of it is no thing."""
    found: list[Thing] = []
    for start, sentence in sentences(text):
        _listed(text, start, start + len(sentence), found, vocabulary)
    return found


def _listed(text: str, start: int, end: int, found: list[Thing], vocabulary: Words) -> None:
    """Add the things of one sentence to `found`."""
    while (lead := vocabulary.items_lead.match(text, start, end)) and lead.end() > start:
        start = lead.end()
    tail = vocabulary.items_tail.search(text[:end], start)
    if tail:
        end = tail.start()
    for left, right in _pieces(text, start, end, vocabulary):
        piece = text[left:right]
        match = vocabulary.item_count.search(piece)
        count = vocabulary.count(match["n"]) if match else 1
        name = piece if not match else _around(piece, match, vocabulary)
        if vocabulary.lang in JAPANESE:
            name = re.sub(r"だけ\s*$", "", name)
            if re.search(r"の[がをは]?\s*$", name):
                name = ""  # マットレス。シングルのが二枚
        name = re.sub(r"\s+", " ", name).strip(" 、,.。をがの")
        if match and not name and found and not found[-1].counted:
            found[-1] = replace(found[-1], count=count, end=right, counted=True)
        if 0 < len(name) <= LONGEST and not is_no_thing(name, vocabulary):
            found.append(Thing(name, count, left, right, bool(match)))


def _around(piece: str, count: re.Match[str], vocabulary: Words) -> str:
    """The name beside the count: what follows 椅子が六脚 is no part of it."""
    before, after = piece[: count.start()], piece[count.end() :]
    if before.strip() and (vocabulary.unspaced or vocabulary.lang == "ko"):
        return before
    return f"{before} {after}"


def _pieces(text: str, start: int, end: int, vocabulary: Words) -> list[tuple[int, int]]:
    pieces = []
    left = start
    for match in vocabulary.conjunction.finditer(text, start, end):
        pieces.append((left, match.start()))
        left = match.end()
    pieces.append((left, end))
    return [(_led(text, a, b, vocabulary), b) for a, b in pieces if text[a:b].strip()]


def _led(text: str, start: int, end: int, vocabulary: Words) -> int:
    """Where the piece begins behind what leads to it: じゃあ."""
    lead = vocabulary.items_lead.match(text, start, end)
    return lead.end() if lead else start
