"""Figures of thirteen languages read to the same values, and differences are found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.article import languages
from knowledge.claims import values
from knowledge.claims_comparison import compare
from knowledge.claims_words import loaded

LANGS = sorted(languages())
MONTHS = {lang: loaded()[lang]["months"] for lang in ("pt", "es", "tl", "ne", "id")}
YEN = {
    "ja": "{}円", "ja-x-easy": "{}円", "en": "{} yen", "zh-Hans": "{}日元", "zh-Hant": "{}日圓",
    "ko": "{}엔", "vi": "{} yên", "pt": "{} ienes", "es": "{} yenes", "tl": "{} yen",
    "ne": "{} येन", "id": "{} yen", "th": "{} เยน",
}  # fmt: skip
POINTS = ("vi", "pt", "es", "id")


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """The patterns of a language are compiled once; no example pays for it."""
    for lang in (*LANGS, "xx"):
        compare("", "", lang)


def read(text: str, lang: str, kind: str) -> list[tuple[object, ...]]:
    return [value.key for value in values(text, lang) if value.kind == kind]


def native(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(ch)) if ch.isdigit() else ch for ch in text)


def kanji(number: int) -> str:
    """The number as it is written in characters, to 九千九百九十九万…."""
    if number >= 10_000:
        rest = kanji(number % 10_000) if number % 10_000 else ""
        return kanji(number // 10_000) + "万" + rest
    written = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            written += ("" if digit == 1 and unit else "〇一二三四五六七八九"[digit]) + unit
    return written


@given(st.integers(1, 9_999_999), st.sampled_from(LANGS))
def test_an_amount_reads_back_in_every_language(number: int, lang: str) -> None:
    grouped = f"{number:,}".replace(",", "." if lang in POINTS else ",")
    for digits in (str(number), grouped):
        assert read(YEN[lang].format(digits), lang, "amount") == [("yen", float(number))]


@given(st.integers(1, 9_999_999))
def test_an_amount_reads_back_in_every_notation(number: int) -> None:
    expected = [("yen", float(number))]
    mixed = f"{number // 10_000}万{number % 10_000 or ''}円" if number >= 10_000 else f"{number}円"
    for said in (f"{kanji(number)}円", mixed, native(f"{number}円", "０"), f"¥{number:,}"):
        assert read(said, "ja", "amount") == expected
    assert read(native(f"{number} येन", "०"), "ne", "amount") == expected
    assert read(native(f"{number} เยน", "๐"), "th", "amount") == expected


@given(st.dates(date(2019, 5, 1), date(2060, 12, 31)))
def test_a_day_reads_back_in_every_notation(day: date) -> None:
    y, m, d, era = day.year, day.month, day.day, day.year - 2018
    said = {
        "ja": (f"{y}年{m}月{d}日", f"令和{era}年{m}月{d}日", f"{y}/{m}/{d}", day.isoformat()),
        "zh-Hant": (f"{y}年{m}月{d}日", f"令和{kanji(era)}年{kanji(m)}月{kanji(d)}日"),
        "ko": (f"{y}년 {m}월 {d}일", f"레이와 {era}년 {m}월 {d}일"),
        "en": (f"{day:%B} {d}, {y}", f"{d} {day:%B} {y}", f"{day:%B} {d}, Reiwa {era}"),
        "vi": (f"ngày {d} tháng {m} năm {y}", f"{d}/{m}/{y}"),
        "pt": (f"{d} de {MONTHS['pt'][m - 1].split('(')[0]} de {y}", f"{d:02}/{m:02}/{y}"),
        "id": (f"{d} {MONTHS['id'][m - 1]} {y}",),
        "ne": (f"{y} {MONTHS['ne'][m - 1]} {d}",),
        "th": (f"{d}/{m}/{y}", f"{d}/{m}/{y}"),
    }
    for lang, texts in said.items():
        for text in texts:
            if lang == "pt" and "de" in text and "(" in MONTHS["pt"][m - 1]:
                continue
            assert read(text, lang, "date") == [(y, m, d)], text


@given(st.integers(2019, 2060), st.integers(1, 12))
def test_a_thai_year_is_543_ahead(year: int, month: int) -> None:
    name = loaded()["th"]["months"][month - 1].split("|")[0]
    assert read(f"1 {name} พ.ศ. {year + 543}", "th", "date") == [(year, month, 1)]


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_reads_back_in_every_notation(hour: int, minute: int) -> None:
    expected = [(hour * 60 + minute,)]
    short, part = hour % 12 or 12, "p.m." if hour >= 12 else "a.m."
    assume(hour % 12)
    said = {
        "ja": (
            f"{hour}:{minute:02}", f"{hour}時{minute}分",
            f"午{'後' if hour >= 12 else '前'}{short}時{minute:02}分",
        ),
        "en": (f"{hour}:{minute:02}", f"{short}:{minute:02} {part}"),
        "ko": (f"{'오후' if hour >= 12 else '오전'} {short}시 {minute}분",),
        "zh-Hans": (f"{'下午' if hour >= 12 else '上午'}{short}点{minute}分",),
        "pt": (f"{hour}h{minute:02}",),
        "id": (f"pukul {hour}.{minute:02}",),
        "th": (f"{hour}:{minute:02} น.", f"{hour}.{minute:02} น."),
    }  # fmt: skip
    for lang, texts in said.items():
        for text in texts:
            assert read(text, lang, "time") == expected, text


@given(st.integers(1, 52))
def test_weeks_are_days(weeks: int) -> None:
    assert read(f"{weeks}週間", "ja", "duration") == read(f"{7 * weeks} days", "en", "duration")


@given(st.text(), st.text(), st.sampled_from([*LANGS, "xx"]))
def test_never_fails_and_never_differs_from_itself(text: str, source: str, lang: str) -> None:
    compare(text, source, lang)
    assert not [
        one for one in compare(text, text, lang) if one.kind not in ("condition", "negation")
    ]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "bound"),
    [
        ("ja", "14日以内", "duration", "most"),
        ("ja", "14日後", "duration", "least"),
        ("ja", "3日前までに", "duration", "before"),
        ("ja", "6歳未満", "age", "below"),
        ("ja", "65歳を超える", "age", "above"),
        ("en", "within 14 days after the move", "duration", "most"),
        ("en", "65 or older", "number", "least"),
        ("es", "de 9:00 a 17:30", "time", "least"),
        ("th", "ภายใน 14 วัน", "duration", "most"),
        ("ne", "14 दिनभित्र", "duration", "most"),
        ("ko", "3월 31일까지", "date", "most"),
        ("vi", "65 tuổi trở lên", "age", "least"),
    ],
)
def test_a_bound_is_read(lang: str, text: str, kind: str, bound: str) -> None:
    first = values(text, lang)[0]
    assert (first.kind, first.bound) == (kind, bound)


@pytest.mark.parametrize(
    ("lang", "source", "answer", "kind"),
    [
        ("ja", "14日以内に届け出てください。", "40日以内に届け出てください。", "duration"),
        ("ja", "14日以内に届け出てください。", "14日後に届け出てください。", "limit"),
        ("ja", "6歳未満は無料です。", "6歳以下は無料です。", "limit"),
        ("en", "The fee is 300 yen.", "The fee is 300 dollars.", "amount"),
        ("ja", "令和8年3月31日", "2025年3月31日", "date"),
        ("en", "Tuesday, March 31", "Wednesday, March 31", "weekday"),
        ("ja", "午前9時から", "午後9時から", "time"),
        ("en", "You must come in person.", "You need not come in person.", "negation"),
        ("ja", "無料です。ただし、市外の人は300円です。", "無料です。", "condition"),
        ("en", "Call 06-6208-1234.", "Call 06-6208-1243.", "phone"),
        ("ja", "3階の12番窓口です。", "2階の12番窓口です。", "place"),
        ("ja", "手数料は400円です。収集できない物もあります。", "手数料は無料です。", "amount"),
        ("zh-Hant", "補助為費用的三分之二。", "補助費用的三分之一。", "number"),
        ("vi", "Trẻ em dưới 6 tuổi được miễn phí.", "Trẻ em từ 6 tuổi được miễn phí.", "limit"),
    ],
)
def test_a_wrong_sentence_differs(lang: str, source: str, answer: str, kind: str) -> None:
    assert kind in {one.kind for one in compare(answer, source, lang)}


@pytest.mark.parametrize(
    ("lang", "source", "answer"),
    [
        ("ja", "手数料は1万5千円です。", "手数料は15,000円です。"),
        ("ja", "令和8年3月31日まで", "2026年3月31日（火）まで"),
        ("en", "It closes at 17:30.", "It closes at 5:30 p.m."),
        ("en", "Notify us within 14 days.", "Notify us within two weeks."),
        ("ja", "予約は必要ありません。", "予約は不要です。"),
        ("ja", "無料です。ただし、市外の人は300円です。", "市外の人は300円、ほかの人は無料です。"),
        ("ja", "4月から6月の間に受けてください。", "春（4〜6月）に受けてください。"),
        ("ja", "2年以内に申請してください。", "2年を過ぎると、申請できません。"),
        ("en", "The subsidy covers half of the cost.", "50% of the cost is covered."),
        ("en", "It opens from 9:00 to 12:00.", "It opens from 9 until noon."),
        ("es", "De 18:30 a 20:00.", "De 6:30 a 8 de la tarde."),
        (
            "es",
            "Los menores de 16 años no pueden participar.",
            "Puede participar desde los 16 años.",
        ),
        ("zh-Hant", "補助為費用的三分之二。", "補助費用的2/3。"),
    ],
)
def test_a_right_paraphrase_does_not(lang: str, source: str, answer: str) -> None:
    assert compare(answer, source, lang) == []


def test_two_languages_of_one_fact_compare() -> None:
    assert compare("Within two weeks, 15,000 yen.", "2週間以内、1万5千円。", "en", "ja") == []
    assert compare("Within two weeks, 1,500 yen.", "2週間以内、1万5千円。", "en", "ja")
