"""The part of the store that keeps crawls: what waits, what came of each page, what was known.

A crawl that was stopped, or whose process died, goes on with the pages that wait.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.schema_crawl import CrawlPageRow, CrawlRow, KnownPageRow
from knowledge.store_audit import AuditStore
from knowledge.store_base import storable


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl; `state` is ``running``, ``stopping``, ``stopped`` or ``done``.

    `site` is the same for every crawl from the same addresses.
    """

    id: str
    site: str
    starts: tuple[str, ...]
    sitemap: bool
    depth: int
    department: str
    by: str
    state: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CrawlPage:
    """What came of one address.

    `outcome` is ``new``, ``changed``, ``unchanged``, ``moved``, ``vanished``, ``refused``
    or, while it waits, empty. `reason` is the kind of a refusal, `detail` its words.
    """

    url: str
    depth: int
    outcome: str = ""
    reason: str = ""
    detail: str = ""
    draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What a page said when it was last taken; `links` are those that it leads to."""

    url: str
    slug: str
    fingerprint: str
    etag: str = ""
    modified: str = ""
    links: tuple[str, ...] = ()
    gone: bool = False


class CrawlStore(AuditStore):
    """Keeps crawls and what is known of the pages of the city's site."""

    def start_crawl(
        self, starts: Sequence[str], *, sitemap: bool, depth: int, department: str, by: str
    ) -> Crawl:
        """Keep a new crawl whose first pages are `starts`."""
        with self._writes() as session:
            now = self.now()
            row = CrawlRow(
                id=secrets.token_hex(8),
                site=hashlib.sha256("\n".join(sorted(starts)).encode()).hexdigest(),
                starts=list(starts),
                sitemap=sitemap,
                depth=depth,
                department=department,
                by=by,
                state="running",
                started_at=now,
                seen_at=now,
            )
            session.add(row)
            session.flush()
            told = {"starts": list(starts), "sitemap": sitemap, "depth": depth}
            self.audit(by, "crawl.start", row.id, told, session=session)
            return _crawl(row)

    def crawl(self, crawl_id: str) -> Crawl | None:
        """Return one crawl; None where there is none."""
        with self._reads() as session:
            row = session.get(CrawlRow, crawl_id)
            return _crawl(row) if row else None

    def crawls(self, limit: int = 20) -> list[Crawl]:
        """Return the newest crawls, the newest first."""
        query = select(CrawlRow).order_by(CrawlRow.started_at.desc(), CrawlRow.id).limit(limit)
        with self._reads() as session:
            return [_crawl(row) for row in session.scalars(query)]

    def stop_crawl(self, crawl_id: str, *, by: str) -> bool:
        """Ask a crawl to stop after the page that it is at; say whether it was running."""
        with self._writes() as session:
            row = session.get(CrawlRow, crawl_id, with_for_update=True)
            if row is None or row.state != "running":
                return False
            row.state = "stopping"
            self.audit(by, "crawl.stop", crawl_id, {}, session=session)
            return True

    def resume_crawl(self, crawl_id: str, *, by: str) -> bool:
        """Let a crawl that is not done run again; say whether there is one."""
        with self._writes() as session:
            row = session.get(CrawlRow, crawl_id, with_for_update=True)
            if row is None or row.state == "done":
                return False
            row.state, row.ended_at, row.seen_at = "running", None, self.now()
            self.audit(by, "crawl.resume", crawl_id, {}, session=session)
            return True

    def end_crawl(self, crawl_id: str, *, done: bool) -> None:
        """Keep that a crawl ended: it went through everything, or was stopped."""
        with self._writes() as session:
            row = session.get(CrawlRow, crawl_id, with_for_update=True)
            if row is None:
                return
            row.state, row.ended_at = "done" if done else "stopped", self.now()
            counts = dict(self._counts(session, crawl_id))
            self.audit(row.by, "crawl.end", crawl_id, {"state": row.state, **counts},
                       session=session)  # fmt: skip

    def add_crawl_pages(self, crawl_id: str, urls: Iterable[str], *, depth: int) -> None:
        """Let `urls` wait; those that the crawl has already are left as they are."""
        with self._writes() as session:
            # One at a time: two that found the same pages would wait for each other.
            session.get(CrawlRow, crawl_id, with_for_update=True)
            newest = select(func.max(CrawlPageRow.position)).where(
                CrawlPageRow.crawl_id == crawl_id
            )
            position = session.scalar(newest) or 0
            for url in dict.fromkeys(urls):
                position += 1
                insert = self._insert(CrawlPageRow).values(
                    crawl_id=crawl_id, url=url, position=position, depth=depth,
                    outcome="", reason="", detail="",
                )  # fmt: skip
                session.execute(insert.on_conflict_do_nothing(index_elements=["crawl_id", "url"]))

    def next_crawl_page(self, crawl_id: str) -> CrawlPage | None:
        """Return the page that waits, the nearest to the start first; None where none does."""
        query = (
            select(CrawlPageRow)
            .where(CrawlPageRow.crawl_id == crawl_id, CrawlPageRow.outcome == "")
            .order_by(CrawlPageRow.depth, CrawlPageRow.position)
            .limit(1)
        )
        with self._reads() as session:
            row = session.scalar(query)
            return _page(row) if row else None

    def keep_crawl_page(
        self, crawl: Crawl, page: CrawlPage, known: KnownPage | None = None
    ) -> None:
        """Keep what came of a page and, with `known`, what it says now."""
        with self._writes() as session:
            now = self.now()
            session.execute(
                update(CrawlPageRow)
                .where(CrawlPageRow.crawl_id == crawl.id, CrawlPageRow.url == page.url)
                .values(
                    outcome=page.outcome,
                    reason=page.reason,
                    detail=storable(page.detail),
                    draft_id=page.draft_id,
                )
            )
            session.execute(update(CrawlRow).where(CrawlRow.id == crawl.id).values(seen_at=now))
            if known is None:
                return
            values = {name: getattr(known, name) for name in KnownPage.__slots__ if name != "url"}
            values |= {"links": list(known.links), "site": crawl.site, "taken_at": now}
            insert = self._insert(KnownPageRow).values(url=known.url, **values)
            session.execute(insert.on_conflict_do_update(index_elements=["url"], set_=values))

    def crawl_pages(self, crawl_id: str) -> list[CrawlPage]:
        """Return the pages of a crawl in the order in which they were found."""
        query = select(CrawlPageRow).where(CrawlPageRow.crawl_id == crawl_id)
        with self._reads() as session:
            return [_page(row) for row in session.scalars(query.order_by(CrawlPageRow.position))]

    def crawl_counts(self, crawl_id: str) -> dict[str, int]:
        """Return how many pages came out how; ``waiting`` counts those that wait."""
        with self._reads() as session:
            return dict(self._counts(session, crawl_id))

    def known_page(self, url: str) -> KnownPage | None:
        """Return what a page said when it was last taken; None where it never was."""
        with self._reads() as session:
            row = session.get(KnownPageRow, url)
            return _known(row) if row else None

    def known_pages(self, site: str) -> list[KnownPage]:
        """Return the pages that crawls of `site` took and that had not vanished."""
        query = select(KnownPageRow).where(KnownPageRow.site == site, ~KnownPageRow.gone)
        with self._reads() as session:
            return [_known(row) for row in session.scalars(query.order_by(KnownPageRow.url))]

    def _counts(self, session: Session, crawl_id: str) -> list[tuple[str, int]]:
        query = (
            select(CrawlPageRow.outcome, func.count())
            .where(CrawlPageRow.crawl_id == crawl_id)
            .group_by(CrawlPageRow.outcome)
        )
        return [(outcome or "waiting", count) for outcome, count in session.execute(query)]


def _crawl(row: CrawlRow) -> Crawl:
    values = {name: getattr(row, name) for name in Crawl.__slots__ if name != "starts"}
    return Crawl(**values, starts=tuple(row.starts))


def _page(row: CrawlPageRow) -> CrawlPage:
    return CrawlPage(**{name: getattr(row, name) for name in CrawlPage.__slots__})


def _known(row: KnownPageRow) -> KnownPage:
    values = {name: getattr(row, name) for name in KnownPage.__slots__ if name != "links"}
    return KnownPage(**values, links=tuple(row.links))
