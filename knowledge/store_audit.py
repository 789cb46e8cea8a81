"""The part of the store that keeps the audit log: who did what, in an order nobody can change.

Every entry carries the hash of the one before and a hash over itself, so that a
changed, removed or inserted entry shows; the database refuses such changes too.
Whoever owns the database can take off entries at the end: only a hash that was
written down elsewhere shows that (`AuditStore.verify_audit`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.schema_accounts import AuditRow
from knowledge.store_base import BATCH, StoreBase, storable

FIRST = "0" * 64
"""What the first entry names as the hash before it."""

_ADVISORY_KEY = 0x61756469  # "audi": the lock's number among the advisory locks of a server


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action: its number from 1, when, who, what, on what, and how.

    `hash` is the SHA-256 of the rest as canonical JSON: keys sorted, no spaces,
    UTF-8, the moment in UTC to the microsecond.
    """

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    previous_hash: str
    hash: str

    def as_json(self) -> dict[str, Any]:
        """Return the entry as a JSON object, `hash` included."""
        return {
            "number": self.number,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "detail": self.detail,
            "previous_hash": self.previous_hash,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What checking the log found: how many entries, the last hash, and what is wrong ("")."""

    entries: int
    head: str
    problem: str


class AuditStore(StoreBase):
    """Writes the audit log and reads it; there is no way to change it."""

    def audit(
        self,
        actor: str,
        action: str,
        subject: str = "",
        detail: Mapping[str, Any] | None = None,
        *,
        session: Session | None = None,
    ) -> AuditEntry:
        """Write that `actor` did `action` to `subject`, and return the entry.

        With `session`, a writing transaction of the store, action and entry are
        written together or not at all. Call it last there: on PostgreSQL it holds
        up every other writer of the log until the transaction ends.
        """
        if session is None:
            with self._writes() as own:
                return self._append(own, actor, action, subject, detail or {})
        return self._append(session, actor, action, subject, detail or {})

    def audit_entries(
        self,
        *,
        before: int | None = None,
        actor: str = "",
        action: str = "",
        limit: int = 100,
    ) -> list[AuditEntry]:
        """Return the newest entries, newest first.

        `before` is a number to go on from, `actor` a name, `action` the beginning
        of an action such as ``account.``.
        """
        query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.number < before)
        if actor:
            query = query.where(AuditRow.actor == actor)
        if action:
            query = query.where(AuditRow.action.startswith(action, autoescape=True))
        with self._reads() as session:
            return [_entry(row) for row in session.scalars(query)]

    def audit_log(self) -> Iterator[AuditEntry]:
        """Yield every entry in order, as many at a time as memory should hold."""
        last = 0
        while True:
            query = select(AuditRow).where(AuditRow.number > last).order_by(AuditRow.number)
            with self._reads() as session:
                rows = session.scalars(query.limit(BATCH)).all()
            if not rows:
                return
            yield from (_entry(row) for row in rows)
            last = rows[-1].number

    def verify_audit(self, known: str = "") -> AuditReport:
        """Check every entry and every link between them.

        `known` is a hash written down earlier that must still be in the log.
        """
        count, head, seen = 0, FIRST, not known
        for entry in self.audit_log():
            problem = _problem(entry, count + 1, head)
            if problem:
                return AuditReport(count, head, problem)
            count, head = entry.number, entry.hash
            seen = seen or head == known
        problem = "" if seen else f"No entry has the hash {known}: entries were taken off the end."
        return AuditReport(count, head, problem)

    def _append(
        self, session: Session, actor: str, action: str, subject: str, detail: Mapping[str, Any]
    ) -> AuditEntry:
        """Write the next entry; on SQLite the writing transaction is alone already."""
        session.flush()
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_ADVISORY_KEY)))
        newest = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
        last = session.execute(newest).first()
        at = self.now().astimezone(UTC)
        content = {
            "number": last.number + 1 if last else 1,
            "at": at.isoformat(timespec="microseconds"),
            "actor": storable(actor),
            "action": action,
            "subject": storable(subject),
            "detail": _plain(detail),
            "previous_hash": last.hash if last else FIRST,
        }
        row = AuditRow(**content | {"at": at, "hash": _hash(content)})
        session.add(row)
        session.flush()
        return _entry(row)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(**{name: getattr(row, name) for name in AuditEntry.__slots__})


def _problem(entry: AuditEntry, number: int, head: str) -> str:
    """Say what is wrong with `entry` as the one with `number` after the hash `head`."""
    if entry.number != number:
        return f"Entry {number} is missing."
    if entry.previous_hash != head:
        return f"Entry {number} does not follow the one before."
    return "" if entry.hash == _hash(entry.as_json()) else f"Entry {number} was changed."


def _hash(content: Mapping[str, Any]) -> str:
    hashed = {name: value for name, value in content.items() if name != "hash"}
    text = json.dumps(
        hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """`value` as JSON gives it back, without what a database refuses."""
    if isinstance(value, Mapping):
        return {storable(str(name)): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return storable(value) if isinstance(value, str) else value
