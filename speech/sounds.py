"""Kana as phonemes, one character each, so that sounds can be compared like letters."""

from __future__ import annotations

import re
import unicodedata

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サ_スセソ", "z": "ザ_ズゼゾ",
    "t": "タ__テト", "d": "ダ__デド", "n": "ナニヌネノ", "h": "ハヒ_ヘホ", "b": "バビブベボ",
    "p": "パピプペポ", "m": "マミムメモ", "y": "ヤ_ユ_ヨ", "r": "ラリルレロ", "w": "ワ____",
}  # fmt: skip
_KANA = {
    letter: consonant + vowel
    for consonant, row in _ROWS.items()
    for letter, vowel in zip(row, "aiueo", strict=True)
    if letter != "_"
}
# S, J, C and c stand for sh, j, ch and ts: one sound, one character.
_KANA |= {
    "シ": "Si", "ジ": "Ji", "ヂ": "Ji", "ヅ": "zu", "チ": "Ci", "ツ": "cu", "フ": "fu",
    "ヲ": "o", "ヰ": "i", "ヱ": "e", "ン": "N", "ッ": "Q", "ヴ": "bu", "ー": "-",
    "ヵ": "ka", "ヶ": "ke",
}  # fmt: skip
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_LONG = re.compile(r"([aiueo])-")
_SAME = re.compile(r"(?<=o)u|(?<=e)i")


def sounds(kana: str) -> str:
    """Return kana as a string of phonemes; other characters are left out.

    Long vowels are vowels twice, however they are written, so that セイ and セー,
    コウ and コー are the same.

    >>> sounds("シャカイ"), sounds("きゅうしょく"), sounds("ベンキョー")
    ('Sakai', 'kyuuSoku', 'beNkyoo')
    """
    found = ""
    for letter in unicodedata.normalize("NFKC", kana).translate(_HIRAGANA):
        if letter in _SMALL and found:
            found = _glide(found, letter)
        else:
            found += _KANA.get(letter, "")
    found = _LONG.sub(r"\1\1", found).replace("-", "")
    return _SAME.sub(lambda match: {"u": "o", "i": "e"}[match.group()], found)


def _glide(found: str, small: str) -> str:
    vowel = _SMALL[small]
    stem = found[:-1] if found[-1] in "iueo" else found
    if small in "ャュョ" and stem and stem[-1] not in "SJC":
        return stem + "y" + vowel
    return stem + vowel
