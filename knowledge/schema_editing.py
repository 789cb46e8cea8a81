"""The tables of drafts, their revisions and checks, moments of ending, and golden questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class DraftRow(Base):
    """One text on its way to become a version; `content` is its newest revision."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), index=True)
    department: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), index=True)
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    confirmed: Mapped[list[str]] = mapped_column(JSON)
    base_number: Mapped[int]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    author: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(String(100))
    updated_at: Mapped[datetime]
    approver: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str]
    note: Mapped[str]
    number: Mapped[int | None]


class DraftRevisionRow(Base):
    """What somebody saved; never changed, so that no text is lost."""

    __tablename__ = "draft_revision"

    draft_id: Mapped[str] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_by: Mapped[str] = mapped_column(String(100))
    saved_at: Mapped[datetime]


class DraftCheckRow(Base):
    """How one revision of a draft answered the golden questions."""

    __tablename__ = "draft_check"

    draft_id: Mapped[str] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    release_id: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class VersionEndRow(Base):
    """The moment at which a version ends."""

    __tablename__ = "version_end"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("version.id", ondelete="CASCADE"), primary_key=True
    )
    ends_at: Mapped[datetime] = mapped_column(index=True)


class TranslationCheckRow(Base):
    """Somebody's word that a translation, known by its hash, is right for a Japanese text."""

    __tablename__ = "translation_check"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    original_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    checked_by: Mapped[str] = mapped_column(String(100))
    checked_at: Mapped[datetime]


class GoldenQuestionRow(Base):
    """A question whose right answer is known; the id is a hash of language and words."""

    __tablename__ = "golden_question"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(35))
    text: Mapped[str]
    expect: Mapped[str] = mapped_column(String(16))
    slugs: Mapped[list[str]] = mapped_column(JSON)
    facts: Mapped[list[str]] = mapped_column(JSON)
    added_by: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime]


class ReleaseHoldRow(Base):
    """A former release that was made the current one again, and stays it until let go."""

    __tablename__ = "release_hold"

    release_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    held_by: Mapped[str] = mapped_column(String(100))
    held_at: Mapped[datetime]
    reason: Mapped[str]
