"""The part of the store that serves the counter: the office's log, and hand-overs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from knowledge.schema import ConversationRow
from knowledge.schema_counter import CounterRecordRow, HandoverRow
from knowledge.store_base import StoreBase


@dataclass(frozen=True, slots=True)
class CounterRecord:
    """What the office keeps of a session: procedure, language, length, outcome."""

    day: date
    hour: int
    procedure: str | None
    form: str | None
    lang: str
    seconds: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Handover:
    """A conversation that waits for staff, or was taken by them."""

    code_hash: str
    conversation_id: str
    lang: str
    created_at: datetime
    expires_at: datetime
    taken_at: datetime | None
    taken_by: str | None


class CounterStore(StoreBase):
    """Keeps the office's log of sessions, and the conversations that were handed over."""

    def add_counter_record(self, record: CounterRecord) -> None:
        """Keep one line of the office's log."""
        with self._writes() as session:
            values = {name: getattr(record, name) for name in CounterRecord.__slots__}
            session.add(CounterRecordRow(**values))

    def counter_records(self, since: date, until: date) -> list[CounterRecord]:
        """Return the lines from `since` to `until`, both included, oldest first."""
        query = select(CounterRecordRow).where(CounterRecordRow.day.between(since, until))
        with self._reads() as session:
            return [
                CounterRecord(**{name: getattr(row, name) for name in CounterRecord.__slots__})
                for row in session.scalars(query.order_by(CounterRecordRow.id))
            ]

    def hand_over(
        self, conversation_id: str, code_hash: str, lang: str, expires_at: datetime
    ) -> bool:
        """Queue a conversation under a one-time code; a new code replaces one not yet taken.

        False where there is no such conversation, or where staff have it already: a
        conversation is handed over once.
        """
        with self._writes() as session:
            known = session.scalar(
                select(ConversationRow.id).where(ConversationRow.id == conversation_id)
            )
            taken = session.scalar(
                select(HandoverRow.taken_at).where(
                    HandoverRow.conversation_id == conversation_id,
                    HandoverRow.taken_at.is_not(None),
                )
            )
            if known is None or taken is not None:
                return False
            session.execute(
                delete(HandoverRow).where(HandoverRow.conversation_id == conversation_id)
            )
            session.add(
                HandoverRow(
                    code_hash=code_hash,
                    conversation_id=conversation_id,
                    lang=lang,
                    created_at=self.now(),
                    expires_at=expires_at,
                )
            )
            return True

    def waiting_handovers(self) -> list[Handover]:
        """Return the conversations that wait, the longest waiting first."""
        query = select(HandoverRow).where(
            HandoverRow.taken_at.is_(None), HandoverRow.expires_at > self.now()
        )
        with self._reads() as session:
            return [
                _handover(row) for row in session.scalars(query.order_by(HandoverRow.created_at))
            ]

    def take_handover(self, code_hash: str, by: str) -> Handover | None:
        """Give the conversation of a code to `by`, once; None for a code that is not valid."""
        with self._writes() as session:
            row = session.scalar(
                update(HandoverRow)
                .where(
                    HandoverRow.code_hash == code_hash,
                    HandoverRow.taken_at.is_(None),
                    HandoverRow.expires_at > self.now(),
                )
                .values(taken_at=self.now(), taken_by=by)
                .returning(HandoverRow)
            )
            return _handover(row) if row is not None else None

    def expire_handovers(self) -> int:
        """Delete the hand-overs whose time is over; return how many."""
        with self._writes() as session:
            gone = session.scalars(
                delete(HandoverRow)
                .where(HandoverRow.expires_at <= self.now())
                .returning(HandoverRow.code_hash)
            )
            return len(gone.all())


def _handover(row: HandoverRow) -> Handover:
    return Handover(**{name: getattr(row, name) for name in Handover.__slots__})
