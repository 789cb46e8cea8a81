"""A release that lacks some articles, so that questions about them have no answer in it.

What residents ask and no article is about cannot be collected beforehand. But a
question whose article is taken away is such a one: the desk should ask back or say
that it does not know, and be unsure of whatever it finds instead.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from knowledge.index import Index
from knowledge.release import Release
from knowledge.search import SearchResult


class _Passing(Index):
    """An index that passes over some articles; all else is shared with the one it is made of.

    Statistics of words and vectors still count the articles passed over: a hundredth
    of them, which a release built anew would not have.
    """

    def __init__(self, index: Index, hidden: Collection[str]) -> None:
        vars(self).update(vars(index))
        every = {str(slug) for column in index.columns.values() for slug in column.slugs}
        self._left = every.difference(hidden)

    def search(self, text: str, lang: str, **filters: Any) -> SearchResult:
        """Search what is left."""
        return super().search(text, lang, **{**filters, "slugs": self._left})


def without(release: Release, hidden: Collection[str]) -> Release:
    """Return `release` as if the articles `hidden` had never been written."""
    left = {slug: article for slug, article in release.articles.items() if slug not in hidden}
    return Release(
        release.info, left, release.city, release.lexicon, _Passing(release.index, hidden)
    )
