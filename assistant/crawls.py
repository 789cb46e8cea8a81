"""Crawls in the background of the server, one at a time."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from assistant.composition import Installation
from knowledge.store_crawls import Crawl

log = logging.getLogger(__name__)


class Crawls:
    """Works through crawls; one that is under way when the server ends can be gone on with."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="crawl")
        self._closing = threading.Event()
        self._mine: set[str] = set()

    def start(self, crawl: Crawl) -> None:
        """Work through `crawl` as soon as those before it are done."""
        if crawl.id not in self._mine:
            self._mine.add(crawl.id)
            self._executor.submit(self._work, crawl)

    def is_at(self, crawl: Crawl) -> bool:
        """Say whether this server works on `crawl`, or will."""
        return crawl.id in self._mine

    def close(self) -> None:
        """Let the page at hand end, and begin no other."""
        self._closing.set()
        for crawl_id in list(self._mine):
            self._installation.store.stop_crawl(crawl_id, by="(server)")
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _work(self, crawl: Crawl) -> None:
        try:
            self._installation.crawler(self._closing.wait).run(crawl)
        except Exception:
            log.exception("the crawl %s failed; it can be gone on with", crawl.id)
            self._installation.store.end_crawl(crawl.id, done=False)
        finally:
            self._mine.discard(crawl.id)
