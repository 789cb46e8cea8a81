"""The connection to the database under the store: transactions, clocks, settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import StaticPool

from knowledge.errors import StoreUnreachable
from knowledge.store_errors import store_errors_translated

JAPAN = ZoneInfo("Asia/Tokyo")
BATCH = 500
"""How many values one statement names; SQLite allows 32,766, PostgreSQL 65,535."""

Insert = sqlite.Insert | postgresql.Insert


class StoreBase:
    """What every part of the store shares.

    `now` gives the moment, with a time zone; tests pass a clock of their own.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self._writing = engine.execution_options(writes=True)
        self.now = now

    def today(self) -> date:
        """Return the calendar day in Japan."""
        return self.now().astimezone(JAPAN).date()

    def ping(self) -> None:
        """Reach the database; raises a `StoreError` where it cannot be."""
        with self._reads() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give back every connection; the store can be used again afterwards."""
        self.engine.dispose()

    @contextmanager
    def _reads(self) -> Iterator[Session]:
        """One transaction that sees one state of the database and changes nothing."""
        with store_errors_translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _writes(self) -> Iterator[Session]:
        """One transaction, written as a whole when the block ends, or not at all."""
        with (
            store_errors_translated(),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def _insert(self, table: type[DeclarativeBase]) -> Insert:
        """An INSERT of the dialect at hand, which can say what to do on a conflict."""
        if self.engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def open_engine(url: str) -> Engine:
    """Return an engine for `url`: ``sqlite:///FILE``, ``sqlite://`` or ``postgresql://…``.

    The folder of a SQLite file is made if it is absent. Raises `StoreUnreachable`
    for a URL of another form.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable(f"The address of the store, {url!r}, is not a URL.") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    backend = parsed.drivername.partition("+")[0]
    if backend == "postgresql":
        return create_engine(parsed, json_serializer=_json, pool_pre_ping=True, pool_size=10)
    if backend != "sqlite":
        raise StoreUnreachable(f"The store can be SQLite or PostgreSQL, not {backend}.")
    if not parsed.database or parsed.database == ":memory:":
        engine = create_engine(parsed, json_serializer=_json, poolclass=StaticPool)
    else:
        _make_folder(Path(parsed.database).parent)
        engine = create_engine(parsed, json_serializer=_json, pool_size=10)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        with store_errors_translated():
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(f"The folder {folder} of the database cannot be made.") from error


def utc_now() -> datetime:
    """Return the moment in UTC."""
    return datetime.now(UTC)


def in_batches(values: Iterable[Any], size: int = BATCH) -> Iterator[tuple[Any, ...]]:
    """Yield `values` in runs that one statement can name."""
    values = list(values)
    for start in range(0, len(values), size):
        yield tuple(values[start : start + size])


def storable(text: str) -> str:
    """Return `text` without what a database refuses: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set a new connection up.

    The driver must not begin transactions by itself: `_begin_sqlite` does. With
    write-ahead logging, NORMAL keeps every committed transaction when the process
    is killed; only a power cut may take back the last ones, never damage the file.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 5000", "foreign_keys = ON", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; a writing one takes its lock at once.

    A transaction that reads first and writes later cannot wait for the lock: SQLite
    refuses it without regard to the busy timeout.
    """
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _json(value: Any) -> str:
    """Serialize `value`; half a surrogate pair, which no database takes, becomes "?"."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
