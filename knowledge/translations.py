"""How far each language of an article follows its Japanese text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.article import Article, Localization, languages
from knowledge.article_json import localization_to_json
from knowledge.figures import figures
from knowledge.ruby import strip

ORIGINAL = "ja"
"""The language that the others are translations of."""

PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")

SAID = {"en": frozenset({"1"})}
"""Figures that a language says without a digit where Japanese has one: once a year, per copy."""

State = Literal["original", "missing", "outdated", "current"]


@dataclass(frozen=True, slots=True)
class Translation:
    """The state of one language, and the figures in which it differs from the Japanese text.

    `lacking` stand in the Japanese only, `added` in the translation only; values
    of the city are among them by their keys.
    """

    lang: str
    state: State
    lacking: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether any figure differs."""
        return bool(self.lacking or self.added)


def translations(
    article: Article,
    history: Sequence[Article] = (),
    confirmed: Collection[tuple[str, str, str]] = (),
) -> list[Translation]:
    """Return the state of every language of the help desk, in picker order.

    `history` are the former versions, oldest first. A translation is outdated
    where the Japanese text changed after it did, unless somebody confirmed it:
    `confirmed` holds language, hash of the text and hash of the Japanese text.
    """
    original = article.localizations.get(ORIGINAL)
    found = []
    for lang in languages():
        text = article.localizations.get(lang)
        if lang == ORIGINAL:
            found.append(Translation(lang, "original" if text else "missing"))
        elif text is None:
            found.append(Translation(lang, "missing"))
        elif original is None:
            found.append(Translation(lang, "current"))
        else:
            lacking, added = apart(text, original, lang)
            known = (lang, text_hash(text), text_hash(original)) in confirmed
            late = not known and _is_late(lang, article, history)
            found.append(
                Translation(
                    lang,
                    "outdated" if late else "current",
                    tuple(sorted(lacking)),
                    tuple(sorted(added)),
                )
            )
    return found


def marks(text: Localization) -> set[str]:
    """Return the figures and city values of a text; questions differ between languages."""
    asked = set(text.questions)
    body = " \n ".join(strip(words) for words in text.texts() if words not in asked)
    return figures(PLACEHOLDER.sub(" ", body)) | set(PLACEHOLDER.findall(body))


def apart(text: Localization, original: Localization, lang: str) -> tuple[set[str], set[str]]:
    """Return the marks of `original` that `text`, in `lang`, lacks, and those it adds."""
    here, there = marks(text), marks(original)
    return there - here - SAID.get(lang, frozenset()), here - there


def text_hash(text: Localization) -> str:
    """Return a hash over everything of `text` but its questions."""
    content = json.dumps(
        localization_to_json(replace(text, questions=())), ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def _is_late(lang: str, article: Article, history: Sequence[Article]) -> bool:
    """Say whether the Japanese text is another than the one beside which `lang` was written."""
    text, original = article.localizations[lang], article.localizations[ORIGINAL]
    basis = original
    for former in reversed(history):
        old = former.localizations.get(lang)
        if old is None or text_hash(old) != text_hash(text):
            break
        basis = former.localizations.get(ORIGINAL, original)
    return text_hash(basis) != text_hash(original)
