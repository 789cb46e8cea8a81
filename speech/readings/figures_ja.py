"""Japanese numbers with their counters: いっぽん, にほん, さんぼん."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from speech.readings.katakana import katakana

_STOPPED = dict(zip("はひふへほ", "ぱぴぷぺぽ", strict=True))
_MULTIPLES = {"千": 1_000, "万": 10**4, "億": 10**8, "兆": 10**12}


class JapaneseFigures:
    """The readings of numbers, by the tables of ``ja.yaml``; everything is katakana."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        counters = sorted({*tables["counters"], *tables["exact"]}, key=len, reverse=True)
        self.pattern = re.compile(
            r"(?P<number>\d[\d,]*(?:\.\d+)?(?:[千万億兆](?:\d[\d,]*)?)*)"
            rf"(?P<counter>{'|'.join(map(re.escape, counters))})?"
        )

    def number(self, match: re.Match[str]) -> str:
        """Return the reading of a match of `pattern`."""
        number, counter = match["number"].replace(",", ""), match["counter"] or ""
        if number.isdigit() and ((len(number) > 1 and number[0] == "0") or len(number) >= 9):
            return self.dialled(number) + self._counter(counter)
        if "." in number and number[-1].isdigit():
            whole, _, decimals = number.partition(".")
            return katakana(self._decimal(whole, decimals) + self._counter(counter))
        return katakana(self._counted(_value(number), number.isdigit(), counter))

    def dialled(self, digits: str) -> str:
        """Return digits said one by one, as those of a telephone number are."""
        names = self._tables["dialled"]
        return katakana("".join(names[int(digit)] for digit in digits if digit.isdigit()))

    def plain(self, value: int) -> str:
        """Return the reading of a whole number in hiragana."""
        if value == 0:
            return str(self._tables["digits"][0])
        read, group = "", 0
        while value:
            value, four = divmod(value, 10_000)
            if four:
                said = self._four(four)
                if group and four % 10_000 == 1_000:
                    said = "いっせん"
                if group == 3:
                    said = self._ending(said, "s")
                read = said + self._tables["myriads"][group] + read
            group += 1
        return read

    def _counted(self, value: float, whole: bool, counter: str) -> str:
        if value != int(value):
            whole_part, _, decimals = str(value).partition(".")
            return self._decimal(whole_part, decimals) + self._counter(counter)
        value = int(value)
        exact = self._tables["exact"].get(counter, {})
        if whole and value in exact:
            return str(exact[value])
        number = self.plain(value)
        if counter not in self._tables["counters"]:
            return number + str(counter)
        reading, kind = self._tables["counters"][counter]
        for end, changed in self._tables["endings"].get(counter, {}).items():
            if number.endswith(end) and not (end == "よん" and value % 10 != 4):
                return str(number.removesuffix(end) + changed + reading)
        for end, first in self._tables["voiced"].get(counter[0], {}).items():
            if number.endswith(end):
                return str(number + first[0] + reading[1:])
        ended = self._ending(number, kind)
        if kind == "h" and ended != number:
            reading = _STOPPED[reading[0]] + reading[1:]
        return str(ended + reading)

    def _counter(self, counter: str) -> str:
        return str(self._tables["counters"].get(counter, [counter])[0])

    def _decimal(self, whole: str, decimals: str) -> str:
        digits = self._tables["digits"]
        head = self._ending(self.plain(int(whole)), "s") if int(whole) else "れい"
        return f"{head}{self._tables['point']}" + "".join(digits[int(digit)] for digit in decimals)

    def _ending(self, number: str, kind: str) -> str:
        for end, changed in self._tables["classes"].get(kind, {}).items():
            if number.endswith(end):
                return str(number.removesuffix(end) + changed)
        return number

    def _four(self, value: int) -> str:
        tables, tens = self._tables, value // 10 % 10
        ten = "" if not tens else ("" if tens == 1 else tables["digits"][tens]) + "じゅう"
        one = tables["digits"][value % 10] if value % 10 else ""
        return str(tables["thousands"][value // 1_000]
                   + tables["hundreds"][value // 100 % 10] + ten + one)  # fmt: skip


def _value(number: str) -> float:
    """Return the value of ``1億2000万`` or ``5千``."""
    total = 0.0
    for digits, multiple in re.findall(r"([\d.]+)([千万億兆]*)", number):
        part = float(digits)
        for unit in multiple:
            part *= _MULTIPLES[unit]
        total += part
    return total
