"""Writes Japanese as it is read aloud: figures and terms in katakana, marks as pauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from speech.readings.figures_ja import JapaneseFigures
from speech.readings.katakana import katakana

_RUBY = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}(.?)")
_AFTER_NOUN = "はがをのもへ、。 "
_URL = re.compile(r"https?://[!-~]+|www\.[!-~]+")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+")
_PHONE = re.compile(r"(?<![\d-])(0\d{1,4})[-(]\s?(\d{1,4})[-)]\s?(\d{3,4})(?![\d-])")
_SHARP = re.compile(r"#(\d{3,5})")
_POSTCODE = re.compile(r"〒\s?(\d{3})-(\d{4})")
_JOINED = re.compile(r"(?<![\d-])\d{1,4}(?:-\d{1,4}){1,3}(?![\d-])")
_DATE = re.compile(
    r"(?:(?P<era>令和|平成|昭和|大正|明治)?(?P<year>\d+|元)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?![間分])"
)
_SLASHED = re.compile(r"(?<!\d)(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_SHORT_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?=\s?\([月火水木金土日])")
_FIRST_YEAR = re.compile(r"(令和|平成|昭和|大正|明治)元年")
_WEEKDAY = re.compile(r"(?<=日)\s?\(([月火水木金土日祝])(?:曜日?)?(?:・祝)?\)")
_DAYS = re.compile(r"(?<![一-龥\d])([月火水木金土日])(?=[~・](?:[月火水木金土日](?![一-龥])))")
_LAST_DAY = re.compile(r"(?<=[~・])([月火水木金土日])(?![一-龥ァ-ヶ時分])")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_RANGE = re.compile(
    r"(?<=[^\s、。(])\s?~\s?((?:午前|午後)?\d[\d,.]*(?:[時月年](?:\d+[分日月])?(?:\d+日)?|分|日|円|人|歳|か月|回|階|度|%|"
    r"年度|号|番|週間|日間|時間|ページ)?)(?=$|[、。\s()])"
)
_FRACTION = re.compile(r"(\d+)分の(\d+)")
_SLASH_FRACTION = re.compile(r"(?<![\d/])([1-9])/(\d{1,2})(?![\d/])")
_MONTHS = re.compile(r"(?<=\d)[ヶヵカケ箇ｹ](?=[月所国年])")
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{1,6}(?![A-Za-z])")
_BETWEEN = re.compile(
    r"(?<=[\u3041-\u3096\u4e00-\u9fff、。]) +(?=[\u3041-\u30ff\u4e00-\u9fff])|"
    r"(?<=[\u30a1-\u30ff]) +(?=[\u3041-\u3096\u4e00-\u9fff])"
)


class JapaneseReading:
    """The tables of ``ja.yaml`` and the city's own `readings`, which go first."""

    def __init__(self, readings: Mapping[str, str] | None = None) -> None:
        self._tables = tables()
        self._figures = JapaneseFigures(self._tables)
        terms = {**self._tables["terms"], **(readings or {})}
        self._terms = {surface: katakana(reading) for surface, reading in terms.items()}
        self._known = {surface: katakana(reading)
                       for surface, reading in self._tables["known_numbers"].items()}  # fmt: skip
        self._latin = {surface: katakana(said) for surface, said in self._tables["latin"].items()}

    def read(self, text: str) -> str:
        """Return `text` as it is read aloud."""
        text = _RUBY.sub(_ruby, text)
        text = text.replace("〜", "~").replace("～", "~").replace("…", "、")
        text = re.sub(r"(?<=\d)[‐‑‒–—―－ー−](?=\d)", "-", unicodedata.normalize("NFKC", text))
        text = _URL.sub(str(self._tables["address"]), text)
        text = _MAIL.sub(self._mail, text)
        text = self._contacts(text)
        text = self._times(text)
        text = _known_of(self._known, text)
        text = _known_of(self._latin, text)
        text = _MONTHS.sub("か", text)
        text = re.sub(r"[-−](?=\d)", "、", text).replace("×", self._tables["times"])
        text = text.replace("+", self._tables["plus"])
        text = self._figures.pattern.sub(self._figures.number, text)
        text = _known_of(self._terms, text)
        text = _CAPITALS.sub(self._letters, text)
        for mark, said in self._tables["marks"].items():
            text = text.replace(mark, said)
        text = text.replace("~", self._tables["from"]).replace("/", "、")
        return re.sub(r"、\s*(?=[、。])|(?<=[。、])、+|^、", "", _BETWEEN.sub("", text)).strip()

    def _contacts(self, text: str) -> str:
        joint, dialled = self._tables["joint"] + "、", self._figures.dialled
        text = _PHONE.sub(lambda m: joint.join(dialled(part) for part in m.groups()), text)
        text = _SHARP.sub(lambda m: katakana(self._tables["sharp"]) + dialled(m[1]), text)
        return _POSTCODE.sub(
            lambda m: katakana(self._tables["postcode"]) + "、" + dialled(m[1]) + joint
            + dialled(m[2]), text
        )  # fmt: skip

    def _times(self, text: str) -> str:
        tables = self._tables
        text = _SLASHED.sub(lambda m: f"{int(m[1])}年{int(m[2])}月{int(m[3])}日", text)
        text = _SHORT_DATE.sub(r"\1月\2日", text)
        weekday = {day: katakana(name) for day, name in tables["weekdays"].items()}
        text = _JOINED.sub(self._joined, text)
        text = _CLOCK.sub(lambda m: f"{int(m[1])}時{int(m[2])}分".replace("時0分", "時"), text)
        text = _WEEKDAY.sub(lambda m: "、" + weekday[m[1]], text)
        text = _LAST_DAY.sub(lambda m: weekday[m[1]], _DAYS.sub(lambda m: weekday[m[1]], text))
        text = _RANGE.sub(lambda m: tables["from"] + m[1] + tables["until"], text)
        text = _FIRST_YEAR.sub(lambda m: katakana(tables["eras"][m[1]] + tables["year_one"]), text)
        text = _DATE.sub(self._date, text)
        text = _SLASH_FRACTION.sub(
            lambda m: f"{m[2]}分の{m[1]}" if int(m[1]) < int(m[2]) else m[0], text
        )
        return _FRACTION.sub(
            lambda m: katakana(self._figures.plain(int(m[1])) + tables["fraction"]
                               + self._figures.plain(int(m[2]))), text
        )  # fmt: skip

    def _joined(self, match: re.Match[str]) -> str:
        parts = [katakana(self._figures.plain(int(part))) for part in match[0].split("-")]
        return str(self._tables["joint"]).join(parts)

    def _date(self, match: re.Match[str]) -> str:
        day = int(match["day"])
        said = f"{int(match['month'])}月"
        said += katakana(self._tables["month_first"]) if day == 1 else f"{day}日"
        year = f"{match['year']}年" if match["year"] else ""
        era = match["era"] or ""
        return katakana(self._tables["eras"].get(era, "")) + year + said

    def _mail(self, match: re.Match[str]) -> str:
        said = []
        for part in re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", match[0]):
            if part.isalpha():
                said.append("".join(self._tables["letters"][letter] for letter in part.upper()))
            elif part.isdigit():
                said.append(self._figures.dialled(part))
            else:
                names = {"@": "at", ".": "dot", "-": "dash", "_": "underscore", "+": "plus"}
                said.append(katakana(self._tables[names[part]]))
        return "、".join(said)

    def _letters(self, match: re.Match[str]) -> str:
        return "".join(self._tables["letters"][letter] for letter in match[0])


@cache
def tables() -> dict[str, Any]:
    """Return the tables of ``ja.yaml``."""
    text = (resources.files("speech.readings") / "ja.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _known_of(known: Mapping[str, str], text: str) -> str:
    """Replace what is known, the longest first, never within another word of the same script."""
    if not known:
        return text
    longest_first = sorted(known, key=len, reverse=True)
    pattern = "|".join(
        rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" if word[0].isascii() else re.escape(word)
        for word in longest_first
    )
    return re.sub(pattern, lambda m: known[m[0]], text)


def _ruby(match: re.Match[str]) -> str:
    """Take the reading; but a single kanji before its okurigana is a verb, read as written."""
    surface, reading, after = match.groups()
    single = len(surface) == 1 and re.match(r"[\u3041-\u3096]", after)
    if single and after not in _AFTER_NOUN:
        return surface + after
    return katakana(reading) + after
