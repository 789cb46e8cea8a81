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

from assistant.stated_names import stated_names

_SEP = r"[-‐‑–—ー−の\s.]?"
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
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
    r"(?:\s?[一-龯ァ-ヶーA-Za-z]{1,15}\s?\d{1,4}(?:号室?)?(?=に|で|の|な|$|、|。|\s))?"
)
_ACCOUNT = re.compile(
    r"(?:口座番号|口座|account (?:number|no\.?)|账号|账户|帳號|帳戶|계좌 ?번호|계좌|số tài khoản"
    r"|(?:número da |número de )?(?:conta|cuenta)(?: número)?|(?:nomor |no\. ?)?rekening"
    r"|เลขที่บัญชี|บัญชี|खाता नम्बर|खाता)"
    r"[^\d\n]{0,12}?(\d[\d -]{4,15}\d)(?!\d)",
    re.I,
)
_LATIN_ADDRESS = re.compile(
    r"(?:(?:apt|apartment|room|căn hộ|phòng|apto)\.? ?\d{1,4},? )?"
    r"\d{1,4}-\d{1,4}(?:-\d{1,4})?,? (?:[A-Z][\w-]+,? ?){1,4}?[A-Z][\w-]*-(?:ku|shi|cho|machi)\b"
    r"(?:,? (?:apt|apartment|room|apto)\.? ?\d{1,4})?"
)
_KOREAN_ADDRESS = re.compile(r"(?:[가-힣]+(?:시|구|정|초) ){1,3}[가-힣]+ \d{1,4}(?:-\d{1,4}){1,3}")


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
    _Kind("address", _LATIN_ADDRESS),
    _Kind("address", _KOREAN_ADDRESS),
    _Kind("postal-code", _POSTAL),
)


def _without_names(text: str) -> tuple[str, int]:
    """Return `text` without the names that are stated in it, and how many there were."""
    ends = len(text) + 1
    count = 0
    for start, end in sorted(stated_names(text), reverse=True):
        if end <= ends:
            text = f"{text[:start]}[name]{text[end:]}"
            ends = start
            count += 1
    return text, count


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with personal data replaced by ``[kind]``, and the kinds found.

    >>> mask("私の番号は1234-5678-9018です")
    ('私の番号は[my-number]です', ('my-number',))
    """
    folded = "".join(
        str(unicodedata.digit(ch)) if unicodedata.category(ch) == "Nd" else ch
        for ch in unicodedata.normalize("NFKC", text)
    )
    folded, named = _without_names(folded)
    kinds: list[str] = ["name"] * named
    for kind in _KINDS:

        def hide(match: re.Match[str], kind: _Kind = kind) -> str:
            if not kind.holds(match.group(0)):
                return match.group(0)
            kinds.append(kind.name)
            return f"[{kind.name}]"

        folded = kind.form.sub(hide, folded)
    return (folded, tuple(kinds)) if kinds else (text, ())
