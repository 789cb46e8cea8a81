"""The pages of a plain text, told from form feeds or from the numbers printed on them.

Text that was taken out of slides often has lost its form feeds: a new page then
begins after a run of blank lines or at a line that starts with a space, but such
lines stand inside pages too. The printed numbers that are left decide which of them
are page breaks. A page gets its number only where that is certain, since a
citation with a wrong page is worse than one without.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

_PRINTED = re.compile(r"\s*[-–ー]?\s*([1-9]\d{0,2})\s*[-–ー]?\s*(?:ページ|頁)?\s*")
_EDGE_LINES = 8
"""How many lines from the edge of a page its number may stand."""

_SURE = 1.25
"""How much worse any other way of breaking pages must be for a number to be certain."""

_MOST_PARTS = 60
"""Between two known pages with more parts than this no page is told apart."""

_NEVER = float("inf")

Chapter = tuple[str, int, int]
"""The title, first and last page of a chapter, as a table of contents tells them."""


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page or of a part of one; `number` is None where it is not certain."""

    number: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines between two places where a page may end; `strong` if one surely begins here."""

    lines: tuple[str, ...]
    strong: bool

    @property
    def size(self) -> int:
        return sum(len(line) for line in self.lines) + 20

    @property
    def opening(self) -> str:
        return next((line.strip()[0] for line in self.lines if line.strip()), "")


def pages(text: str, chapters: Sequence[Chapter] = ()) -> list[Page]:
    """Return the pages of `text` in order, without the numbers printed on them."""
    if "\f" in text:
        return _by_form_feed(text.split("\f"))
    parts = _parts(text.split("\n"))
    anchors = _anchors(parts)
    if len(anchors) < 2:
        return [Page(None, tuple(text.split("\n")))]
    numbers = _numbers(parts, _with_chapters(parts, anchors, chapters))
    printed = dict(anchors)
    found = [
        Page(number, _without_number(part.lines, printed.get(at)))
        for at, (part, number) in enumerate(zip(parts, numbers, strict=True))
    ]
    return _joined(found)


def _by_form_feed(texts: Sequence[str]) -> list[Page]:
    """One page a form feed; printed numbers, where most agree, say where counting begins."""
    pages = [text.split("\n") for text in texts]
    if pages and not "".join(pages[-1]).strip():
        pages.pop()
    offsets = Counter(
        number - at for at, lines in enumerate(pages) for number in set(_edge_numbers(lines))
    )
    offset, votes = offsets.most_common(1)[0] if offsets else (1, 0)
    if votes < 2 or votes < len(pages) / 3:
        return [Page(at + 1, tuple(lines)) for at, lines in enumerate(pages)]
    return [
        Page(at + offset if at + offset > 0 else None, _without_number(tuple(lines), at + offset))
        for at, lines in enumerate(pages)
    ]


def _parts(lines: Sequence[str]) -> list[_Part]:
    """Cut where a page may begin: after three blank lines, or before a line that is set in."""
    parts: list[_Part] = []
    start, strong, blank = 0, True, 0
    for at, line in enumerate(lines):
        if not line.strip():
            blank += 1
            continue
        begins = re.match(r" \S", line) is not None
        if at > start and (blank >= 3 or begins) and any(t.strip() for t in lines[start:at]):
            parts.append(_Part(tuple(lines[start:at]), strong))
            start, strong = at, blank >= 3
        blank = 0
    parts.append(_Part(tuple(lines[start:]), strong))
    return parts


def _edge_numbers(lines: Sequence[str]) -> list[int]:
    """The numbers that stand alone near the upper or lower edge of a page."""
    filled = [line for line in lines if line.strip()]
    edge = filled[:_EDGE_LINES] + filled[_EDGE_LINES:][-2:]
    return [int(match.group(1)) for line in edge if (match := _PRINTED.fullmatch(line))]


def _anchors(parts: Sequence[_Part]) -> list[tuple[int, int]]:
    """The parts with a printed page number: the longest chain that can all be true.

    Numbers rise, and never by more than there are places between where a page may end.
    """
    chains: list[list[tuple[int, int]]] = []
    for at, part in enumerate(parts):
        for number in _edge_numbers(part.lines):
            before = [chain for chain in chains if 0 < number - chain[-1][1] <= at - chain[-1][0]]
            chains.append([*max(before, key=len, default=[]), (at, number)])
    return max(chains, key=len, default=[])


def _with_chapters(
    parts: Sequence[_Part], anchors: list[tuple[int, int]], chapters: Sequence[Chapter]
) -> dict[int, tuple[int, bool]]:
    """Page numbers by part, with whether the page begins there.

    Pages that open chapters look alike: where as many parts begin with one character,
    such as a bullet, as the table of contents has chapters, they are those pages.
    """
    known = {at: (number, False) for at, number in anchors}
    starts = [first for _, first, _ in chapters]
    first, last = anchors[0][0], anchors[-1][0]
    openings: dict[str, list[int]] = {}
    for at in range(first, last + 1):
        openings.setdefault(parts[at].opening, []).append(at)
    for alike in openings.values():
        together = [*anchors, *zip(alike, starts, strict=False)]
        if len(alike) == len(starts) > 2 and _possible(sorted(together)):
            known |= {at: (number, True) for at, number in zip(alike, starts, strict=True)}
    return known


def _possible(anchors: Iterable[tuple[int, int]]) -> bool:
    ordered = list(anchors)
    return all(
        0 <= later[1] - earlier[1] <= later[0] - earlier[0] for earlier, later in pairwise(ordered)
    )


def _numbers(parts: Sequence[_Part], known: dict[int, tuple[int, bool]]) -> list[int | None]:
    """The page of each part, None where it is not certain and outside of what is known."""
    numbers: list[int | None] = [None] * len(parts)
    ordered = sorted(known)
    for left, right in pairwise(ordered):
        span = range(left, right + 1)
        sizes = [parts[at].size for at in span]
        forced = [parts[at].strong or known.get(at, (0, False))[1] for at in span]
        offsets = even_pages(sizes, forced, known[right][0] - known[left][0] + 1)
        for at, offset in zip(span, offsets, strict=True):
            if offset is not None:
                numbers[at] = known[left][0] + offset
    for at in ordered:
        numbers[at] = known[at][0]
    return numbers


def even_pages(sizes: Sequence[int], forced: Sequence[bool], count: int) -> list[int | None]:
    """Spread parts over `count` pages, as evenly as can be; return each part's page from 0.

    A page surely begins at the parts that are `forced`. A part is None unless every
    way of breaking that puts it on another page is worse by the factor `_SURE`, where
    the cost of a way is the sum of the squares of its pages' sizes.
    """
    parts = len(sizes)
    if not 1 <= count <= parts <= _MOST_PARTS:
        return [None] * parts
    ends = [0, *accumulate(sizes)]

    def page(start: int, end: int) -> float:
        return _NEVER if any(forced[start + 1 : end]) else float((ends[end] - ends[start]) ** 2)

    cost = {(i, j): page(i, j) for i in range(parts) for j in range(i + 1, parts + 1)}
    before = [[_NEVER] * (parts + 1) for _ in range(count + 1)]  # [pages][parts], from the front
    after = [[_NEVER] * (parts + 1) for _ in range(count + 1)]  # [pages][first part], to the end
    before[0][0] = after[0][parts] = 0.0
    for number in range(1, count + 1):
        for (i, j), own in cost.items():
            before[number][j] = min(before[number][j], before[number - 1][i] + own)
            after[number][i] = min(after[number][i], own + after[number - 1][j])
    through = [[_NEVER] * count for _ in range(parts)]
    for (i, j), own in cost.items():
        for number in range(count):
            whole = before[number][i] + own + after[count - number - 1][j]
            for part in range(i, j):
                through[part][number] = min(through[part][number], whole)
    return [_certain(ways) for ways in through]


def _certain(ways: Sequence[float]) -> int | None:
    best, *others = sorted(ways)
    if best == _NEVER or (others and others[0] <= _SURE * best):
        return None
    return ways.index(best)


def _without_number(lines: tuple[str, ...], number: int | None) -> tuple[str, ...]:
    """The lines without the one that holds the page's printed number."""
    if number is None:
        return lines
    return tuple(
        line
        for line in lines
        if not ((match := _PRINTED.fullmatch(line)) and int(match.group(1)) == number)
    )


def _joined(parts: Sequence[Page]) -> list[Page]:
    """Neighbouring parts of one page as one page; a lone line goes with what is above it."""
    found: list[Page] = []
    for part in parts:
        label = part.number is None and sum(1 for line in part.lines if line.strip()) < 2
        if found and (label or (part.number is not None and found[-1].number == part.number)):
            found[-1] = Page(found[-1].number, found[-1].lines + part.lines)
        else:
            found.append(part)
    return found
