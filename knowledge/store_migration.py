"""Brings the tables of a store to the form this code works with, once, at opening.

Two processes may start at once: on SQLite a lock file beside the database, on
PostgreSQL an advisory lock lets one go first. Every step runs in one transaction,
so that a process killed in between leaves the former form behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text

from knowledge.errors import StoreLocked, StoreTooNew
from knowledge.schema import HEAD

LOCK_SECONDS = 60.0
"""How long a process waits for another that is changing the tables."""

_ADVISORY_KEY = 0x6D61646F  # "mado": the lock's number among the advisory locks of a server


def migrate(engine: Engine) -> None:
    """Upgrade the tables of `engine` to `HEAD`; does nothing where they are there already.

    Raises `StoreTooNew`, and `StoreLocked` when another process takes too long.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD and _is_wal(connection):
            return
    with _file_lock(engine), engine.execution_options(writes=True).connect() as connection:
        _use_wal(connection)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_KEY)))
            if _revision(connection) != HEAD:
                _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    """The migration that the tables are at, or None in a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise StoreTooNew(
            "The database was written by a later version of Madoguchi; install that version."
        ) from error


def _is_wal(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return True
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    return mode in ("wal", "memory")


def _use_wal(connection: Connection) -> None:
    """Switch a SQLite file to write-ahead logging, which stays with the file."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    """Hold the lock file beside a SQLite database; other databases need none."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{database}.lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise StoreLocked("Another process is changing the tables of the database.") from error
