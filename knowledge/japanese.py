"""Japanese words and their readings, by SudachiPy with its core dictionary."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache
from typing import Any, NamedTuple

from knowledge.embedding import encodable

LONGEST = 8_000
"""The most characters given to Sudachi at once; it refuses more than 49,149 bytes."""

SHORTEST_KANA = 4
"""Letters of hiragana from which on a text counts as written in kana."""

_BREAK = re.compile(r"[。！？!?\n]")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_KATAKANA = {code + 0x60: code for code in range(0x3041, 0x3097)}
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")


class Morpheme(NamedTuple):
    """One word of a text.

    `start` and `end` are character offsets in the NFKC form of the text;
    `reading` is katakana, empty where Sudachi knows none; `part_of_speech` is
    the first level, such as 名詞.
    """

    surface: str
    normalized: str
    reading: str
    part_of_speech: str
    start: int
    end: int


def nfkc(text: str) -> str:
    """Return `text` in the form in which `analyse` counts characters."""
    return unicodedata.normalize("NFKC", encodable(text))


def analyse(text: str, mode: str = "A") -> list[Morpheme]:
    """Return the words of `text` in split mode A, B or C; safe in several threads.

    Text of any length: it is cut at ends of sentences where it is too long for
    Sudachi.
    """
    tokenizer = _tokenizers(mode)
    found: list[Morpheme] = []
    normal = nfkc(text).replace("\0", " ")
    start = 0
    while start < len(normal):
        end = _cut(normal, start)
        for word in tokenizer.tokenize(normal[start:end]):
            found.append(
                Morpheme(
                    word.surface(),
                    word.normalized_form(),
                    _reading(word.surface(), word.reading_form(), word.part_of_speech()[0]),
                    word.part_of_speech()[0],
                    start + word.begin(),
                    start + word.end(),
                )
            )
        start = end
    return found


def reading(text: str) -> str:
    """Return how `text` is read, in katakana; what has no reading stays as it is."""
    return "".join(word.reading or word.surface for word in analyse(text))


def readings_of_name(name: str) -> set[str]:
    """Return how a Japanese name may be read, in katakana: family and given name together.

    The dictionary's entries for family names and given names are put together at
    every place where the name can be cut, or at its space. Empty where it knows none.

    >>> sorted(readings_of_name("山田裕子"))
    ['ヤマダヒロコ', 'ヤマダユウコ']
    """
    family, _, given = nfkc(name).strip().partition(" ")
    cuts = (
        [(family, given.strip())]
        if given
        else [(family[:cut], family[cut:]) for cut in range(1, len(family))]
    )
    return {
        first + second
        for one, other in cuts
        for first in _name_readings(one, "姓")
        for second in _name_readings(other, "名")
    }


def has_person_name(text: str) -> bool:
    """Say whether the dictionary knows a person's name, or part of one, in `text`.

    >>> has_person_name("山田太郎"), has_person_name("外国人")
    (True, False)
    """
    return any(word.part_of_speech()[2] == "人名" for word in _tokenizers("C").tokenize(nfkc(text)))


def is_family_name(name: str) -> bool:
    """Say whether the dictionary knows `name` as a family name.

    >>> is_family_name("林"), is_family_name("犬")
    (True, False)
    """
    return bool(_name_readings(nfkc(name), "姓"))


def _name_readings(name: str, kind: str) -> list[str]:
    return [
        word.reading_form()
        for word in _dictionary().lookup(name)
        if word.part_of_speech()[2] == "人名" and word.part_of_speech()[3] in (kind, "一般")
    ]


def is_kana(text: str) -> bool:
    """Say whether Japanese `text` is typed in hiragana, as by somebody without kanji.

    A word or two of katakana may stand in it, but no Chinese character: with one,
    most questions that are rich in hiragana are ordinary ones.

    >>> is_kana("ひっこしました。なにをしますか"), is_kana("引っ越し"), is_kana("カードの申請")
    (True, False, False)
    """
    folded = nfkc(text)
    hiragana = sum("ぁ" <= letter <= "ゖ" for letter in folded)
    others = sum("ァ" <= letter <= "ヺ" for letter in folded)
    kanji = sum("\u3400" <= letter <= "\u9fff" for letter in folded)
    return hiragana >= SHORTEST_KANA and kanji == 0 and others <= 0.3 * hiragana


def hiragana(text: str) -> str:
    """Return `text` with katakana as hiragana."""
    return text.translate(_KATAKANA)


def katakana(text: str) -> str:
    """Return `text` with hiragana as katakana."""
    return text.translate(_HIRAGANA)


def _cut(text: str, start: int) -> int:
    if len(text) - start <= LONGEST:
        return len(text)
    limit = start + LONGEST
    ends = [match.end() for match in _BREAK.finditer(text, start + LONGEST // 2, limit)]
    return ends[-1] if ends else limit


def _reading(surface: str, known: str, part_of_speech: str) -> str:
    """Sudachi's reading; for kana it does not know, the kana; for signs, nothing."""
    if part_of_speech in ("補助記号", "空白", "記号"):
        return ""
    if _KANA.fullmatch(surface) and (not known or part_of_speech == "名詞"):
        return katakana(surface)
    return known


@cache
def _dictionary() -> Any:
    import sudachipy

    return sudachipy.Dictionary(dict="core")


_local = threading.local()
_loading = threading.Lock()


def _tokenizers(mode: str) -> Any:
    """The tokenizer of this thread: one may not be used by two threads at once."""
    tokenizers: dict[str, Any] = _local.__dict__.setdefault("tokenizers", {})
    if mode not in tokenizers:
        import sudachipy

        with _loading:
            dictionary = _dictionary()
            make = getattr(dictionary, "tokenizer", None) or dictionary.create
            tokenizers[mode] = make(mode=getattr(sudachipy.SplitMode, mode))
    return tokenizers[mode]
