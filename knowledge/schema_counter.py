"""The tables of the counter: lines of the office's log, and conversations handed over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class CounterRecordRow(Base):
    """One session at the counter, as the office keeps it: nothing about a person."""

    __tablename__ = "counter_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    hour: Mapped[int]
    procedure: Mapped[str | None] = mapped_column(String(100))
    form: Mapped[str | None] = mapped_column(String(100))
    lang: Mapped[str] = mapped_column(String(35))
    seconds: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(32))


class HandoverRow(Base):
    """One conversation that its owner handed over to staff; gone with the conversation."""

    __tablename__ = "handover"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), unique=True
    )
    lang: Mapped[str] = mapped_column(String(35))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(String(100))
