"""Paragraphs and short lines out of hard-wrapped lines, as Japanese documents have them.

A wrapped line is as wide as its column; a heading, a label or the last line of a
paragraph is narrower. Widths count a full-width character as 1, others as a half.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["paragraph", "item", "short"]

_SENTENCE_END = re.compile(
    r"[。．！？!?।][」』）)］\]”\"']*$|^(?=\S+\s+\S+\s+\S).*[a-z0-9)]\.[\"')]*$", re.DOTALL
)
MARK = re.compile(
    r"^(?:[•・●○◆◇■□▪▶►★☆※＊*－‣]\s*|[-–]\s+|[①-⑳]\s*|"
    r"[(（][0-9０-９一二三四五六七八九十]{1,2}[)）]\s*|[ア-ン][.．)）]\s*|[0-9０-９]{1,2}[.．)）]\s*(?![0-9０-９]))"
)
_OPEN = re.compile(r"[、，,（(「『・~〜と]$")
_GOES_ON = re.compile(
    r"^(?:[、。，．をがはにのへやも）)」』】々ー]|で[すきはもあ]|ます|まし|した|しま|する|して|され|など)"
)
_FULL = 0.8
"""From this part of its column's width on, a line may be wrapped."""

_LABEL_WIDTH = 60.0
"""A line wider than this is no heading, even where no sentence ends in it."""

_LONGEST = 200
"""A paragraph has no more lines than this."""

_AHEAD = 12
"""How many lines ahead a sentence that a line begins may end."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, or a short line that may be a heading.

    `apart` tells whether a blank line stands before it.
    """

    kind: Kind
    text: str
    apart: bool = True


def reflow(lines: Sequence[str], *, spaced: bool) -> list[Block]:
    """Return the blocks of `lines`.

    `spaced` says that the document puts blank lines between wrapped lines too, so
    that a blank line is no end of a paragraph.
    """
    filled: list[tuple[str, bool]] = []
    blank = True
    for line in lines:
        text = line.strip()
        if text:
            filled.append((text, blank))
        blank = not text
    blocks: list[Block] = []
    at = 0
    while at < len(filled):
        end = at + 1
        while end < min(len(filled), at + _LONGEST) and _joins(filled, at, end, spaced):
            end += 1
        blocks.append(_block([text for text, _ in filled[at:end]], filled[at][1]))
        at = end
    return blocks


def ends_sentence(text: str) -> bool:
    """Return whether a sentence ends at the end of `text`."""
    return _SENTENCE_END.search(text) is not None


def is_spaced(lines: Sequence[str]) -> bool:
    """Return whether blank lines stand between the lines of paragraphs too."""
    wrapped = [
        not after.strip()
        for line, after in pairwise(lines)
        if width(line) > 20 and not ends_sentence(line.strip())
    ]
    return sum(wrapped) > len(wrapped) / 3


def width(text: str) -> float:
    """Return how wide `text` is printed, in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "FWA" else 0.5 for c in text.strip())


def join_lines(first: str, second: str) -> str:
    """Return two lines of one paragraph as one, with a space where words have spaces."""
    spaced = re.search(r"[A-Za-z0-9,;:.]$", first) and re.match(r"[A-Za-z0-9(]", second)
    if spaced and first.endswith("-") and not first.endswith(" -"):
        return first[:-1] + second
    return f"{first} {second}" if spaced else first + second


def _joins(filled: list[tuple[str, bool]], start: int, at: int, spaced: bool) -> bool:
    """Whether line `at` goes on with the paragraph of the lines from `start` to before it."""
    (before, _), (line, apart) = filled[at - 1], filled[at]
    if ends_sentence(before) or (apart and not spaced):
        return False
    if at - start < _AHEAD and _is_open("".join(text for text, _ in filled[start:at])):
        return True
    if MARK.match(line):
        return False
    if _GOES_ON.match(line) or _OPEN.search(before):
        return True
    if not _sentence_ends(filled, start, at):
        return False
    column = max(width(text) for text, _ in filled[start:at] + _sentence_from(filled, at)[:2])
    return width(before) >= _FULL * column


def _is_open(text: str) -> bool:
    """Whether a bracket that `text` opens is still open at its end."""
    folded = text.replace("（", "(").replace("）", ")")
    return any(folded.count(left) > folded.count(right) for left, right in ("()", "「」"))


def _sentence_from(filled: Sequence[tuple[str, bool]], at: int) -> list[tuple[str, bool]]:
    """The lines from `at` to the end of the sentence."""
    lines: list[tuple[str, bool]] = []
    for text, apart in filled[at : at + _AHEAD]:
        lines.append((text, apart))
        if ends_sentence(text):
            break
    return lines


def _sentence_ends(filled: Sequence[tuple[str, bool]], start: int, at: int) -> bool:
    """Whether what line `start` begins is a sentence that ends, or the item of a list."""
    if MARK.match(filled[start][0]):
        return True
    return any(ends_sentence(text) for text, _ in filled[at : at + _AHEAD])


def _block(lines: Sequence[str], apart: bool) -> Block:
    text = lines[0]
    for line in lines[1:]:
        text = join_lines(text, line)
    if MARK.match(text) and (ends_sentence(text) or width(text) > 24 or len(lines) > 1):
        return Block("item", text, apart)
    ends = ends_sentence(text) or "。" in text
    return Block("paragraph" if ends or width(text) > _LABEL_WIDTH else "short", text, apart)
