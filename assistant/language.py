"""Which of the help desk's languages a question is in.

Scripts decide what they can; the six languages in Latin letters are told apart
by lingua, whose probabilities are weighed by the language of the page and of
the conversation. Text in Chinese characters alone is told apart by the
characters that only one of the three writing systems has.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from knowledge.article import languages

if TYPE_CHECKING:
    from lingua import LanguageDetector

_KANA = re.compile(r"[ぁ-ゖァ-ヺー]")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_CJK = re.compile(r"[ぁ-ゖァ-ヺー\u3400-\u9fff々]")
_PARTICLE = re.compile(r"[をはがにへでもと]")
_SPACED_KANA = re.compile(r"(?<=[ぁ-ん])[ 　](?=[ぁ-んァ-ヶー一-龯])")
"""A space after an ending or a particle, as やさしい日本語 has it, and no list of keywords."""
_BRACKETED = re.compile(r"[(\[「『【][^()\[\]「」『』【】]*[)\]」』】]")
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]{2,}")
_SCRIPTS = (
    ("ko", re.compile(r"[가-힣ㄱ-ㆎ]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ne", re.compile(r"[\u0900-\u097f]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)
_UNMARKED = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
"""A syllable of Vietnamese as people type it without its marks: giay to, dang ky."""

_ENGLISH = re.compile(
    r"\b(?:a|and|are|at|did|does|for|get|how|i|is|it|need|of|on|please|what|when|where|with|you)\b"
)
"""Words by which a question on a Vietnamese page is English all the same."""

_NEPALI = re.compile(
    r"\b(?:bata|bhaneko|bhayo|chahinchha|chaina|chha|garn[aeu]|huncha|kaha|kahile|kasari|kati|ke"
    r"|ko|kun|lai|maile|malai|mero|milcha|parcha|parne|paryo|sanga)\b"
)
"""Words by which a question in Latin letters on a Nepali page is Nepali."""

UNMARKED = 0.6
"""The share of such syllables from which on a question on a Vietnamese page is Vietnamese."""

_CHINESE_WORDS = re.compile(r"[的了吗嗎么麼们們这這没沒什吧呢我你您他她哪怎请請]|多少|需要|可以")
_JAPANESE_TOO = re.compile(r"[的他没]|(?<=申)請|請(?=[求負願])|需要")
"""What of that also stands in Japanese words: 申請, 目的, 他市, 没収."""

_SIMPLIFIED = re.compile(r"[么吗们这没说]")
_TRADITIONAL = re.compile(r"[麼嗎們這沒說]")
_HAN = ("ja", "ja-x-easy", "zh-Hans", "zh-Hant")

_IN_LATIN = ("en", "vi", "pt", "es", "tl", "id")

SHORTEST = 4
"""Letters outside of brackets that are enough to tell the language by them alone."""

ENGLISH_WEIGHT = 3.0
"""How much more likely English is beforehand where nothing hints at a language."""

HINT_WEIGHT = 4.0
"""How much more likely the page's or conversation's language is beforehand."""


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    return (
        LanguageDetectorBuilder.from_languages(
            Language.ENGLISH,
            Language.VIETNAMESE,
            Language.PORTUGUESE,
            Language.SPANISH,
            Language.TAGALOG,
            Language.INDONESIAN,
        )
        .with_preloaded_language_models()
        .build()
    )


def warm() -> None:
    """Load the language models now, so that the first question does not wait."""
    _detector()


def identify(text: str, hint: str | None = None) -> str:
    """Return the tag of the language `text` is written in.

    `hint` is the language of the page or of the conversation so far: it
    decides where the text alone cannot (digits only, 「転入届」), and between
    Japanese and やさしい日本語.
    """
    text = unicodedata.normalize("NFKC", text)
    if hint not in languages():
        hint = None
    # An official term in brackets is quoted: "Transfer form (転籍届)".
    outside = _BRACKETED.sub(" ", text)
    if sum(map(str.isalpha, outside)) >= SHORTEST:
        text = outside
    if _quotes_japanese(text, hint):
        return _latin(_CJK.sub(" ", text), hint)
    kana = len(_KANA.findall(text))
    for tag, letters in _SCRIPTS:
        if len(letters.findall(text)) > kana:
            return tag
    if kana:
        return _japanese(text, kana, hint)
    if _KANJI.search(text):
        return _han(text, hint)
    if _LATIN.search(text):
        return _latin(text, hint)
    return hint or "ja"


def _quotes_japanese(text: str, hint: str | None) -> bool:
    """Say whether `text` is in Latin letters, with an official Japanese term here and there.

    Where the page is not in such a language, a Japanese sentence may hold as many
    Latin letters ("My Number Cardをなくした"), so that any particle tells it.
    """
    words, quoted = len(_WORD.findall(text)), len(_CJK.findall(text))
    if not quoted or not words:
        return False
    latin = len(_LATIN.findall(text))
    if hint in _IN_LATIN:
        return words >= 2 and latin > quoted
    return words >= 3 and latin > quoted and not _PARTICLE.search(text)


def _japanese(text: str, kana: int, hint: str | None) -> str:
    if hint == "ja-x-easy":
        return hint
    if hint in ("zh-Hans", "zh-Hant") and not all(
        _encodable(letter, "cp932") for letter in _KANJI.findall(text)
    ):
        return hint  # A Japanese term is quoted: 法テラス是什么.
    kanji = len(_KANJI.findall(text))
    spaced = len(_SPACED_KANA.findall(text))
    if (spaced >= 2 and kana > kanji) or (
        kanji == 0 and kana >= 8 and re.search(r"[ぁ-ん]", text) and hint is None
    ):
        return "ja-x-easy"
    return "ja"


def _han(text: str, hint: str | None) -> str:
    letters = "".join(_KANJI.findall(text))
    simplified, traditional, japanese = (
        _encodable(letters, codec) for codec in ("gb2312", "big5", "cp932")
    )
    told = _JAPANESE_TOO.sub(" ", text) if hint in ("ja", "ja-x-easy") else text
    chinese = bool(_CHINESE_WORDS.search(told)) or not japanese
    if not chinese:
        if hint in _HAN and (hint not in ("zh-Hans", "zh-Hant") or simplified or traditional):
            return str(hint)
        return "ja"
    if _SIMPLIFIED.search(text):
        return "zh-Hans"
    if _TRADITIONAL.search(text):
        return "zh-Hant"
    if simplified and traditional:
        return hint if hint in ("zh-Hans", "zh-Hant") else "zh-Hans"
    return "zh-Hans" if simplified or not traditional else "zh-Hant"


def _encodable(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _latin(text: str, hint: str | None) -> str:
    if _VIETNAMESE.search(text) or (hint == "vi" and _unmarked_vietnamese(text)):
        return "vi"
    if hint == "ne" and _NEPALI.search(text.lower()):
        return "ne"
    weights = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _detector().compute_language_confidence_values(text)
    }
    if hint in weights:
        weights[hint] *= HINT_WEIGHT
    else:
        weights["en"] *= ENGLISH_WEIGHT
    return max(weights, key=lambda tag: weights[tag])


def _unmarked_vietnamese(text: str) -> bool:
    """Say whether `text` may be Vietnamese without its marks, which no model of letters knows."""
    words = re.findall(r"[a-z]+", text.lower())
    if not words or _ENGLISH.search(text.lower()):
        return False
    return sum(_UNMARKED.fullmatch(word) is not None for word in words) >= UNMARKED * len(words)
