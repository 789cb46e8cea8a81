"""Numbers that are said in words, rewritten in figures: 昭和十二年, ゼロキュウ, primeiro."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from assistant.forms.words import Words

_UNITS = "年月日号號"
_HAN = {ch: n for n, ch in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HANGUL = {ch: n for n, ch in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_TENS = {"十": 10, "百": 100, "千": 1000, "십": 10, "백": 100, "천": 1000}

_EAST = re.compile(
    rf"(?P<han>[〇零一二三四五六七八九十百千]+)(?=\s*[{_UNITS}])"
    r"|(?<=[月つ、の])\s*(?P<day>ついたち|ふつか|みっか|よっか|いつか|むいか|なのか|ようか|ここのか|とおか|はつか)"
    r"|(?P<kana>(?<=\d)\s*(?:ねん|がつ|にち))"
    r"|(?P<era>(?:しょうわ|へいせい|れいわ|たいしょう)(?=\s*(?:の\s*)?\d))"
)
_KANA_UNITS = {"ねん": "年", "がつ": "月", "にち": "日"}
_KANA_ERAS = {"たいしょう": "大正", "しょうわ": "昭和", "へいせい": "平成", "れいわ": "令和"}
_DAYS = {
    "ついたち": 1, "ふつか": 2, "みっか": 3, "よっか": 4, "いつか": 5, "むいか": 6,
    "なのか": 7, "ようか": 8, "ここのか": 9, "とおか": 10, "はつか": 20,
}  # fmt: skip
_KOREAN = re.compile(
    r"(?P<han>[영공일이삼사오육칠팔구십백천]+)(?=\s*[년월일])|(?P<month>(?<![가-힣])[유시](?=월))"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """A text with figures for words; `starts` and `ends` give each character's old place."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the old text of a piece of the new one (not an empty one)."""
        return self.starts[start], self.ends[end - 1]


def numeral(said: str) -> int:
    """Return the number that Chinese or Sino-Korean numerals stand for.

    >>> numeral("一九八八"), numeral("二十三"), numeral("천구백팔십오")
    (1988, 23, 1985)
    """
    digits = _HAN | _HANGUL
    if not any(ch in _TENS for ch in said):
        return int("".join(str(digits[ch]) for ch in said))
    total = unit = 0
    for ch in said:
        if ch in _TENS:
            total += (unit or 1) * _TENS[ch]
            unit = 0
        else:
            unit = digits[ch]
    return total + unit


def dated(text: str, vocabulary: Words) -> Figures:
    """Return `text` with figures for the numbers of days, months and years."""
    if vocabulary.lang == "ko":
        return _rewritten(text, _KOREAN, _korean)
    if vocabulary.lang in ("ja", "ja-x-easy", "zh-Hans", "zh-Hant"):
        return _rewritten(text, _EAST, _east)
    numbers = {**vocabulary.day_numbers, **vocabulary.years}
    if not numbers:
        return _rewritten(text, re.compile(r"(?!)"), re.Match.group)
    return _rewritten(
        text, _words(tuple(numbers)), lambda match: str(numbers[match.group().casefold()])
    )


def dialled(text: str, vocabulary: Words) -> Figures:
    """Return `text` with figures where two digits or more are said one by one."""
    digits = vocabulary.digits
    if not digits:
        return _rewritten(text, re.compile(r"(?!)"), re.Match.group)
    single = _any(tuple(digits))
    edge = (
        "" if vocabulary.unspaced else r"(?=에|의)|(?!\w)" if vocabulary.lang == "ko" else r"(?!\w)"
    )
    run = re.compile(
        rf"(?:(?<=\d)|(?<!\w)|{'' if vocabulary.unspaced else '(?!)'})"
        rf"(?:{single}|\d)(?:[ ]*[,-]?[ ]*(?:{single}|\d))*(?:{edge})",
        re.IGNORECASE,
    )

    def figures(match: re.Match[str]) -> str:
        if match.group().isdecimal() or len(match.group()) < 2:
            return match.group()
        said = re.findall(rf"{single}|\d", match.group(), re.IGNORECASE)
        if len(said) < 2 or all(part.isdecimal() for part in said):
            return match.group()
        return "".join(digits.get(part.casefold(), part) for part in said)

    return _rewritten(text, run, figures)


def _east(match: re.Match[str]) -> str:
    if match["day"]:
        return f"{_DAYS[match['day']]}日"
    if match["era"]:
        return _KANA_ERAS[match["era"]]
    if match["kana"]:
        return _KANA_UNITS[match["kana"].strip()]
    return str(numeral(match["han"]))


def _korean(match: re.Match[str]) -> str:
    if match["month"]:
        return {"유": "6", "시": "10"}[match["month"]]
    return str(numeral(match["han"]))


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(words)}(?!\w)", re.IGNORECASE)


@cache
def _any(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True))})"


def _rewritten(
    text: str, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str]
) -> Figures:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in (*pattern.finditer(text), None):
        stop = match.start() if match else len(text)
        pieces.append(text[at:stop])
        starts.extend(range(at, stop))
        ends.extend(range(at + 1, stop + 1))
        if match:
            new = value(match)
            pieces.append(new)
            starts.extend([match.start()] * len(new))
            ends.extend([match.end()] * len(new))
            at = match.end()
    return Figures("".join(pieces), tuple(starts), tuple(ends))
