"""The table of the images and attachments that articles name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.schema import Base


class AttachedFileRow(Base):
    """One content, known by its SHA-256; it never changes."""

    __tablename__ = "attached_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    pages: Mapped[int]
    content: Mapped[bytes]
    added_by: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime]
