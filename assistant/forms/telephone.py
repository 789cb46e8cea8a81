"""Japanese telephone numbers as they are said and typed, by the library `phonenumbers`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

_SAID = re.compile(
    r"(?<![\d-])(?:\+81[\s-]?|0)\d(?:\s*(?:[\-‐–ー−のノ에(),、，.]\s*){0,3}\d){7,9}(?!\d)"
)


_MOBILE = re.compile("0[5789]0")
"""Numbers that begin so have eleven figures, all others ten (電気通信番号規則)."""


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number in its usual groups, and where it stands."""

    text: str
    start: int
    end: int


def telephones(text: str) -> Iterator[Telephone]:
    """Yield the telephone numbers of `text`.

    Groups that were typed stay as they are, since a number of a form that is not
    assigned (06-0000-1234) is grouped by nobody else.

    >>> [number.text for number in telephones("09012345678です")]
    ['090-1234-5678']
    """
    for match in _SAID.finditer(text):
        groups = re.findall(r"\d+", match.group())
        digits = "".join(groups)
        if match.group().startswith("+81"):
            digits = "0" + digits[2:]
            groups = []
        if len(digits) != (11 if _MOBILE.match(digits) else 10):
            continue
        if len(groups) == 3:
            yield Telephone("-".join(groups), match.start(), match.end())
        else:
            number = phonenumbers.parse(digits, "JP")
            grouped = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            yield Telephone(grouped, match.start(), match.end())
