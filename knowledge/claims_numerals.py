"""Text with every number in ASCII digits: 一万五千, 1万5千, 15 mil, १५,०००, two weeks.

Years of Japanese eras and of the Buddhist calendar become those of the common
calendar, so that 令和8年, Reiwa 8, พ.ศ. 2569 and 2026 are one year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from knowledge.claims_words import either, units, words

ERAS = {
    "明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019,
    "메이지": 1868, "다이쇼": 1912, "쇼와": 1926, "헤이세이": 1989, "레이와": 2019,
    "meiji": 1868, "taisho": 1912, "taishō": 1912, "showa": 1926, "shōwa": 1926,
    "heisei": 1989, "reiwa": 2019,
    "मेइजी": 1868, "शोवा": 1926, "हेइसेइ": 1989, "रेइवा": 2019, "रेवा": 2019,
    "โชวะ": 1926, "เฮเซ": 1989, "เฮเซย์": 1989, "เรวะ": 2019, "เรย์วะ": 2019,
}  # fmt: skip
"""The first year of each era (元号), by its name in the languages of the desk."""

BUDDHIST = 543
"""Years by which the calendar of Thailand (พ.ศ.) is ahead."""

_HAN_DIGITS = {ch: n for n, ch in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HANGUL_DIGITS = {ch: n for n, ch in enumerate("영일이삼사오육칠팔구")}
_SMALL = {
    "十": 10, "百": 100, "千": 1000, "仟": 1000, "십": 10, "백": 100, "천": 1000,
}  # fmt: skip
_LARGE = {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8}
_HAN = re.compile(r"[〇零一二三四五六七八九十百千两兩万萬億亿]+")
_HAN_FRACTION = re.compile(
    r"([一二三四五六七八九十]+|\d+)\s?分([の之])\s?([一二三四五六七八九十]+|\d+)"
)
_HANGUL = re.compile(
    r"(?<![가-힣])[일이삼사오육칠팔구십백천만억]+(?=\s?(?:엔|년|월|일|세|퍼센트|층))"
)
_MIXED = re.compile(
    r"\d[\d.]*\s?[十百千万萬億亿천만억백][\d.十百千万萬億亿천만억백]*(?:\s(?=\d[\d.]*[천백])[\d.천백]+)?"
)
_GROUPED = re.compile(
    r"(?<![\d.,/-])\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:,\d{2})+,\d{3})(?![\d/]|-\d)"
)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_GAP = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3})")
_DASH = re.compile(r"(?<=\d)[‐‑–ー−―](?=\d)")
_ERA = re.compile(
    rf"(?P<n>(?<!\d)\d{{1,2}})\s+(?:of|de|da|tahun)\s+(?P<e>{'|'.join(ERAS)})(?!\s\d)|"
    rf"(?P<era>{'|'.join(ERAS)})\s*(?:(?:nga?|year|năm|ano|año|tahun|ปีที่|ปี)\s+)?"
    r"(?P<y>\d+|元|원|gannen)",
    re.IGNORECASE,
)
_BUDDHIST = re.compile(
    r"(?:พ\.\s?ศ\.|พุทธศักราช)\s*(\d{4})|(?<!\d)(25[4-9]\d|26\d\d)(?!\d|\s?(?:เยน|บาท|คน))"
)


def plain(text: str, lang: str) -> str:
    """Return `text` in NFKC and lower case with its numbers in ASCII digits.

    >>> plain("１万５千円を令和８年に", "ja"), plain("fifteen thousand yen in two weeks", "en")
    ('15000円を2026年に', '15000 yen in 2 weeks')
    """
    folded = "".join(
        str(unicodedata.digit(ch)) if ord(ch) > 127 and unicodedata.category(ch) == "Nd" else ch
        for ch in unicodedata.normalize("NFKC", text).lower()
    )
    folded = _GAP.sub("", _DASH.sub("-", folded.replace("〜", "~")))
    folded = _GROUPED.sub(lambda m: re.sub(r"[.,]", "", m.group()), folded)
    if lang in ("vi", "pt", "es", "id"):
        folded = _DECIMAL_COMMA.sub(".", folded)
    known = words(lang)
    if known.lang in ("ja", "zh-Hans", "ko"):
        folded = _east(folded, lang)
    for pattern, replacement in _rewritings(lang):
        folded = pattern.sub(replacement, folded)
    folded = _ERA.sub(_common, folded)
    return _BUDDHIST.sub(_buddhist, folded) if known.lang == "th" else folded


def counted(said: str) -> float:
    """Return the number that digits with East Asian units stand for.

    >>> counted("1万5千"), counted("二十三"), counted("一九八八"), counted("오십만")
    (15000, 23, 1988, 500000)
    """
    digits = _HAN_DIGITS | _HANGUL_DIGITS
    if not any(ch in _SMALL or ch in _LARGE for ch in said):
        return float(
            "".join(str(digits[ch]) if ch in digits else ch for ch in said.replace(" ", ""))
        )
    total = section = 0.0
    held: str = ""
    for ch in [*said.replace(" ", ""), ""]:
        if ch in digits:
            held = str(int(held or 0) * 10 + digits[ch]) if held else str(digits[ch])
        elif ch in _SMALL:
            section += float(held or 1) * _SMALL[ch]
            held = ""
        elif ch in _LARGE:
            total += (section + float(held or 0) or 1) * _LARGE[ch]
            section, held = 0.0, ""
        else:
            held += ch
    return total + section + float(held or 0)


def written(value: float) -> str:
    """Return `value` in digits, without a fraction that is none."""
    return str(int(value)) if value == int(value) else f"{value:.4f}".rstrip("0")


def _east(text: str, lang: str) -> str:
    text = _HAN_FRACTION.sub(_fraction, text)
    text = _MIXED.sub(lambda m: _tail(m.group()), text)
    text = _kanji(lang).sub(lambda m: written(counted(m.group())), text)
    return _HANGUL.sub(lambda m: written(counted(m.group())), text) if lang == "ko" else text


def _fraction(match: re.Match[str]) -> str:
    parts, of, taken = match.groups()
    return f"{written(counted(parts))}分{of}{written(counted(taken))}"


def _tail(said: str) -> str:
    kept = said.rstrip()
    return written(counted(kept)) + said[len(kept) :]


@cache
def _kanji(lang: str) -> re.Pattern[str]:
    # A numeral in characters is one only before a unit: 一部, 十分 and 三重県 are words.
    return re.compile(
        rf"(?<![第不前后後同])(?!一時|十分[にな]){_HAN.pattern}(?=\s?(?:{units(lang)}|つ))"
    )


@cache
def _rewritings(lang: str) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
    """The patterns of words that are numbers in `lang`, each with its replacement."""
    known = words(lang)
    numerals, multipliers, content = known.numerals, known.multipliers, known.content
    edge, end = (r"(?<!\w)", r"(?!\w)") if known.spaced else ("", "")
    names = either(map(re.escape, numerals))
    half = "(?!半[分額数])" if known.lang == "ja" else ""

    def times(match: re.Match[str]) -> str:
        factor = next(n for word, n in multipliers.items() if re.fullmatch(word, match[2]))
        return written(float(match[1]) * factor)

    found: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = []
    if "half_after" in content:
        unit = either(content["half_after"])
        found.append((re.compile(rf"(\d+)\s?({unit})\s?[半반]"), lambda m: f"{m[1]}.5{m[2]}"))
    for said, meant in content.get("said_as", {}).items():
        found.append((re.compile(said), _always(meant)))
    if numerals:
        edge = r"(?<![가-힣])" if known.lang == "ko" else edge
        spelled = re.compile(rf"{edge}{half}({names}){end}(?=[\s-]*{units(lang)})")
        found.append((spelled, lambda m: written(numerals[m[1]])))
    if "age_before" in content:
        aged = re.compile(rf"(?<!\w)({either(content['age_before'])}\s)({names})(?!\w)")
        found.append((aged, lambda m: m[1] + written(numerals[m[2]])))
    if multipliers:
        multiplied = re.compile(rf"(\d+(?:\.\d+)?)\s?({either(multipliers)}){end}")
        found += [(multiplied, times)] * 2
    if content.get("ordinals"):
        listed = "|".join(f"({word})" for word in content["ordinals"])
        unit = either(content["ordinal_units"])
        ordinal = re.compile(rf"{edge}(?:{listed})(?=\s{unit})")
        found.append((ordinal, lambda m: str(m.lastindex)))
    return found


def _always(meant: str) -> Callable[[re.Match[str]], str]:
    return lambda _: meant


def _common(match: re.Match[str]) -> str:
    era = ERAS[(match.group("era") or match.group("e")).lower()]
    said = match.group("y") or match.group("n")
    number = int(said) if said.isdigit() else 1
    return str(era + number - 1)


def _buddhist(match: re.Match[str]) -> str:
    return str(int(match.group(1) or match.group(2)) - BUDDHIST)
