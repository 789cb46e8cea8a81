"""Which heading of a page belongs to which of its paragraphs.

In running text a heading stands above what it names. Text taken out of slides is in
the order in which its boxes were drawn: headings may follow their text, or stand
together at the end of the page. Then what a heading and a paragraph have in common
tells which belong together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importers.numbering import style_of
from knowledge.importers.reflow import MARK, Block, join_lines, width

_GOES_ON = re.compile(
    r"(?:また|さらに|そのため|このような|このように|その|これら|加えて|なお|こうした|一方|例えば|そして)"
)
_UNFINISHED = re.compile(r"(?:[をにがのはへや、・]|及び|または|もって|として)$")
_NO_HEADING = re.compile(
    r"[\s\d.,:/年月日p%～〜\-－–~()（）]*|https?://.*|.*[:：、]|.*\w{3}(?:[がは]|(?<!につい)て)",
    re.IGNORECASE,
)
_WIDEST = 45.0
"""A heading is no wider than this."""

_ALIKE = 0.15
"""From this likeness on, a paragraph belongs to a heading that is not next to it."""

_MOST = 100
"""With more headings and groups than this it is no page, and everything stays in order."""

_CLEAR = 0.2
"""From this gain on, headings clearly stand below or apart from their text."""

_NEXT = 0.35
"""What standing right before a heading counts for, as likeness."""


@dataclass(slots=True)
class Part:
    """A heading, None for text under none, and its blocks in reading order."""

    heading: str | None
    blocks: list[Block] = field(default_factory=list)


def parts(blocks: Sequence[Block], *, slides: bool = False) -> list[Part]:
    """Return the blocks of one page under the headings they belong to.

    `slides` says that on the pages around this one headings do not stand above.
    """
    row = _row(blocks)
    headings, groups = _places(row)
    if not headings or not groups or len(row) > _MOST:
        return _in_order(row)
    if groups[-1] < headings[0]:
        return _by_likeness(row, headings, groups)
    led = headings[0] < groups[0]
    least = 0.3 if led else -_CLEAR if slides else _CLEAR
    if _gain(row, headings, groups) > least:
        return _by_likeness(row, headings, groups)
    return _in_order(row)


def gain(blocks: Sequence[Block]) -> float | None:
    """Return how much more alike the headings of a page are to the text above than below them.

    It is the mean over the headings, -1 to 1; None for a page without headings or text.
    """
    row = _row(blocks)
    headings, groups = _places(row)
    return _gain(row, headings, groups) if headings and groups and len(row) <= _MOST else None


def slide_pages(gains: Sequence[float | None]) -> list[bool]:
    """Return for each page whether its headings may stand anywhere, given all pages' `gain`.

    A document counts as slides when a sixth of its pages clearly do so; within it, the
    pages around decide.
    """
    told = [value for value in gains if value is not None]
    clear = sum(value > _CLEAR for value in told)
    if clear < 2 or clear * 6 < len(told):
        return [False] * len(gains)
    found = []
    for at in range(len(gains)):
        near = [value for value in gains[max(at - 3, 0) : at + 4] if value is not None]
        found.append(bool(near) and sum(near) / len(near) > 0.1)
    return found


def likeness(heading: str, text: str) -> float:
    """Return how much of `heading`, in pairs of characters, stands in `text`: 0 to 1."""
    pairs = [heading[at : at + 2] for at in range(len(heading) - 1)]
    pairs = [pair for pair in pairs if not re.search(r"[ぁ-ん、。・\s]", pair)] or pairs
    return sum(pair in text for pair in pairs) / max(len(pairs), 1)


def may_be_heading(text: str) -> bool:
    """Return whether a short line may be a heading: no figures alone, no label, not too wide."""
    return width(text) <= _WIDEST and len(text) > 1 and not _NO_HEADING.fullmatch(text)


Row = list[str | list[Block]]
"""Headings and groups of blocks in reading order."""


def _places(row: Row) -> tuple[list[int], list[int]]:
    """Where in `row` the headings stand, and where the groups."""
    headings = [at for at, entry in enumerate(row) if isinstance(entry, str)]
    return headings, [at for at, entry in enumerate(row) if not isinstance(entry, str)]


def _row(blocks: Sequence[Block]) -> Row:
    """Blocks as headings and groups.

    Three short lines or more in a row are labels of a figure or lines of a table, not
    headings, unless as many paragraphs lack one.
    """
    row: Row = []
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and blocks[end].kind == "short":
            end += 1
        if end > at:
            _add_shorts(row, _whole(blocks[at:end]), is_last=end == len(blocks))
            at = end
            continue
        block = blocks[at]
        last = row[-1] if row else None
        goes_on = block.kind == "item" or _GOES_ON.match(block.text)
        if isinstance(last, list) and goes_on:
            last.append(block)
        else:
            row.append([block])
        at += 1
    return row


def _whole(shorts: Sequence[Block]) -> list[Block]:
    """Short lines, those that break off joined with the next."""
    found: list[Block] = []
    for block in shorts:
        aside = not block.apart and block.text.startswith(("（", "("))
        breaks_off = found and (aside or _UNFINISHED.search(found[-1].text))
        if breaks_off and style_of(block.text) is None and not MARK.match(block.text):
            found[-1] = Block("short", join_lines(found[-1].text, block.text), found[-1].apart)
        else:
            found.append(block)
    return found


def _add_shorts(row: Row, shorts: list[Block], *, is_last: bool) -> None:
    """Add a run of short lines: as headings, or as a group of lines under the first."""
    lacking = 0
    for entry in reversed(row):
        if isinstance(entry, str):
            break
        lacking += 1
    fit = [block for block in shorts if may_be_heading(block.text)]
    if len(fit) == len(shorts) and (len(shorts) < 3 or (is_last and len(shorts) <= lacking)):
        row.extend(block.text for block in shorts)
        return
    first, *rest = shorts
    if rest and style_of(first.text) is not None and may_be_heading(first.text):
        row.append(first.text)
        shorts = rest
    keep = not is_last and may_be_heading(shorts[-1].text) and len(shorts) > 1
    lines = shorts[:-1] if keep else shorts
    if lines:
        row.append(list(lines))
    if keep:
        row.append(shorts[-1].text)


def _in_order(row: Row) -> list[Part]:
    found = [Part(None)]
    for entry in row:
        if isinstance(entry, str):
            found.append(Part(entry))
        else:
            found[-1].blocks += entry
    return [part for part in found if part.heading is not None or part.blocks]


def _by_likeness(row: Row, headings: Sequence[int], groups: Sequence[int]) -> list[Part]:
    """Give each heading the group that is most like it, then the rest to the heading after it."""
    lone = len(headings) == 1
    scores = sorted(((_score(row, h, g), -h, -g) for h in headings for g in groups), reverse=True)
    owner: dict[int, int] = {}
    for score, h, g in scores:
        if -g not in owner and -h not in owner.values() and (score >= _ALIKE or lone):
            owner[-g] = -h
    for g in groups:
        after = min((h for h in headings if h > g), default=None)
        if g in owner or after is None:
            continue
        if lone or likeness(str(row[after]), _text(row[g])) >= _ALIKE:
            owner[g] = after
    found: dict[int | None, Part] = {}
    for g in groups:
        own = owner.get(g)
        part = found.setdefault(own, Part(None if own is None else str(row[own])))
        entry = row[g]
        part.blocks += entry if isinstance(entry, list) else []
    unused = [str(row[h]) for h in headings if h not in owner.values()]
    return [*found.values(), *(Part(heading) for heading in unused)]


def _score(row: Row, heading: int, group: int) -> float:
    """How well a heading fits a group; more if it stands alone right after it."""
    alone = heading + 1 == len(row) or isinstance(row[heading + 1], list)
    bonus = _NEXT if group == heading - 1 and alone else 0.0
    return likeness(str(row[heading]), _text(row[group])) + bonus


def _gain(row: Row, headings: Sequence[int], groups: Sequence[int]) -> float:
    """How much more alike a heading is to the groups before it than to those after it."""
    above: dict[int, str] = {}
    below: dict[int, str] = {}
    for g in groups:
        before = max((h for h in headings if h < g), default=None)
        after = min((h for h in headings if h > g), default=None)
        for heading, texts in ((before, above), (after, below)):
            if heading is not None:
                texts[heading] = texts.get(heading, "") + _text(row[g])
    return (_total(row, below) - _total(row, above)) / len(headings)


def _total(row: Row, texts: dict[int, str]) -> float:
    return sum(likeness(str(row[heading]), text) for heading, text in texts.items())


def _text(entry: str | list[Block]) -> str:
    return entry if isinstance(entry, str) else "\n".join(block.text for block in entry)
