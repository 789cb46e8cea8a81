"""Whether the addresses that articles name still open; tried on demand, within bounds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from knowledge.article import Article
from knowledge.crawling import Fetcher, PageRefused
from knowledge.store_insight import TriedLink

MOST = 100
"""The most addresses that are tried at once."""

SECONDS = 120.0
"""After so long no further address is tried."""

_URL = re.compile(r"https?://[!#-'*-;=?-~]+")
_GONE = frozenset({404, 410})


def addresses(articles: Iterable[Article]) -> list[str]:
    """Return the web addresses that the texts of `articles` name, in order."""
    found = {
        url.rstrip(".,;")
        for article in articles
        for text in article.localizations.values()
        for passage in text.texts()
        for url in _URL.findall(passage)
    }
    return sorted(found)


def tried(
    articles: Iterable[Article], fetcher: Fetcher, now: Callable[[], datetime]
) -> list[TriedLink]:
    """Open what `articles` name, and tell what came of each; a redirect counts as opened."""
    until = time.monotonic() + SECONDS
    found = []
    for url in addresses(articles)[:MOST]:
        if time.monotonic() > until:
            break
        problem, detail = _problem(url, fetcher)
        found.append(TriedLink(url, problem, detail, now()))
    return found


def _problem(url: str, fetcher: Fetcher) -> tuple[str, str]:
    """What is wrong with `url`, and the words for it; a page too large has opened."""
    try:
        status = fetcher.get(url).status
    except PageRefused as refusal:
        return ("", "") if refusal.reason in ("size", "type") else (refusal.reason, str(refusal))
    except (ValueError, KeyError) as error:
        return "address", str(error)
    if status in _GONE:
        return "gone", str(status)
    return ("server", str(status)) if status >= 500 else ("", "")
