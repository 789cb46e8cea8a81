"""The tables of notices, of what was asked in vain and dismissed, and of links that were tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class NoticeRow(Base):
    """One notice above every page; only how it ended ever changes."""

    __tablename__ = "notice"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(16))
    disaster: Mapped[bool]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(String(100))
    begins_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(100))


class DismissedRow(Base):
    """A group of questions that somebody decided needs no article: where its questions lie."""

    __tablename__ = "dismissed_group"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    model: Mapped[str] = mapped_column(String(200), index=True)
    centre: Mapped[bytes]
    nearness: Mapped[float] = mapped_column(Double)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class LinkRow(Base):
    """What came of the last attempt to open an address that articles name."""

    __tablename__ = "tried_link"

    url: Mapped[str] = mapped_column(primary_key=True)
    problem: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str]
    tried_at: Mapped[datetime]
