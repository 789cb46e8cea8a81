"""What people say around an answer: they hesitate, ask back, and take back what they said.

Everything that is left out becomes spaces, so that each character keeps its place.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.forms.words import Words, words
from knowledge.japanese import analyse

JAPANESE = ("ja", "ja-x-easy")

_SENTENCE = re.compile(r"[^。.!?！？।\n]+(?:\.(?=\d)[^。.!?！？।\n]+)*[。.!?！？।\n]*")
CLOSING = " 　、,。.!！?？।\n"


def hushed(text: str, vocabulary: Words) -> str:
    """Return `text` without the sounds of hesitation, with one comma where two were."""
    return vocabulary.hesitation.sub(_comma, text)


def without_questions(text: str, vocabulary: Words) -> str:
    """Return `text` without the sentences that ask something back.

    >>> from assistant.forms.words import words
    >>> without_questions("料金はいくらですか。ソファです。", words("ja")).strip()
    'ソファです。'
    """

    def kept(match: re.Match[str]) -> str:
        said = match.group()
        asks = "?" in said or "？" in said or vocabulary.question.search(said.strip(CLOSING))
        return _spaces(match) if asks and not vocabulary.request.search(said) else said

    return _SENTENCE.sub(kept, text)


def without_doubts(text: str, vocabulary: Words) -> str:
    """Return `text` without the sentences that are no answer, such as まだわかりません。"""

    def kept(match: re.Match[str]) -> str:
        doubt = vocabulary.unsure.search(match.group()) and not re.search(r"\d", match.group())
        return _spaces(match) if doubt else match.group()

    return _SENTENCE.sub(kept, text)


def repaired(text: str, vocabulary: Words) -> str:
    """Return `text` without a number that the next one takes back: 二人、いや、三人."""
    return _repair(vocabulary.lang).sub(_spaces, text)


def after_correction(text: str, vocabulary: Words) -> int:
    """Return where what a person said instead begins: 10日、いや、11日."""
    ends = [match.end() for match in vocabulary.correction.finditer(text) if match.start() > 0]
    return max(ends, default=0)


def is_no_thing(piece: str, vocabulary: Words) -> bool:
    """Say whether words name no thing: stuff, じゃあ alone, or what ends as a sentence does."""
    if vocabulary.no_thing.search(piece):
        return True
    if vocabulary.lang not in JAPANESE:
        return False
    parts = [word.part_of_speech for word in analyse(piece)]
    parts = [part for part in parts if part not in ("補助記号", "空白")]
    if all(part in ("感動詞", "接続詞") for part in parts):
        return True
    said = any(part in ("助動詞", "動詞") for part in parts) and parts[-1] not in ("名詞", "接尾辞")
    return said and len(parts) > 1


def ends_open(text: str, vocabulary: Words) -> bool:
    """Say whether Japanese words break off after a verb: まだ見つかっていなくて."""
    if vocabulary.lang not in JAPANESE:
        return False
    parts = [word.part_of_speech for word in analyse(text.strip(CLOSING))]
    return bool(parts) and (
        parts[-1] in ("助動詞", "動詞")
        or (parts[-1] == "助詞" and len(parts) > 1 and parts[-2] in ("助動詞", "動詞", "形容詞"))
    )


@cache
def _repair(lang: str) -> re.Pattern[str]:
    vocabulary = words(lang)
    unit = r"[^\s\d、,。]{0,2}" if vocabulary.unspaced else r"\w{0,4}?"
    front = r"(?<![\d-])" if vocabulary.unspaced else r"(?<!\w)"
    return re.compile(
        rf"{front}{vocabulary.number}\s*{unit}[\s、,.。]*"
        rf"(?:{vocabulary.correction.pattern})[\s、,]*(?={vocabulary.number})",
        re.IGNORECASE,
    )


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _comma(match: re.Match[str]) -> str:
    mark = next((sign for sign in "、," if sign in match.group()), " ")
    return mark + " " * (len(match.group()) - 1)
