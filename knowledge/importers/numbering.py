"""The numbers and marks before headings of Japanese documents, and the levels they make.

Which style stands above which differs from document to document; a style that
begins inside another is one level below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_STYLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[0-9０-９一二三四五六七八九十]+編",
        r"第[0-9０-９一二三四五六七八九十]+章",
        r"第[0-9０-９一二三四五六七八九十]+節",
        r"第[0-9０-９一二三四五六七八九十]+条",
        r"(?:Appendix|付録|資料編|別紙)",
        r"[IVXⅠ-Ⅻ]+[.．\s\u3000]",
        r"[0-9０-９]{1,2}[.．\-－][0-9０-９]{1,2}[.．\-－][0-9０-９]{1,2}",
        r"[0-9０-９]{1,2}[.．\-－][0-9０-９]{1,2}(?![0-9０-９:：])",
        r"[0-9０-９]{1,2}(?:[.．、)）]|[\s\u3000])\s*(?=[^\s0-9０-９])",
        r"[(（][0-9０-９一二三四五六七八九十]{1,2}[)）]",
        r"[①-⑳]",
        r"[ア-ン][.．、)）\s\u3000]",
        r"[a-z][.)]\s",
        r"[■◆▼]|【[^】]+】$|[＜<〈《][^＞>〉》]+[＞>〉》]$",
        r"[●○◇□▶◎]",
    )
)


def style_of(text: str) -> int | None:
    """Return which style of numbering `text` begins with, or None."""
    for number, style in enumerate(_STYLES):
        if style.match(text):
            return number
    return None


@dataclass(slots=True)
class Levels:
    """The styles that are open, from the outermost to the innermost."""

    _open: list[int] = field(default_factory=list)

    def level(self, style: int | None) -> int:
        """Return the level of a heading in `style`, 1 the highest; None is below all."""
        if style is None:
            return len(self._open) + 1
        if style in self._open:
            del self._open[self._open.index(style) + 1 :]
        else:
            while self._open and self._open[-1] > style and style < _FIRST_INNER:
                self._open.pop()
            self._open.append(style)
        return len(self._open)


_FIRST_INNER = 9
"""Styles before this one have an order of their own: parts, chapters, sections, 1, 1.1."""
