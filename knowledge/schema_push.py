"""The tables of those who want to be told when there is news of a kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class PushSubscriptionRow(Base):
    """One browser that wants notices; it says nothing about whose it is."""

    __tablename__ = "push_subscription"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The SHA-256 of the endpoint."""
    endpoint: Mapped[str]
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(100))
    lang: Mapped[str] = mapped_column(String(35))
    created_at: Mapped[datetime]


class PushKindRow(Base):
    """One kind of notice that a browser wants."""

    __tablename__ = "push_kind"

    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("push_subscription.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
