"""Orders to the machine: in questions, where they are taken out, and in documents.

The desk obeys nobody's text: answers are put together from articles and the
city's own replies. What is noticed here keeps an order from being searched for
as if it were a question, and from standing in a document that is cited.

Patterns are data, in ``manipulation.yaml``. They are matched sentence by
sentence on text whose hidden characters are gone, whose look-alike letters are
Latin again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

import yaml

from assistant.disguises import encoded, readings
from assistant.phrases import fold

_LOOKALIKES = str.maketrans("аеорсухіѕјһԁɡոαοερτικν", "aeopcyxisjhdgnaoeptikv")
"""Cyrillic, Armenian and Greek letters that are drawn like Latin ones."""

_MIXED = re.compile(r"(?=\w*[a-z])(?=\w*[\u0370-\u058f])\w+")
_SPACED_OUT = re.compile(r"(?:\b[a-z][\s._·-]+){11,}[a-z]\b")
"""Twelve and more Latin letters each on its own: nobody asks a city like that."""

_SENTENCES = re.compile(r"(?<=[。！？!?।\n])|(?<=\.)\s+|(?<=[;；])\s*")
_HIDDEN = re.compile(
    "[\U000e0000-\U000e007f\u202a-\u202e\u2066-\u2069]|[\u200b\u2060\ufeff]\\w.?[\u200b\u2060\ufeff]"
)

_LINK = re.compile(r"https?://|www\.")

BACKWARDS = ("instructions", "promise")
"""The patterns that are tried on a sentence read backwards, too."""

MENTIONS = "mentions"
"""The patterns that a document may hold: a report on AI is no order to one."""

LEAST_LETTERS = 4
"""A question that has fewer letters left, once orders are taken out, asks nothing."""

MOST_LETTERS = 160
"""What is left beside an order and is longer is more of the order, not a question."""


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    text = resources.files("assistant").joinpath("manipulation.yaml").read_text(encoding="utf-8")
    return {
        group: tuple(
            re.compile(unicodedata.normalize("NFKC", pattern), re.MULTILINE) for pattern in patterns
        )
        for group, patterns in yaml.safe_load(text).items()
    }


def visible(text: str) -> str:
    """Return `text` without characters that are not drawn (tags, bidi controls, zero width).

    Control characters become spaces; private, unassigned and broken ones go.
    """
    kept = []
    for ch in text:
        category = unicodedata.category(ch)
        if category == "Cc":
            kept.append("\n" if ch == "\n" else " ")
        elif category not in ("Cf", "Co", "Cs", "Cn") and ch != "\u3164":
            kept.append(ch)
    return "".join(kept)


def hides_text(text: str) -> bool:
    """Say whether `text` holds characters that hide words: tags, direction changes, zero width.

    Joiners between Indic letters or emoji, and soft hyphens, are no hiding.
    """
    return _HIDDEN.search(text) is not None


def is_order(sentence: str, *, mentions: bool = True) -> bool:
    """Say whether `sentence` is an order to the machine, in plain or disguised letters.

    Without `mentions`, one that only speaks of such machines is none.
    """
    folded = _plain(sentence)
    if _SPACED_OUT.search(folded) or encoded(sentence):
        return True
    forms = [folded, *(fold(told) for told in readings(sentence))]
    every = [
        pattern
        for name, group in _patterns().items()
        if mentions or name != MENTIONS
        for pattern in group
    ]
    if any(pattern.search(form) for form in forms for pattern in every):
        return True
    backwards = folded[::-1]
    return any(pattern.search(backwards) for name in BACKWARDS for pattern in _patterns()[name])


def orders(text: str) -> list[str]:
    """Return the sentences of a document that are orders to the machine, in their order."""
    return [one for one in _sentences(visible(text)) if is_order(one, mentions=False)]


def without_orders(question: str) -> str:
    """Return what a question asks besides orders; the question itself where it holds none.

    Empty where nothing is left that could be a question of the city's.
    """
    sentences = _sentences(question)
    kept = [one for one in sentences if not is_order(one)]
    if len(kept) == len(sentences):
        return "" if is_order(question) else question
    rest = "".join(kept).strip()
    letters = sum(unicodedata.category(ch)[0] == "L" for ch in rest)
    asks = LEAST_LETTERS <= letters <= MOST_LETTERS and len(kept) <= 2
    # A link beside an order is what the machine is told to pass on, not a question.
    asks = asks and not _LINK.search(rest)
    if len(sentences) - len(kept) > 1:
        # Several orders are a story told to the machine; its other lines are part of it.
        asks = asks and len(kept) == 1 and "?" in fold(rest)
    return rest if asks else ""


def suspicious(texts: Iterable[str]) -> str | None:
    """Return the first passage of a document that gives orders to a machine or hides text."""
    for text in texts:
        if hides_text(text):
            return visible(text).strip()[:80]
        found = orders(text)
        if found:
            return found[0].strip()[:80]
    return None


def _plain(text: str) -> str:
    folded = fold(visible(text))
    return _MIXED.sub(lambda word: word[0].translate(_LOOKALIKES), folded)


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCES.split(text) if one.strip()]
