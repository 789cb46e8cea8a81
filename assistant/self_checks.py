"""What the articles tell about themselves: overdue, contradictory, never used.

Contradictions are looked for conservatively: two articles that name the same
article's title in a sentence with one amount of money each, and the amounts
differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from knowledge.article import Article
from knowledge.figures import figures
from knowledge.ruby import strip
from knowledge.sentences import sentence_spans
from knowledge.store_insight import AskedTurn

SOON = timedelta(days=30)
"""So long before its review date an article is named."""

SHORTEST = 4
"""Characters of a title from which on it is taken for a term of its own."""

_MONEY = re.compile(r"[\d,.０-９万千]+\s*円")
_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose review date is past or near."""

    slug: str
    title: str
    review_by: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences about one term that name different amounts."""

    term: str
    first: str
    first_sentence: str
    second: str
    second_sentence: str


def due(articles: Iterable[Article], today: date) -> list[Due]:
    """Return the articles that are to be reviewed, the longest overdue first."""
    found = [
        Due(article.slug, title(article), article.review_by, article.review_by < today)
        for article in articles
        if article.review_by is not None and article.review_by <= today + SOON
    ]
    return sorted(found, key=lambda one: (one.review_by, one.slug))


def never_used(articles: Iterable[Article], turns: Iterable[AskedTurn]) -> list[tuple[str, str]]:
    """Return slug and title of the articles from which none of `turns` was answered."""
    used = {turn.slug for turn in turns}
    return [(article.slug, title(article)) for article in articles if article.slug not in used]


def contradictions(articles: Mapping[str, Article]) -> list[Contradiction]:
    """Return what differs between the Japanese texts of `articles`, whose values are filled in."""
    terms = {name for one in articles.values() if len(name := _term(one)) >= SHORTEST}
    said: dict[str, list[tuple[str, str, str]]] = {}
    for slug, article in articles.items():
        for sentence, amount in _amounts(article):
            named = [term for term in terms if term in sentence]
            if len(named) == 1:
                said.setdefault(named[0], []).append((slug, sentence, amount))
    found = []
    for term, lines in said.items():
        for (one, first, amount), (other, second, differing) in combinations(lines, 2):
            if one != other and amount != differing:
                found.append(Contradiction(term, one, first, other, second))
    return found


def by_term(found: Iterable[Contradiction]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return slugs and sentences by the term that they are about, each sentence once."""
    said: dict[str, dict[tuple[str, str], None]] = {}
    for one in found:
        pairs = ((one.first, one.first_sentence), (one.second, one.second_sentence))
        said.setdefault(one.term, {}).update(dict.fromkeys(pairs))
    return [
        (term, [(slug, sentence.lstrip("-*・ ")) for slug, sentence in lines])
        for term, lines in said.items()
    ]


def title(article: Article) -> str:
    """Return the Japanese title of an article, or its first."""
    texts = article.localizations
    return strip((texts.get("ja") or next(iter(texts.values()))).title)


def _term(article: Article) -> str:
    return _BRACKETS.sub("", title(article)).strip()


def _amounts(article: Article) -> Iterator[tuple[str, str]]:
    """The sentences with one amount of money and no other figure, and the amount."""
    text = article.localizations.get("ja")
    for passage in text.texts() if text else ():
        plain = strip(passage)
        for start, end in sentence_spans(plain):
            sentence = plain[start:end]
            if len(_MONEY.findall(sentence)) == 1 and len(found := figures(sentence)) == 1:
                yield sentence, found.pop()
