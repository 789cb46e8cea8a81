"""Members of a household as people name them: 妻と子ども2人, my wife and two children."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.forms.words import Words

COUNT_FOLLOWS = frozenset({"ja", "ja-x-easy", "ko", "th"})
"""Languages that put the number of persons behind the word: 子ども2人."""


@dataclass(frozen=True, slots=True)
class Member:
    """So many members of one kind, and where they are named."""

    kin: str
    count: int
    start: int
    end: int


def members(text: str, vocabulary: Words) -> list[Member]:
    """Return the members of a household that `text` names, in its order."""
    found: list[Member] = []
    for kin, pattern in vocabulary.kin:
        for match in _whole(pattern, vocabulary.lang).finditer(text):
            count, start, end = _counted(text, match.start(), match.end(), vocabulary)
            if not any(m.start < match.end() and match.start() < m.end for m in found):
                found.append(Member(kin, count, start, end))
    return sorted(found, key=lambda member: member.start)


def _whole(pattern: re.Pattern[str], lang: str) -> re.Pattern[str]:
    """The pattern at word edges, in languages that put spaces between words."""
    if lang in ("ja", "ja-x-easy", "zh-Hans", "zh-Hant", "ko", "th", "ne"):
        return pattern
    return re.compile(rf"(?<!\w)(?:{pattern.pattern})(?!\w)", re.IGNORECASE)


def _counted(text: str, start: int, end: int, vocabulary: Words) -> tuple[int, int, int]:
    if vocabulary.lang in COUNT_FOLLOWS:
        after = re.compile(vocabulary.counter, re.IGNORECASE).match(text, end)
        return (vocabulary.count(after["n"]), start, after.end()) if after else (1, start, end)
    before = re.search(vocabulary.counter + r"$", text[:start], re.IGNORECASE)
    if before:
        return vocabulary.count(before["n"]), before.start(), end
    return 1, start, end
