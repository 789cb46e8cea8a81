"""The notice above every page and in the chat: what it is, and which one holds now.

The texts are already in the reader's language; `lang` says which it became.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from knowledge.store import Store

Level = Literal["emergency", "warning", "info"]


class NoticeLink(BaseModel):
    """A page to go on to: a path of ours, or an https address."""

    url: str = Field(pattern=r"^(/[^/]|https://)")
    label: str


class Notice(BaseModel):
    """One notice; texts may carry ruby as ``{漢字|かんじ}``, and `text` several lines."""

    id: str
    level: Level
    lang: str
    title: str
    text: str
    links: list[NoticeLink] = []
    until: datetime | None = None


def active_notice(store: Store, lang: str) -> Notice | None:
    """Return the notice that holds now as a reader of `lang` gets it; None where none does."""
    return None
