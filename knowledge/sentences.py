"""Sentences of a text, in any of the languages of the help desk."""

from __future__ import annotations

import re

_END = re.compile(
    r"""
    (?: [。！？!?…]+ [」』）)"”]* (?![」』）)"”]) )   # Japanese and Chinese: at the sign itself
    | (?: (?<!\d) [.]["”)]* (?=\s) )                # Latin scripts: a full stop before a space
    | (?: (?<=\d) [.]["”)]* (?=\s+[^\d\s]) )        # and after a figure, if none follows
    | ।                                             # Devanagari
    | \n+
    """,
    re.VERBOSE,
)


def sentence_spans(text: str, longest: int = 300) -> list[tuple[int, int]]:
    """Return (start, end) of the sentences of `text`, without the space around them.

    A line is a sentence of its own. One longer than `longest` characters is cut
    at a comma or a space near its end, else where it must be.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        found.extend(_fitting(text, start, match.end(), longest))
        start = match.end()
    found.extend(_fitting(text, start, len(text), longest))
    return found


def _fitting(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    while end - start > longest:
        window = text[start : start + longest]
        marks = [
            place
            for mark in ("、", "，", ", ", "；", "; ", "　", " ")
            if (place := window.rfind(mark)) > longest // 2
        ]
        cut = start + (max(marks) + 1 if marks else longest)
        parts.append((start, cut))
        start = cut
    parts.append((start, end))
    trimmed = []
    for first, last in parts:
        piece = text[first:last]
        lead = len(piece) - len(piece.lstrip())
        body = len(piece.strip())
        if body:
            trimmed.append((first + lead, first + lead + body))
    return trimmed
