"""Writes figures of English, Spanish and Portuguese in words."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml
from num2words import num2words

_URL = re.compile(r"https?://[!-~]+|www\.[!-~]+")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}[- ]\d{1,4}[- ]\d{3,4}|#\d{4}|\d{3}-\d{4})(?![\d-])")
_EMERGENCY = re.compile(
    r"(?<![\d.,])(?:110|119|118|171|188|189)(?![.,:]?\d)(?!\s*(?:yen|day|d[ií]a))"
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_RANGE = re.compile(r"(?<=[\dm.])\s?[–—~〜～-]\s?(?=[\d¥])")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u202f\u00a0 ](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d|\s?(?:yen|ien|days))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ORDINAL = re.compile(r"(?<!\d)(\d+)(?:st|nd|rd|th)\b")
_YEN = re.compile(r"¥\s?(\d[\d,.]*\d|\d)")


class WordsReading:
    """The tables of one language in ``words.yaml``."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._table: dict[str, Any] = _tables()[lang]

    def read(self, text: str) -> str:
        """Return `text` as it is read aloud."""
        table = self._table
        text = _URL.sub(table["address"], text)
        text = _MAIL.sub(self._mail, text)
        text = _PHONE.sub(self._dialled, text)
        text = _EMERGENCY.sub(self._dialled, text)
        text = _ISO.sub(self._date, text)
        text = _YEN.sub(rf"\1 {table['yen']}", text)
        text = _RANGE.sub(f" {table['range']} ", text)
        text = _TIME.sub(self._time, text)
        for mark, said in table["symbols"].items():
            pattern = re.escape(mark)
            pattern = rf"(?<![^\W\d_]){pattern}" if mark[0].isalpha() else pattern
            pattern += r"(?![^\W\d_])" if mark[-1].isalpha() else ""
            text = re.sub(pattern, f" {said} " if said[0].isalpha() else said, text)
        text = _THOUSANDS.sub("", text)
        if self._lang == "en":
            text = re.sub(
                rf"({'|'.join(table['months'])}) (\d{{1,2}})(?:st|nd|rd|th)?(?!\d)", _day, text
            )
            text = _ORDINAL.sub(lambda m: num2words(int(m[1]), to="ordinal"), text)
            text = _YEAR.sub(lambda m: num2words(int(m[0]), to="year"), text)
        text = _NUMBER.sub(self._number, text)
        text = re.sub(r"\s*[(\[]\s*", ", ", re.sub(r"\s*[)\]]", ", ", text))
        text = re.sub(r"[・•●■※→「」]", " ", text)
        text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r",\s*(?=[,.;:!?])|^[,\s]+", "", text))
        return re.sub(r"\s+", " ", text).strip()

    def _dialled(self, match: re.Match[str]) -> str:
        groups = re.findall(r"\d+", match[0])
        digits = self._table["digits"]
        return ", ".join(" ".join(digits[int(digit)] for digit in group) for group in groups)

    def _mail(self, match: re.Match[str]) -> str:
        names = {"@": "at", ".": "dot"}
        return re.sub(
            r"[@.]", lambda m: f" {self._table[names[m[0]]]} ", match[0].replace("-", " ")
        )

    def _date(self, match: re.Match[str]) -> str:
        month = self._table["months"][int(match[2]) - 1]
        day = str(int(match[3]))
        if self._lang == "en":
            return f"{month} {day}, {match[1]}"
        return f"{day} de {month} de {match[1]}"

    def _time(self, match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2])
        said = self._words(hour)
        if not minute:
            return str(self._table["o_clock"].format(hour=said))
        late = self._words(minute)
        if minute < 10:
            late = self._table["small_minute"].format(minute=late)
        return str(self._table["time"].format(hour=said, minute=late))

    def _number(self, match: re.Match[str]) -> str:
        whole, _, decimals = match[0].replace(",", ".").partition(".")
        if (len(whole) > 1 and whole[0] == "0") or len(whole) > 9:
            return self._dialled(match)
        if not decimals:
            return self._words(int(whole))
        digits = " ".join(self._table["digits"][int(digit)] for digit in decimals)
        return f"{self._words(int(whole))} {self._table['decimal']} {digits}"

    def _words(self, value: int) -> str:
        said = str(num2words(value, lang=self._table["number"]))
        return said.replace("-", " ").replace(",", "")


def _day(match: re.Match[str]) -> str:
    return f"{match[1]} {num2words(int(match[2]), to='ordinal')}"


@cache
def _tables() -> dict[str, Any]:
    text = (resources.files("speech.readings") / "words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


LANGS = ("en", "es", "pt")
"""The languages of ``words.yaml``."""
