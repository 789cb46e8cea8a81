"""The figures of a text, normalised so that languages can be compared.

A figure is a telephone number, a web address, a clock time or a number. Numbers
keep no unit: 「5万円」, "50,000 yen" and "50.000 yên" are all ``50000``. Months
are left out, because most languages write them as words.
"""

from __future__ import annotations

import re
import unicodedata

_URL = re.compile(r"(?:https?://|www\.)[!#-'*-;=?-~]+")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{3}-\d{6}|#\d{4})(?![\d-])")
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_JA_TIME = re.compile(r"(?<!\d)(午前|午後)?(\d{1,2})時(?:(\d{1,2})分|半)?(?!間)")
_COUNT = r"\d+(?:[.,]\d+)*"
_REST = r"(?:\s*(\d,\d{3}(?![\d,])|\d{1,4}(?![\d,万萬만億亿억])))?"
_MYRIAD = re.compile(
    rf"({_COUNT})\s*[億亿억](?:\s*({_COUNT})\s*[万萬만])?{_REST}|({_COUNT})\s*[万萬만]{_REST}"
)
_MONTH = re.compile(
    r"(?<!\d)(?:1[0-2]|[1-9])\s*(?:月(?!間)|월)|(?<![\w])(?:tháng|Tháng)\s+(?:1[0-2]|[1-9])(?!\d)"
)
_FRACTION = re.compile(r"(?<![\d/])(\d+)分の(\d+)")
_THOUSAND = re.compile(r"(?<![\d.,])(\d{1,3})\s*[千천](?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"^\d{1,3}([.,]\d{3})+$")
_DIGIT_GAP = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3})")


def figures(text: str) -> set[str]:
    """Return the normalised figures of `text`.

    >>> sorted(figures("14日以内。過料は5万円以下。電話は06-0000-1010（9:00から）"))
    ['06-0000-1010', '14', '50000', '9:00']
    """
    rest = _ascii_digits(text)
    found: set[str] = set()

    def take(pattern: re.Pattern[str], value: object = None) -> None:
        nonlocal rest

        def keep(match: re.Match[str]) -> str:
            found.add(value(match) if callable(value) else match.group(0))
            return " "

        rest = pattern.sub(keep, rest)

    take(_URL, lambda m: m.group(0).rstrip(".,;").removesuffix("/"))
    take(_PHONE)
    take(_TIME, lambda m: f"{int(m.group(1))}:{m.group(2)}")
    take(_JA_TIME, _japanese_time)
    rest = _MONTH.sub(" ", rest)
    rest = _THOUSAND.sub(lambda m: str(int(m.group(1)) * 1000), rest)
    rest = _FRACTION.sub(r"\2 \1", rest)
    take(_MYRIAD, _myriad)
    take(_NUMBER, lambda m: _plain_number(m.group(0)))
    return found


def _ascii_digits(text: str) -> str:
    """NFKC, digits of every script as ASCII, and no space inside a number."""
    folded = "".join(
        str(unicodedata.digit(ch)) if unicodedata.category(ch) == "Nd" else ch
        for ch in unicodedata.normalize("NFKC", text)
    )
    folded = re.sub(r"(?<=\d)[‐‑–ー−](?=\d)", "-", folded)
    return _DIGIT_GAP.sub("", folded)


def _japanese_time(match: re.Match[str]) -> str:
    hour = int(match.group(2)) + (
        12 if match.group(1) == "午後" and int(match.group(2)) < 12 else 0
    )
    minutes = 30 if match.group(0).endswith("半") else int(match.group(3) or 0)
    return f"{hour}:{minutes:02d}"


def _myriad(match: re.Match[str]) -> str:
    hundred_millions, ten_thousands, rest, alone, alone_rest = match.groups()
    total = _counted(hundred_millions) * 10**8 + _counted(ten_thousands or alone) * 10**4
    return str(round(total + _counted(rest or alone_rest)))


def _counted(text: str | None) -> float:
    return float((text or "0").replace(",", ""))


def _plain_number(text: str) -> str:
    if _THOUSANDS.match(text):
        return str(int(re.sub(r"[.,]", "", text)))
    head, *tail = re.split(r"[.,]", text)
    digits = str(int(head))
    return ".".join([digits, *tail]) if len(tail) == 1 else "".join([digits, *tail])
