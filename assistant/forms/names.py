"""Names of people and their readings, as they are said at a counter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.forms.words import Words
from knowledge.japanese import is_family_name

LONGEST = 50
"""Characters of the longest name; a longer answer is not a name."""

_FAMILY_FIRST = frozenset({"ja", "ja-x-easy", "zh-Hans", "zh-Hant", "ko", "vi"})
_JOINED = frozenset({"ja", "ja-x-easy", "zh-Hans", "zh-Hant", "ko"})

_NO_NAME = re.compile(r"\d|[?？]")
_SPELT = re.compile(r"(?<![^\W_])[A-Za-z](?:[\s.-]+[A-Za-z](?![^\W_])){2,}\.?")
"""A name that was spelt: O.K.A.F.O.R. or o k a f o r."""

_NEXT_CLAUSE = re.compile(
    r"\s(?:and|y|e|và|còn|at|dan|र|และ|i|yo|eu|ako|tôi|saya|po)(?:\s|$)"
    r"|(?<=\w\w)[.](?=\s)|[,;、。]|(?:이고|하고)\s",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"(?:[^、。,;!?\n.]|(?<=\b\w)\.)+")
_JAPANESE = re.compile(
    r"[一-龯々ヶ]{1,6}(?:の[一-龯々])?[\s]?[一-龯々ヶぁ-ゖァ-ヺー]{0,8}|[ァ-ヺー]+(?:[\s・=]+[ァ-ヺー]+)*"
    r"|[A-Za-z][A-Za-z' .-]+|[ぁ-ゖ]{2,6}[\s][ぁ-ゖ]{1,6}"
)
_WITH_SPACES = re.compile(r"[^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){0,6}")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー][ぁ-ゖァ-ヺー・\s]*[ぁ-ゖァ-ヺー]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, its place in the text, and whether it stood in a sentence that says it is one."""

    text: str
    start: int
    end: int
    said: bool


def said_name(text: str, vocabulary: Words) -> Name | None:
    """Return the name in a sentence of the kind `my name is …`."""
    for pattern in vocabulary.names:
        for match in pattern.finditer(text):
            start, end = match.span("name")
            name = text[start:end]
            stop = _NEXT_CLAUSE.search(name) or vocabulary.tail.search(name)
            cut = stop.start() if stop else len(name)
            own = name[:cut].strip()
            if _is_name(own, vocabulary):
                return Name(_tidy(own), start, start + cut, True)
    return None


def answered_name(text: str, vocabulary: Words, *, of_relative: bool = False) -> Name | None:
    """Return the name that an answer to the question for it gives.

    With `of_relative` 父の高橋一郎 is an answer, else it is somebody else's name.

    Where a person says part of it and then the whole (木村、木村拓郎), the whole is it;
    a further person named in another clause is not.
    """
    found = said_name(text, vocabulary)
    found = _whole(found, text, vocabulary) if found else _bare_name(text, vocabulary, of_relative)
    return _with_given(found, text, vocabulary) if found else None


def _with_given(found: Name, text: str, vocabulary: Words) -> Name:
    """The family name with a given name said apart: 大野です。下の名前は、さくらです。"""
    for pattern in vocabulary.given:
        for match in pattern.finditer(text):
            given = _tidy(match["name"])
            if given.casefold() in found.text.casefold():
                continue
            family = found.text.title() if found.text.isupper() else found.text
            parts = (family, given) if vocabulary.lang in _FAMILY_FIRST else (given, family)
            joint = "" if vocabulary.lang in _JOINED else " "
            start, end = min(found.start, match.start()), max(found.end, match.end("name"))
            return Name(joint.join(parts), start, end, True)
    return found


def _bare_name(text: str, vocabulary: Words, of_relative: bool) -> Name | None:
    """The name of an answer that is no sentence."""
    found = None
    for match in _CLAUSES.finditer(text):
        start, end = body(match.group(), vocabulary)
        name = match.group()[start:end]
        if kin := _of_kin(name, vocabulary):
            if not of_relative:
                continue
            start += kin
            name = name[kin:]
        if not _is_name(name, vocabulary) or vocabulary.deny.search(name):
            continue
        if found is None or found.text.casefold() in name.casefold():
            found = Name(_tidy(name), match.start() + start, match.start() + end, False)
    return found


def _of_kin(name: str, vocabulary: Words) -> int:
    """How many characters of 父の高橋一郎 tell whose name it is."""
    if vocabulary.lang not in ("ja", "ja-x-easy"):
        return 0
    for pattern in (*(kin for _, kin in vocabulary.kin), vocabulary.relation):
        if (kin := pattern.match(name)) and name.startswith(("の", "は"), kin.end()):
            return kin.end() + 1
    return 0


def _whole(found: Name, text: str, vocabulary: Words) -> Name:
    """The longer name of another clause that holds the one found."""
    for match in _CLAUSES.finditer(text):
        start, end = body(match.group(), vocabulary)
        name = match.group()[start:end]
        longer = len(name) > len(found.text) and found.text.casefold() in name.casefold()
        if longer and _is_name(name, vocabulary):
            return Name(_tidy(name), match.start() + start, match.start() + end, True)
    return found


def reading(text: str, vocabulary: Words) -> Name | None:
    """Return the reading of a name, in katakana with a space between its parts."""
    pieces: list[tuple[int, int, str]] = []
    for match in _CLAUSES.finditer(text):
        start, end = body(match.group(), vocabulary)
        piece = match.group()[start:end]
        if re.search(r"[一-龯]", piece):
            pieces.extend(
                (match.start() + start + m.start(), match.start() + start + m.end(), m.group())
                for m in re.finditer(r"[ァ-ヺー][ァ-ヺー・\s]*[ァ-ヺー]", piece)
            )
        elif (kana := _KANA.fullmatch(piece)) and not vocabulary.no_reading.search(piece):
            pieces.append((match.start() + start, match.start() + end, kana.group()))
    if not pieces:
        return None
    best = max(pieces, key=lambda piece: len(piece[2]))
    if len(pieces) == 2 and pieces[0][2] not in pieces[1][2] and pieces[1][2] not in pieces[0][2]:
        (start, _, first), (_, end, second) = pieces
        best = (start, end, f"{first} {second}")
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in best[2])
    return Name(re.sub(r"[\s・]+", " ", katakana).strip(), best[0], best[1], False)


def body(text: str, vocabulary: Words) -> tuple[int, int]:
    """Return where the answer lies in `text`, without what leads to it and what closes it."""
    start, end = 0, len(text)
    while start < end and text[start] in " 　、,。.…":
        start += 1
    while (lead := vocabulary.lead.match(text, start)) and lead.end() > start:
        start = lead.end()
    tail = vocabulary.tail.search(text, start)
    if tail:
        end = tail.start()
    while start < end and text[start] in " 　、,。.…":
        start += 1
    while end > start and text[end - 1] in " 　、,。.…!！":
        end -= 1
    return start, end


def _is_name(name: str, vocabulary: Words) -> bool:
    if not _long_enough(name, vocabulary) or len(name) > LONGEST or _NO_NAME.search(name):
        return False
    if any(pattern.fullmatch(name) for _, pattern in vocabulary.kin):
        return False
    if vocabulary.no_name.search(name) or vocabulary.myself.fullmatch(name):
        return False
    if vocabulary.lang in ("ja", "ja-x-easy"):
        return _JAPANESE.fullmatch(name) is not None
    if re.search(r"[一-龯]", name):
        return len(name) <= 8
    if vocabulary.unspaced or vocabulary.lang == "ne":  # vowel signs are no letters to `re`
        return True
    return _WITH_SPACES.fullmatch(name) is not None


def _long_enough(name: str, vocabulary: Words) -> bool:
    """Two letters; one where it is a family name: 原, 林, 박."""
    if len(name) != 1:
        return len(name) > 1
    if vocabulary.lang in ("ja", "ja-x-easy"):
        return is_family_name(name)
    return vocabulary.lang == "ko" and "가" <= name <= "힣"


def _tidy(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(" '\"")
    name = _SPELT.sub(lambda spelt: re.sub(r"[\s.-]", "", spelt.group()), name)
    return name.upper() if re.fullmatch(r"[A-Za-zÀ-ỹ' .-]+", name) else name
