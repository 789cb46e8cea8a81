"""What the store promises of crawls and of the pages they know, on any database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from knowledge.store import Store
from knowledge.store_crawls import Crawl, CrawlPage, KnownPage
from tests.knowledge.store_contract import NOW, Clock

CITY = "https://city.example/"
MINUTE = timedelta(minutes=1)


def started(store: Store, *starts: str) -> Crawl:
    crawl = store.start_crawl(
        starts or (CITY,), sitemap=True, depth=2, department="section.resident", by="tanaka"
    )
    store.add_crawl_pages(crawl.id, crawl.starts, depth=0)
    return crawl


def urls(store: Store, crawl: Crawl) -> list[str]:
    """Take every page that waits, as a crawler does, and return the order."""
    found = []
    while (page := store.next_crawl_page(crawl.id)) is not None:
        found.append(page.url.removeprefix(CITY))
        store.keep_crawl_page(crawl, replace(page, outcome="new"))
    return found


class CrawlContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def test_pages_wait_once_and_come_nearest_first(self, store: Store) -> None:
        crawl = started(store)
        store.add_crawl_pages(crawl.id, [CITY + "far"], depth=2)
        store.add_crawl_pages(crawl.id, [CITY + "b", CITY + "a", CITY + "b"], depth=1)
        store.add_crawl_pages(crawl.id, [CITY + "far", CITY + "c", CITY], depth=1)
        assert urls(store, crawl) == ["", "b", "a", "c", "far"]
        assert [page.depth for page in store.crawl_pages(crawl.id)] == [0, 2, 1, 1, 1]
        assert store.next_crawl_page(crawl.id) is None

    def test_what_came_of_a_page_is_kept_with_what_it_says_now(self, store: Store) -> None:
        crawl = started(store)
        (page,) = store.crawl_pages(crawl.id)
        told = replace(
            page, outcome="refused", reason="orders", detail="nul\x00 and 😀", draft_id="d"
        )
        self.clock.moment = NOW + MINUTE
        store.keep_crawl_page(crawl, told, KnownPage(CITY, "top", "f1", '"e"', "", (CITY + "a",)))
        (kept,) = store.crawl_pages(crawl.id)
        assert (kept.outcome, kept.reason, kept.draft_id) == ("refused", "orders", "d")
        assert "\x00" not in kept.detail and "😀" in kept.detail
        again = store.crawl(crawl.id)
        assert again is not None and (again.started_at, again.seen_at) == (NOW, NOW + MINUTE)
        assert store.known_page(CITY) == KnownPage(CITY, "top", "f1", '"e"', "", (CITY + "a",))
        assert store.known_page(CITY + "a") is None

    def test_the_newest_knowledge_of_a_page_replaces_the_former(self, store: Store) -> None:
        crawl = started(store)
        for fingerprint, gone in (("f1", False), ("f2", False), ("f2", True)):
            page = CrawlPage(CITY, 0, "vanished" if gone else "changed")
            store.keep_crawl_page(crawl, page, KnownPage(CITY, "top", fingerprint, gone=gone))
        assert store.known_page(CITY) == KnownPage(CITY, "top", "f2", gone=True)
        assert store.known_pages(crawl.site) == []

    def test_pages_are_known_to_the_crawls_of_their_site_only(self, store: Store) -> None:
        one, other = started(store), started(store, CITY, "https://other.example/")
        same = started(store, "https://other.example/", CITY)
        assert one.site != other.site == same.site
        store.keep_crawl_page(one, CrawlPage(CITY, 0, "new"), KnownPage(CITY, "top", "f"))
        assert [page.url for page in store.known_pages(one.site)] == [CITY]
        assert store.known_pages(other.site) == []
        assert [crawl.id for crawl in store.crawls(limit=2)] == [
            crawl.id for crawl in sorted((one, other, same), key=lambda crawl: crawl.id)
        ][:2]

    def test_a_crawl_stops_goes_on_and_ends_once_and_all_is_audited(self, store: Store) -> None:
        crawl = started(store)
        assert store.stop_crawl(crawl.id, by="sato") and not store.stop_crawl(crawl.id, by="sato")
        store.end_crawl(crawl.id, done=False)
        stopped = store.crawl(crawl.id)
        assert stopped is not None and (stopped.state, stopped.ended_at) == ("stopped", NOW)
        assert store.crawl_counts(crawl.id) == {"waiting": 1}
        assert store.resume_crawl(crawl.id, by="sato")
        urls(store, crawl)
        store.end_crawl(crawl.id, done=True)
        assert not store.resume_crawl(crawl.id, by="sato")
        assert not store.stop_crawl("nothing", by="sato") and store.crawl("nothing") is None
        entries = list(reversed(store.audit_entries()))
        assert [(one.actor, one.action) for one in entries] == [
            ("tanaka", "crawl.start"), ("sato", "crawl.stop"), ("tanaka", "crawl.end"),
            ("sato", "crawl.resume"), ("tanaka", "crawl.end"),
        ]  # fmt: skip
        assert entries[-1].detail == {"state": "done", "new": 1}
        assert not store.verify_audit().problem

    def test_two_at_once_add_the_same_pages_once(self, store: Store) -> None:
        crawl = started(store)
        found = [f"{CITY}{number}" for number in range(30)]
        adding = [
            threading.Thread(
                target=store.add_crawl_pages, args=(crawl.id, order), kwargs={"depth": 1}
            )
            for order in (found, found[::-1])
        ]
        for thread in adding:
            thread.start()
        for thread in adding:
            thread.join()
        assert sorted(page.url for page in store.crawl_pages(crawl.id)) == sorted([CITY, *found])
