"""The store: articles and their versions, the city's values, vectors, conversations.

It is one database, SQLite by default, PostgreSQL where several replicas share it.
Every method is one transaction. What a transaction wrote survives the process
being killed at any moment; on SQLite a power cut may take back the last
transactions, but never damages the file. What the database raises comes out as
`knowledge.errors`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Self

from knowledge.store_accounts import AccountStore
from knowledge.store_articles import ArticleStore, Publication, Version
from knowledge.store_audit import AuditStore
from knowledge.store_base import open_engine, utc_now
from knowledge.store_city import CityStore
from knowledge.store_conversations import Conversation, ConversationStore, Turn
from knowledge.store_counter import CounterStore
from knowledge.store_crawls import CrawlStore
from knowledge.store_errors import store_errors_translated
from knowledge.store_files import FileStore
from knowledge.store_golden import GoldenStore
from knowledge.store_insight import InsightStore
from knowledge.store_migration import migrate
from knowledge.store_notices import NoticeStore
from knowledge.store_publishing import PublishingStore
from knowledge.store_push import PushStore
from knowledge.store_sign_ins import SignInStore
from knowledge.store_vectors import ReleaseRecord, ReleaseStore, VectorStore

__all__ = ["Conversation", "Publication", "ReleaseRecord", "Store", "Turn", "Version"]


class Store(
    PublishingStore,
    GoldenStore,
    ArticleStore,
    CityStore,
    ConversationStore,
    VectorStore,
    ReleaseStore,
    AccountStore,
    SignInStore,
    NoticeStore,
    InsightStore,
    CrawlStore,
    AuditStore,
    PushStore,
    CounterStore,
    FileStore,
):
    """The whole store; open it with `Store.open`. Safe to share between threads."""

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime] = utc_now) -> Self:
        """Open the store at `url`, making or upgrading its tables as needed.

        `url` is ``sqlite:///FILE``, ``sqlite://`` for one in memory, or
        ``postgresql://…``. Raises a `StoreError`.
        """
        engine = open_engine(url)
        try:
            with store_errors_translated():
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
