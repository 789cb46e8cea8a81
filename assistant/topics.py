"""Whether a question names a topic of its own, or leans on the turn before.

The vocabulary of topics is made from the release: the words of titles and
synonyms, in each language, that few articles share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from assistant.phrases import fold
from knowledge.article import languages
from knowledge.release import Release
from knowledge.release_content import OUTSIDE
from knowledge.ruby import strip
from knowledge.terms import terms

MOST_ARTICLES = 0.06
"""A word that more than this share of the articles use in titles and question variants
names no topic (手続き, 申請, "card", "what")."""

_NAMES = re.compile(r"[（）()、，,;；]")
"""What stands between the names in a title; 「・」 stands inside of names too."""


def names_topic(text: str, lang: str, release: Release) -> bool:
    """Say whether `text` (without the words that ask for a fact) names a topic.

    >>> names_topic("パスポート の は", "ja", release)  # doctest: +SKIP
    True
    """
    return bool(_vocabulary(release, lang).intersection(tokens(text, lang)))


def shares_title(text: str, lang: str, title: str) -> bool:
    """Say whether `text` has a word of `title`."""
    return bool(tokens(text, lang) & tokens(title, lang))


def is_title(text: str, title: str) -> bool:
    """Say whether `text` is `title` but for case, spaces, signs and ruby, or one of its names.

    >>> is_title("妊娠届", "母子健康手冊與懷孕申報（妊娠届）"), is_title("健康", "健康手帳")
    (True, False)
    """
    whole = strip(title)
    return bare(strip(text)) in {bare(name) for name in (whole, *_NAMES.split(whole)) if bare(name)}


def asked_exactly(question: str, lang: str, release: Release) -> str | None:
    """Return what is asked for in just these words: an article, or a topic that none answers.

    The words are a title, a question variant, or one of the city's more ways to
    ask; the topic is named with `OUTSIDE` before it, as search names it.
    """
    return _variants(release, lang).get(bare(question))


@lru_cache(maxsize=64)
def _variants(release: Release, lang: str) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for slug, article in release.articles.items():
        text = article.localizations.get(lang)
        for variant in (text.title, *text.questions) if text is not None else ():
            found.setdefault(bare(strip(variant)), set()).add(slug)
    for slug, entry in release.lexicon.get("asked", {}).items():
        if slug in release.articles:
            for way in entry.get(lang, ()):
                found.setdefault(bare(way), set()).add(slug)
    for topic, entry in release.lexicon.get("outside", {}).items():
        for way in entry.get(lang, ()):
            found.setdefault(bare(way), {OUTSIDE + topic})
    # 「引っ越したときはどうしますか」 asked of several articles tells none of them.
    return {variant: slug for variant, (slug, *others) in found.items() if not others}


def bare(text: str) -> str:
    """Return `text` without what people leave out and put in: spaces, marks, capitals."""
    return "".join(ch for ch in fold(text) if ch.isalnum() or unicodedata.category(ch)[0] == "M")


def own_words(text: str, lang: str) -> int:
    """Count the words, or pairs of characters, of `text` (without those that ask for a fact)."""
    return len(tokens(text, lang))


def tokens(text: str, lang: str) -> set[str]:
    """Return the words of `text`, or its pairs of characters, of two letters and more."""
    script = languages()[lang].script
    channel = {"japanese": "form", "bigram": "bigram", "words": "word"}[script]
    return {token for token in terms(text, script)[channel] if len(token) > 1}


@lru_cache(maxsize=64)
def _vocabulary(release: Release, lang: str) -> frozenset[str]:
    named: set[str] = set()
    shared: Counter[str] = Counter()
    for article in release.articles.values():
        text = article.localizations.get(lang)
        if text is None:
            continue
        names = tokens(strip(text.title), lang)
        if lang in ("ja", "ja-x-easy"):
            names |= {token for word in article.synonyms for token in tokens(word, lang)}
        asked = {token for question in text.questions for token in tokens(strip(question), lang)}
        named |= names
        shared.update(names | asked)
    most = max(3, MOST_ARTICLES * len(release.articles))
    return frozenset(token for token in named if shared[token] <= most)
