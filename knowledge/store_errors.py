"""Turns what SQLAlchemy and the databases raise into `knowledge.errors`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError

from knowledge.errors import (
    KnowledgeError,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreUnreachable,
    from_os_error,
    from_sqlite_message,
)

_UNREACHABLE = "The PostgreSQL server cannot be reached; check its address and that it runs."
_SQLSTATES: tuple[tuple[str, type[StoreError], str], ...] = (
    ("53100", StoreFull, "The disk of the PostgreSQL server is full, so nothing was written."),
    ("55P03", StoreLocked, "Another process holds the rows; try again when it is done."),
    ("40P01", StoreLocked, "Another process holds the rows; try again when it is done."),
    ("53300", StoreUnreachable, "The PostgreSQL server takes no more connections."),
    ("28", StoreUnreachable, "The PostgreSQL server refuses the user name or the password."),
    ("3D000", StoreUnreachable, "The PostgreSQL server has no database of that name."),
    ("57P", StoreUnreachable, "The PostgreSQL server is shutting down or starting up."),
    ("08", StoreUnreachable, _UNREACHABLE),
)


@contextmanager
def store_errors_translated() -> Iterator[None]:
    """Raise what a database raises inside the block as `KnowledgeError` where it is known."""
    try:
        yield
    except DBAPIError as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error
    except TimeoutError as error:
        raise StoreLocked("All connections to the database are in use; try again.") from error
    except OSError as error:
        translated = from_os_error(error)
        if translated is None:
            raise
        raise translated from error


def _known(error: DBAPIError) -> KnowledgeError | None:
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate:
        for prefix, kind, sentence in _SQLSTATES:
            if sqlstate.startswith(prefix):
                return kind(sentence)
        return None
    if type(error.orig).__module__.startswith("psycopg"):
        return _without_state(str(error.orig)) if _is_operational(error) else None
    return from_sqlite_message(str(error.orig))


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ == "OperationalError"


def _without_state(message: str) -> StoreUnreachable:
    """A failed connection carries no SQLSTATE, only the server's words."""
    lowered = message.lower()
    if "does not exist" in lowered and "database" in lowered:
        return StoreUnreachable("The PostgreSQL server has no database of that name.")
    if "authentication" in lowered or "password" in lowered:
        return StoreUnreachable("The PostgreSQL server refuses the user name or the password.")
    return StoreUnreachable(_UNREACHABLE)
