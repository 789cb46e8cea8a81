"""The tables of the store, for SQLite and PostgreSQL alike.

Moments are UTC; days are calendar days in Japan. A change here needs a migration
in ``knowledge/migrations/versions`` and a new `HEAD`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

HEAD = "0006"
"""The migration that this code works with."""


class Utc(TypeDecorator[datetime]):
    """A moment with time zone; SQLite, which knows none, holds it in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment of any zone into UTC; a moment without zone is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the moment {value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables; constraints are named so that migrations can refer to them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc,
        date: Date,
        str: Text,
        bytes: LargeBinary,
    }


class ArticleRow(Base):
    """One article; all that can change stands in its versions."""

    __tablename__ = "article"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    created_at: Mapped[datetime]


class VersionRow(Base):
    """One version of an article; only `state` and `published_at` ever change."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("slug", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(ForeignKey("article.slug"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    life_event: Mapped[str] = mapped_column(String(32))
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    checked_on: Mapped[date]
    review_by: Mapped[date | None]
    owner: Mapped[str]
    related: Mapped[list[str]] = mapped_column(JSON)
    synonyms: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str]
    author: Mapped[str]
    approver: Mapped[str | None]
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    localizations: Mapped[list[LocalizationRow]] = relationship(
        order_by="LocalizationRow.position", lazy="raise", passive_deletes=True
    )


class LocalizationRow(Base):
    """One language of a version."""

    __tablename__ = "localization"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("version.id", ondelete="CASCADE"), primary_key=True
    )
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    position: Mapped[int]
    title: Mapped[str]
    questions: Mapped[list[str]] = mapped_column(JSON)
    summary: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    conditions: Mapped[list[str]] = mapped_column(JSON)
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class CityValueRow(Base):
    """One value of the city, in one of the forms of `knowledge.city`."""

    __tablename__ = "city_value"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class LexiconRow(Base):
    """Words that search knows, such as synonyms by language, as one JSON object a name."""

    __tablename__ = "lexicon"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    content: Mapped[Any] = mapped_column(JSON)


class VectorRow(Base):
    """What a model made of one text, kept so that no text is embedded twice."""

    __tablename__ = "vector_cache"

    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]


class ReleaseRow(Base):
    """One built index."""

    __tablename__ = "release"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    content_hash: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    activated_at: Mapped[datetime | None]


class ConversationRow(Base):
    """One conversation with a resident; deleted when it expires."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    lang: Mapped[str] = mapped_column(String(35))
    token_hash: Mapped[str] = mapped_column(String(64))


class TurnRow(Base):
    """One question, already masked, and its answer."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        UniqueConstraint("conversation_id", "request_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    position: Mapped[int]
    request_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    question: Mapped[str]
    lang: Mapped[str] = mapped_column(String(35))
    status: Mapped[str] = mapped_column(String(16))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class FeedbackRow(Base):
    """What a resident thought of one answer; the last word counts."""

    __tablename__ = "feedback"

    turn_id: Mapped[str] = mapped_column(
        ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True
    )
    rating: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    created_at: Mapped[datetime]


import knowledge.schema_accounts  # noqa: E402 - joins the tables of the accounts
import knowledge.schema_counter  # noqa: E402 - joins the tables of the counter
import knowledge.schema_crawl  # noqa: E402 - joins the tables of crawls
import knowledge.schema_editing  # noqa: E402 - joins the tables of drafts and checks
import knowledge.schema_files  # noqa: E402 - joins the table of the articles' files
import knowledge.schema_insight  # noqa: E402 - joins the tables of notices and gaps
import knowledge.schema_push  # noqa: E402, F401 - joins the tables of the notices
