"""Personal data hidden before a question is stored, logged or sent to a model.

Each kind is found by its form and, where it has one, by its check digit, and
replaced by a name in brackets. Service numbers that anyone may call (110, 0120…)
are no personal data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_SEP = r"[-‐‑–—ー−\s.]?"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(rf"(?<!\d)\d(?:{_SEP}\d){{12,18}}(?!\d)")
_MY_NUMBER = re.compile(rf"(?<!\d)\d(?:{_SEP}\d){{11}}(?!\d)")
_RESIDENCE_CARD = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\s?\d{8}\s?[A-Z]{2}(?![A-Za-z0-9])", re.I)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{7}(?![A-Za-z0-9])", re.I)
_PHONE = re.compile(
    rf"(?<![\d-])(?:\+81{_SEP}\d{{1,4}}|\(?0\d{{1,4}}\)?){_SEP}\d{{1,4}}{_SEP}\d{{3,4}}(?!\d)"
)
_POSTAL = re.compile(r"(?:〒\s?\d{3}-?\d{4}|(?<!\d)\d{3}-\d{4}(?![\d-]))")
_ADDRESS = re.compile(
    r"(?:[一-龯]{2,3}[都道府県])?(?:[一-龯ぁ-んァ-ヶ]{1,6}[市区町村郡]){1,3}"
    r"[一-龯ぁ-んァ-ヶ]{1,12}?\s?\d{1,4}(?:丁目|番地?|号|-\d{1,4})(?:\d{1,4}(?:番地?|号)?|-\d{1,4}|の\d{1,4})*"
)
_ACCOUNT = re.compile(
    r"(?:口座番号|account (?:number|no\.?)|账号|帳號|계좌번호|số tài khoản)"
    r"\D{0,6}(\d[\d -]{4,12}\d)",
    re.I,
)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_my_number(text: str) -> bool:
    """Say whether `text` holds twelve digits with a valid My Number check digit.

    The rule is that of 番号法施行令 (総務省令第85号, Article 5): weights 2 to 7
    and 2 to 6 from the right, remainder of 11.

    >>> is_my_number("1234 5678 9018")
    True
    """
    digits = _digits(text)
    if len(digits) != 12:
        return False
    body = [int(ch) for ch in digits[10::-1]]
    total = sum(d * (n + 2 if n < 6 else n - 4) for n, d in enumerate(body))
    remainder = total % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def is_card_number(text: str) -> bool:
    """Say whether `text` holds 13 to 19 digits with a valid Luhn check digit (ISO/IEC 7812)."""
    digits = _digits(text)
    if not 13 <= len(digits) <= 19:
        return False
    total = 0
    for n, ch in enumerate(reversed(digits)):
        d = int(ch) * (2 if n % 2 else 1)
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def _is_private_phone(text: str) -> bool:
    digits = _digits(text).removeprefix("81")
    if digits.startswith(("0120", "0570", "0800", "0990")):
        return False
    return 9 <= len(digits) <= 11


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    form: re.Pattern[str]
    holds: Callable[[str], bool] = lambda text: True


_KINDS = (
    _Kind("email", _EMAIL),
    _Kind("card", _CARD, is_card_number),
    _Kind("my-number", _MY_NUMBER, is_my_number),
    _Kind("residence-card", _RESIDENCE_CARD),
    _Kind("account", _ACCOUNT),
    _Kind("phone", _PHONE, _is_private_phone),
    _Kind("passport", _PASSPORT),
    _Kind("address", _ADDRESS),
    _Kind("postal-code", _POSTAL),
)


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with personal data replaced by ``[kind]``, and the kinds found.

    >>> mask("私の番号は1234-5678-9018です")
    ('私の番号は[my-number]です', ('my-number',))
    """
    folded = unicodedata.normalize("NFKC", text)
    if not any(ch.isdigit() or ch == "@" for ch in folded):
        return text, ()
    kinds: list[str] = []
    for kind in _KINDS:

        def hide(match: re.Match[str], kind: _Kind = kind) -> str:
            if not kind.holds(match.group(0)):
                return match.group(0)
            kinds.append(kind.name)
            return f"[{kind.name}]"

        folded = kind.form.sub(hide, folded)
    return (folded, tuple(kinds)) if kinds else (text, ())
