"""Writes figures of Chinese in characters."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

_URL = re.compile(r"https?://[!-~]+|www\.[!-~]+|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|#\d{4}|\d{3}-\d{4})(?![\d-])")
_EMERGENCY = re.compile(r"(?<!\d)(?:110|119|118|171|188|189)(?![\d天日元个])")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?=年[度\d]|年$|年[^間间])")
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_RANGE = re.compile(r"(?<=[\d日月年点點分时時])\s?[-–—~〜～]\s?(?=\d)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?[%％]")
_FRACTION = re.compile(r"(?<!\d)(\d)/(\d{1,2})(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class ChineseReading:
    """The tables of ``zh.yaml``."""

    def __init__(self) -> None:
        self._table = _table()

    def read(self, text: str) -> str:
        """Return `text` as it is read aloud."""
        table = self._table
        text = _URL.sub(table["address"], text)
        text = _PHONE.sub(lambda m: "，".join(map(self._dialled, re.findall(r"\d+", m[0]))), text)
        text = _EMERGENCY.sub(lambda m: self._dialled(m[0]), text)
        text = _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
        text = _YEAR.sub(lambda m: "".join(table["digits"][int(digit)] for digit in m[0]), text)
        text = _RANGE.sub(table["range"], text)
        text = _TIME.sub(lambda m: f"{int(m[1])}点" + (f"{int(m[2])}分" if int(m[2]) else ""), text)
        text = _PERCENT.sub(rf"{table['percent']}\1", text)
        text = _FRACTION.sub(lambda m: f"{m[2]}分之{m[1]}", text)
        for mark, said in table["symbols"].items():
            text = text.replace(mark, said)
        text = re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)
        text = re.sub(rf"(?<![\d.])2(?=[{table['measures']}])", "两", text)
        text = re.sub(r"两月", "二月", text)
        text = _NUMBER.sub(lambda m: self._number(m[0]), text)
        return re.sub(r"[，、\s]+(?=[，。、])|^[，、]", "", text).strip()

    def _dialled(self, digits: str) -> str:
        return "".join(self._table["dialled"][int(digit)] for digit in digits)

    def _number(self, number: str) -> str:
        whole, _, decimals = number.partition(".")
        if (len(whole) > 1 and whole[0] == "0") or len(whole) > 9:
            return self._dialled(whole)
        said = self._whole(int(whole))
        if decimals:
            said += self._table["point"]
            said += "".join(self._table["digits"][int(digit)] for digit in decimals)
        return said

    def _whole(self, value: int) -> str:
        if value >= 10**8:
            return self._joined(value, 10**8, "亿")
        if value >= 10_000:
            return self._joined(value, 10_000, "万")
        digits = self._table["digits"]
        said, gap = "", False
        for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = value // unit % 10
            if digit:
                said += ("零" if gap and said else "") + digits[digit] + name
                gap = False
            else:
                gap = True
        if not said:
            return str(digits[0])
        return said[1:] if 10 <= value < 20 else said

    def _joined(self, value: int, unit: int, name: str) -> str:
        head, rest = divmod(value, unit)
        said = ("两" if head == 2 else self._whole(head)) + name
        if rest:
            said += ("零" if rest < unit // 10 else "") + self._whole(rest).replace(
                "十", "一十", int(10 <= rest < 20)
            )
        return said


@cache
def _table() -> dict[str, Any]:
    text = (resources.files("speech.readings") / "zh.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
