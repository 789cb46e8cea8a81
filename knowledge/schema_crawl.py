"""The tables of crawls of the city's own site: what was asked for, found, and known before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class CrawlRow(Base):
    """One crawl; `seen_at` moves with every page, so that one that died can be told."""

    __tablename__ = "crawl"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site: Mapped[str] = mapped_column(String(64))
    starts: Mapped[list[Any]] = mapped_column(JSON)
    sitemap: Mapped[bool]
    depth: Mapped[int]
    department: Mapped[str] = mapped_column(String(100))
    by: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CrawlPageRow(Base):
    """One address of a crawl; `outcome` is empty while it waits."""

    __tablename__ = "crawl_page"
    __table_args__ = (Index("ix_crawl_page_waiting", "crawl_id", "outcome", "depth", "position"),)

    crawl_id: Mapped[str] = mapped_column(
        ForeignKey("crawl.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[str] = mapped_column(String(2000), primary_key=True)
    position: Mapped[int]
    depth: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str]
    draft_id: Mapped[str | None] = mapped_column(String(32))


class KnownPageRow(Base):
    """What a page said when it was last taken, and how its server tells that it did not change."""

    __tablename__ = "known_page"

    url: Mapped[str] = mapped_column(String(2000), primary_key=True)
    site: Mapped[str] = mapped_column(String(64), index=True)
    slug: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    etag: Mapped[str]
    modified: Mapped[str]
    links: Mapped[list[Any]] = mapped_column(JSON)
    gone: Mapped[bool]
    taken_at: Mapped[datetime]
