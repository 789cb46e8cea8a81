"""The part of the store that keeps conversations until they expire."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from knowledge.schema import ConversationRow, FeedbackRow, TurnRow
from knowledge.store_base import StoreBase, storable


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, already masked, and its answer as a JSON object."""

    id: str
    conversation_id: str
    position: int
    request_id: str
    created_at: datetime
    question: str
    lang: str
    status: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation and its turns in order.

    `token_hash` is the hash of the token that its owner holds.
    """

    id: str
    created_at: datetime
    expires_at: datetime
    lang: str
    token_hash: str
    turns: tuple[Turn, ...]


class ConversationStore(StoreBase):
    """Records turns and feedback, and forgets them."""

    def record_turn(
        self,
        *,
        conversation_id: str,
        request_id: str,
        question: str,
        lang: str,
        status: str,
        answer: dict[str, Any],
        token_hash: str,
        expires_at: datetime,
    ) -> Turn:
        """Record one turn, beginning the conversation if it is new, and return it.

        A `request_id` that the conversation holds already is not recorded again: the
        turn of the first time is returned, so that a request may be repeated. The
        conversation expires at `expires_at`, `lang` becomes its language; its
        `token_hash` is that of its first turn.
        """
        with self._writes() as session:
            now = self.now()
            begun = self._insert(ConversationRow).values(
                id=conversation_id,
                created_at=now,
                expires_at=expires_at,
                lang=lang,
                token_hash=token_hash,
            )
            # On PostgreSQL the row is held until the end, so that positions do not collide.
            session.execute(
                begun.on_conflict_do_update(
                    index_elements=[ConversationRow.id],
                    set_={"expires_at": begun.excluded.expires_at, "lang": begun.excluded.lang},
                )
            )
            last, known = _last_position(session, conversation_id, request_id)
            row = session.get(TurnRow, known) if known else None
            if row is None:
                row = TurnRow(
                    id=uuid.uuid4().hex,
                    conversation_id=conversation_id,
                    position=0 if last is None else last + 1,
                    request_id=request_id,
                    created_at=now,
                    question=storable(question),
                    lang=lang,
                    status=status,
                    answer=answer,
                )
                session.add(row)
            return _turn(row)

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return the conversation with its turns, or None if there is none or it has expired."""
        with self._reads() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None or row.expires_at <= self.now():
                return None
            turns = select(TurnRow).where(TurnRow.conversation_id == conversation_id)
            return Conversation(
                id=row.id,
                created_at=row.created_at,
                expires_at=row.expires_at,
                lang=row.lang,
                token_hash=row.token_hash,
                turns=tuple(_turn(t) for t in session.scalars(turns.order_by(TurnRow.position))),
            )

    def turn(self, turn_id: str) -> Turn | None:
        """Return one turn, or None if there is none."""
        with self._reads() as session:
            row = session.get(TurnRow, turn_id)
            return _turn(row) if row else None

    def delete_conversation(self, conversation_id: str) -> bool:
        """Delete a conversation with its turns and feedback; say whether there was one."""
        with self._writes() as session:
            gone = delete(ConversationRow).where(ConversationRow.id == conversation_id)
            return bool(session.scalars(gone.returning(ConversationRow.id)).all())

    def expire(self, now: datetime) -> int:
        """Delete every conversation that has expired at `now`; return how many."""
        with self._writes() as session:
            gone = delete(ConversationRow).where(ConversationRow.expires_at <= now)
            return len(session.scalars(gone.returning(ConversationRow.id)).all())

    def add_feedback(self, turn_id: str, rating: str, reason: str = "") -> bool:
        """Keep what a resident thought of an answer, in place of what they said before.

        Returns whether there is such a turn.
        """
        with self._writes() as session:
            if session.get(TurnRow, turn_id) is None:
                return False
            said = self._insert(FeedbackRow).values(
                turn_id=turn_id, rating=rating, reason=storable(reason), created_at=self.now()
            )
            names = ("rating", "reason", "created_at")
            session.execute(
                said.on_conflict_do_update(
                    index_elements=[FeedbackRow.turn_id],
                    set_={name: said.excluded[name] for name in names},
                )
            )
            return True

    def feedback(self) -> dict[str, int]:
        """Return how often each rating was given."""
        with self._reads() as session:
            query = select(FeedbackRow.rating, func.count().label("times")).group_by(
                FeedbackRow.rating
            )
            return {row.rating: row.times for row in session.execute(query)}


def _last_position(
    session: Session, conversation_id: str, request_id: str
) -> tuple[int | None, str | None]:
    """The position of the latest turn, and the id of the turn of a request."""
    of_request = case((TurnRow.request_id == request_id, TurnRow.id))
    query = select(func.max(TurnRow.position), func.max(of_request))
    last, known = session.execute(query.where(TurnRow.conversation_id == conversation_id)).one()
    return last, known


def _turn(row: TurnRow) -> Turn:
    return Turn(**{name: getattr(row, name) for name in Turn.__slots__})
