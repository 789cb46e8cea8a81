"""Tables of contents in plain text: which chapter covers which pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGE = re.compile(
    r"^(?P<title>.*?)\s*\bpp?\.?\s*(?P<first>\d{1,3})\s*[-–~〜～]\s*(?P<last>\d{1,3})$"
)
_LEADER = re.compile(r"^(?P<title>.*\S)\s*[.．・…‥]{3,}\s*(?P<page>\d{1,3})$")
_REFERENCE = re.compile(r"(?:\d{1,2}\s+)?pp?\.?\s*\d{1,3}(?:\s*[-–~〜～,、]\s*\d{1,3})*")
_WIDEST = 150
"""A longer line is no entry."""

_FEWEST = 3
"""Fewer entries than this one after another are no table of contents."""

Chapter = tuple[str, int, int]


def chapters(text: str) -> list[Chapter]:
    """Return the title, first and last page of each chapter whose range of pages is given.

    The title stands on the line of the range (``はじめに p3-5``) or begins the block
    of lines above it.
    """
    found: list[Chapter] = []
    block: list[str] = []
    above: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            above, block = block or above, []
            continue
        match = _RANGE.match(line) if len(line) <= _WIDEST else None
        if not match:
            block.append(line)
            continue
        own = match["title"].strip(" 　0123456789.")
        title = own or next(iter(block or above), "")
        first, last = int(match["first"]), int(match["last"])
        if found and first <= found[-1][2]:
            if len(found) >= _FEWEST:
                break
            found = []
        if title and first <= last:
            found.append((title, first, last))
        above, block = [], []
    return found if len(found) >= _FEWEST else []


def is_entry(line: str) -> bool:
    """Return whether `line` only leads to a page: by dots, or with ``p12`` or ``p12-15``."""
    line = line.strip()
    if len(line) > _WIDEST:
        return False
    return _LEADER.match(line) is not None or _REFERENCE.fullmatch(line) is not None


def chapter_of(page: int | None, found: Sequence[Chapter]) -> str:
    """Return the title of the chapter that `page` belongs to, empty if there is none."""
    for title, first, last in found:
        if page is not None and first <= page <= last:
            return title
    return ""
