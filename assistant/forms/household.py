"""Members of a household as people name them: 妻と子ども2人, my wife and two children."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.forms.answered import sentences
from assistant.forms.words import Words

COUNT_FOLLOWS = frozenset({"ja", "ja-x-easy", "ko", "th"})
"""Languages that put the number of persons behind the word: 子ども2人."""


_CLAUSE = re.compile(r"[^、，,;]*[、，,;]?")

_ONLY_ONE = frozenset({"wife", "husband", "father", "mother"})


@dataclass(frozen=True, slots=True)
class Member:
    """So many members of one kind, and where they are named."""

    kin: str
    count: int
    start: int
    end: int


def members(text: str, vocabulary: Words) -> list[Member]:
    """Return the members of a household that `text` names, in its order."""
    named = [
        (kin, match)
        for kin, pattern in vocabulary.kin
        for match in _whole(pattern, vocabulary.lang).finditer(text)
    ]
    named.sort(key=lambda one: -len(one[1].group()))  # 祖母 before the 母 in it
    found: list[Member] = []
    for kin, match in named:
        count, start, end = _counted(text, match.start(), match.end(), vocabulary)
        if kin in _ONLY_ONE:  # 私と主人の二人: the number is that of all
            count = 1
        if not any(m.start < match.end() and match.start() < m.end for m in found):
            found.append(Member(kin, count, start, end))
    return sorted(found, key=lambda member: member.start)


def joining(text: str, vocabulary: Words) -> list[Member] | None:
    """Return the members who are part of it; None where it stays open who is.

    Who is said not to be there, or to come later, is none of them (妻です。子どもはいません),
    and one who is named twice could be two.
    """
    found: list[Member] = []
    for start, sentence in sentences(text):
        named = members(sentence, vocabulary)
        if not named:
            continue
        last = named[-1].end
        behind = sentence.rstrip()
        denied = vocabulary.deny.search(behind, last) or vocabulary.unsure.search(behind, last)
        if denied:
            continue
        if vocabulary.not_with.search(sentence) or vocabulary.deny.search(sentence[:last]):
            named = _there(sentence, named, vocabulary)
        found += [replace(m, start=start + m.start, end=start + m.end) for m in named]
    called = [(member.kin, text[member.start : member.end]) for member in found]
    if len(set(called)) < len(called):
        return None
    return found


def _there(sentence: str, named: list[Member], vocabulary: Words) -> list[Member]:
    """Who is left where a clause says that those named in it are not there; else nobody."""
    gone: list[tuple[int, int]] = []
    start = 0
    for clause in _CLAUSE.findall(sentence):
        end = start + len(clause)
        others = any(start <= m.start < end for m in named) and vocabulary.deny.search(clause)
        if others or vocabulary.not_with.search(clause):
            gone.append((start, end))
        start = end
    if not gone:
        return named
    away = [m for m in named if any(a <= m.start < b for a, b in gone)]
    if not away or any(not any(a <= m.start < b for m in named) for a, b in gone):
        return []
    return [member for member in named if member not in away]


def alone_apart(text: str, vocabulary: Words) -> bool:
    """Say whether `only me` is said before anybody is named: 私だけです。妻は来ません。"""
    for _, sentence in sentences(text):
        if members(sentence, vocabulary):
            return False
        if vocabulary.alone.search(sentence):
            return True
    return False


def is_open(text: str, vocabulary: Words) -> bool:
    """Say whether `text` leaves open who they are or how many: 配偶者, 子どもたち, my kids.

    A household with one member too few would be a wrong one.
    """
    if vocabulary.unclear_kin.search(text):
        return True
    for match in _whole(vocabulary.plural_kin, vocabulary.lang).finditer(text):
        if _counted(text, match.start(), match.end(), vocabulary)[1:] == match.span():
            return True
    return False


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
