"""Crawling the city's own site: what is new or changed becomes a draft, nothing is overwritten.

Each page is one step: its outcome and what it says are kept before the next one is
opened, so that a crawl that was stopped or killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from assistant.importing import refuse_orders
from assistant.manipulation import suspicious
from assistant.settings import CrawlSettings
from knowledge import importers
from knowledge.article import Article
from knowledge.crawling import (
    GONE,
    REDIRECTS,
    TYPES,
    Fetched,
    Fetcher,
    Links,
    PageRefused,
    Progress,
    Site,
    canonical,
    links,
)
from knowledge.errors import ArticleInvalid, ImportRefused
from knowledge.ruby import strip
from knowledge.store import Store
from knowledge.store_crawls import Crawl, CrawlPage, KnownPage

AGENT = "Madoguchi"
"""The name that robots.txt calls us by."""


class CrawlRefused(ImportRefused):
    """A crawl cannot be begun as asked; the text says why in one sentence."""


def begin(
    store: Store,
    settings: CrawlSettings,
    addresses: Sequence[str],
    *,
    sitemap: bool,
    depth: int,
    department: str,
    by: str,
) -> Crawl:
    """Keep a new crawl from `addresses`; raises `CrawlRefused` for one that may not be visited."""
    starts = []
    for address in addresses:
        url = canonical(address)
        if url is None:
            raise CrawlRefused(
                f"{address[:200]} is not the address of a web page.",
                "address",
                address=address[:200],
            )
        host = urlsplit(url).netloc
        if settings.hosts and host not in settings.hosts:
            raise CrawlRefused(
                f"{host} is none of the hosts that may be crawled.", "host", host=host
            )
        starts.append(url)
    if not starts:
        raise CrawlRefused("There is no address to begin at.", "no_address")
    return store.start_crawl(
        list(dict.fromkeys(starts)), sitemap=sitemap, depth=depth, department=department, by=by
    )


class Crawler:
    """Works through one crawl after the other; `wait` sleeps, and returns true to stop early."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        settings: CrawlSettings,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._settings = settings
        self._wait = wait

    def run(self, crawl: Crawl, progress: Progress = lambda url, outcome: None) -> Crawl:
        """Visit what waits until nothing does, or somebody stops the crawl; return it as it is."""
        hosts = frozenset(self._settings.hosts or [urlsplit(url).netloc for url in crawl.starts])
        site = Site(self._fetcher, hosts, AGENT)
        self._find_starts(crawl, site)
        visited = sum(1 for page in self._store.crawl_pages(crawl.id) if page.outcome)
        done = former = False
        while not done and self._goes_on(crawl):
            page = self._store.next_crawl_page(crawl.id)
            if page is None and not former:
                former = True
                self._find_former(crawl)
                continue
            if page is None:
                done = True
                break
            if visited >= self._settings.max_pages:
                words = f"a crawl visits at most {self._settings.max_pages} pages"
                kept, known = replace(page, outcome="refused", reason="limit", detail=words), None
            else:
                if visited and site.is_ours(page.url):
                    self._wait(site.pause(page.url, self._settings.pause_seconds))
                kept, known = self._visit(crawl, site, page)
                visited += 1
            self._store.keep_crawl_page(crawl, kept, known)
            progress(kept.url, kept.outcome)
        self._store.end_crawl(crawl.id, done=done)
        return self._store.crawl(crawl.id) or crawl

    def _goes_on(self, crawl: Crawl) -> bool:
        now = self._store.crawl(crawl.id)
        return now is not None and now.state == "running"

    def _find_starts(self, crawl: Crawl, site: Site) -> None:
        """Let the first pages wait."""
        self._store.add_crawl_pages(crawl.id, crawl.starts, depth=0)
        if crawl.sitemap:
            for start in crawl.starts:
                try:
                    self._store.add_crawl_pages(crawl.id, site.sitemap(start), depth=0)
                except PageRefused as refused:
                    place = f"{start}#sitemap"
                    self._store.add_crawl_pages(crawl.id, [place], depth=0)
                    page = CrawlPage(place, 0, "refused", refused.reason, str(refused))
                    self._store.keep_crawl_page(crawl, page)

    def _find_former(self, crawl: Crawl) -> None:
        """Let pages wait that were there before and that no link led to: they may have vanished."""
        known = [page.url for page in self._store.known_pages(crawl.site)]
        self._store.add_crawl_pages(crawl.id, known, depth=crawl.depth + 1)

    def _visit(
        self, crawl: Crawl, site: Site, page: CrawlPage
    ) -> tuple[CrawlPage, KnownPage | None]:
        """What becomes of a page, and what is known of it from now on."""
        known = self._store.known_page(page.url)
        try:
            site.check(page.url)
            fetched = self._fetcher.get(
                page.url,
                etag=known.etag if known else "",
                modified=known.modified if known else "",
                types=frozenset(TYPES),
            )
            return self._take(crawl, site, page, known, fetched)
        except PageRefused as refused:
            outcome = replace(page, outcome="refused", reason=refused.reason, detail=str(refused))
            return outcome, None

    def _take(
        self, crawl: Crawl, site: Site, page: CrawlPage, known: KnownPage | None, fetched: Fetched
    ) -> tuple[CrawlPage, KnownPage | None]:
        if fetched.status in REDIRECTS:
            place = canonical(fetched.location, page.url)
            if place is None:
                raise PageRefused("status", "it is redirected to no address of the web")
            self._store.add_crawl_pages(crawl.id, [place], depth=page.depth)
            return replace(page, outcome="moved", detail=place), None
        if fetched.status == 304 and known is not None:
            self._follow(crawl, site, page, known.links)
            return replace(page, outcome="unchanged"), replace(known, gone=False)
        if fetched.status in GONE and known is not None and not known.gone:
            return replace(page, outcome="vanished", detail=known.slug), replace(known, gone=True)
        if fetched.status != 200:
            raise PageRefused("status", f"the server answers {fetched.status}")
        led = (
            links(fetched.content, page.url) if TYPES[fetched.content_type] == ".html" else Links()
        )
        self._follow(crawl, site, page, led.urls)
        if led.noindex:
            raise PageRefused("noindex", "the page asks to be left out")
        article = _read(page.url, fetched, led, self._settings.max_bytes)
        print_ = fingerprint(article)
        now = KnownPage(
            page.url, article.slug, print_, fetched.etag, fetched.modified,
            tuple(url for url in led.urls if site.is_ours(url)),
        )  # fmt: skip
        if known is not None and known.fingerprint == print_:
            return replace(page, outcome="unchanged"), replace(now, slug=known.slug)
        slug, draft_id = self._propose(crawl, article)
        outcome = "new" if known is None else "changed"
        return replace(page, outcome=outcome, draft_id=draft_id), replace(now, slug=slug)

    def _follow(self, crawl: Crawl, site: Site, page: CrawlPage, urls: Sequence[str]) -> None:
        if page.depth < crawl.depth:
            near = [url for url in urls if site.is_ours(url)]
            self._store.add_crawl_pages(crawl.id, near, depth=page.depth + 1)

    def _propose(self, crawl: Crawl, article: Article) -> tuple[str, str]:
        """Make a draft of what a page says, and return its slug and the draft's id.

        A draft that nobody but a crawl wrote takes the new words; any other is left
        alone, and another one stands beside it.
        """
        store = self._store
        article, base, department = proposal(store, article, crawl.department)
        for draft in store.drafts(slug=article.slug, states=("draft",)):
            only_us = all(one.saved_by == crawl.by for one in store.revisions(draft.id))
            ours = draft.article.address == article.address and draft.department == department
            if only_us and ours and draft.base_number == base:
                saved = store.save_draft(draft.id, article, revision=draft.revision, by=crawl.by)
                return article.slug, saved.id
        draft = store.start_draft(article, department=department, by=crawl.by, base_number=base)
        return article.slug, draft.id


def proposal(store: Store, article: Article, department: str) -> tuple[Article, int, str]:
    """Return an imported article as a draft holds it, the version it is made from, its department.

    One that came from the same place keeps its other languages and everything an
    import does not know. One of another origin keeps its slug; the import gets another.
    """
    in_force = {one.slug: one for one in store.articles(store.today())}
    former = in_force.get(article.slug)
    if former is not None and former.address != article.address:
        mark = hashlib.sha256(article.address.encode()).hexdigest()[:8]
        article = replace(article, slug=f"{article.slug[:90].strip('-')}-{mark}")
        former = in_force.get(article.slug)
    base = max((version.number for version in store.versions(article.slug)), default=0)
    if former is None:
        return replace(article, owner=department), base, department
    owner = former.owner or department
    texts = {**former.localizations, **article.localizations}
    made = replace(
        former,
        number=0,
        localizations=texts,
        checked_on=article.checked_on,
        effective_from=article.effective_from,
        owner=owner,
    )
    return made, base, owner


def fingerprint(article: Article) -> str:
    """Return a hash of what an article says, whatever its spaces, widths and dates are."""
    words = []
    for lang, text in sorted(article.localizations.items()):
        words.append(lang)
        words += [strip(passage) for passage in text.texts()]
    folded = ("".join(unicodedata.normalize("NFKC", one).split()) for one in words)
    return hashlib.sha256("\n".join(one for one in folded if one).encode()).hexdigest()


def _read(url: str, fetched: Fetched, led: Links, largest: int) -> Article:
    """The article that a page becomes; raises `PageRefused` for one that a person must see."""
    ending = TYPES[fetched.content_type]
    passage = suspicious(led.hidden)
    if passage is not None:
        raise PageRefused("orders", f"“{passage}”")
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2] or "index"
    name = name if name.lower().endswith(ending) else f"{name}{ending}"
    try:
        article = importers.read(fetched.content, name, address=url, largest=largest)[0]
    except (ImportRefused, ArticleInvalid, IndexError) as error:
        raise PageRefused("unreadable", str(error)) from error
    try:
        refuse_orders([article])
    except ImportRefused as error:
        raise PageRefused("orders", f"“{error.values['passage']}”") from error
    return article
