"""Conversations: the thread of a resident's questions, kept masked and for a limited time.

A conversation is known to its owner by a random token; the store knows only
the token's hash, so that nobody who reads the store can continue one.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Protocol

from assistant.blocks import Answer
from assistant.turn import Past
from knowledge.store import Store

DEPTH = 4
"""How many earlier turns a question may refer back to."""


class Thread(Protocol):
    """Where the desk keeps the thread of a conversation."""

    def past(self, token: str) -> tuple[Past, ...]:
        """Return what the latest turns leave to the next one, oldest first."""
        ...

    def answer_to(self, token: str, request_id: str) -> Answer | None:
        """Return the answer already given to this request, if any."""
        ...

    def record(self, token: str, request_id: str, question: str, answer: Answer) -> str:
        """Keep one turn and return its id."""
        ...


class PassingThread:
    """A thread that is kept in memory and gone with the object: for the counter."""

    def __init__(self) -> None:
        self._turns: list[tuple[str, str, Answer]] = []

    def past(self, token: str) -> tuple[Past, ...]:
        """Return what the latest turns leave to the next one, oldest first."""
        return tuple(
            Past(question, answer.lang, answer.sources[0].slug if answer.sources else None)
            for _, question, answer in self._turns[-DEPTH:]
        )

    def answer_to(self, token: str, request_id: str) -> Answer | None:
        """Return the answer already given to this request, if any."""
        return next((answer for known, _, answer in self._turns if known == request_id), None)

    def record(self, token: str, request_id: str, question: str, answer: Answer) -> str:
        """Keep one turn and return its number."""
        self._turns.append((request_id, question, answer))
        return str(len(self._turns))


class Conversations:
    """The conversations in the store; questions arrive here already masked."""

    def __init__(self, store: Store, keep: timedelta) -> None:
        self._store = store
        self._keep = keep

    def past(self, token: str) -> tuple[Past, ...]:
        """Return what the latest turns leave to the next one, oldest first."""
        kept = self._store.conversation(_hashed(token))
        if kept is None:
            return ()
        return tuple(
            Past(turn.question, turn.lang, _slug(turn.answer)) for turn in kept.turns[-DEPTH:]
        )

    def answer_to(self, token: str, request_id: str) -> Answer | None:
        """Return the answer already given to this request, if any."""
        kept = self._store.conversation(_hashed(token))
        for turn in kept.turns if kept else ():
            if turn.request_id == request_id:
                answer = Answer.model_validate(turn.answer)
                return answer.model_copy(update={"conversation": token, "turn": turn.id})
        return None

    def record(self, token: str, request_id: str, question: str, answer: Answer) -> str:
        """Store one turn and return its id; the same request again changes nothing."""
        turn = self._store.record_turn(
            conversation_id=_hashed(token),
            request_id=request_id,
            question=question,
            lang=answer.lang,
            status=answer.status,
            answer=answer.model_dump(mode="json", exclude={"conversation", "turn"}),
            token_hash=_hashed(token),
            expires_at=self._store.now() + self._keep,
        )
        return turn.id

    def transcript(self, token: str) -> list[dict[str, Any]]:
        """Return the turns of a conversation for its owner, oldest first."""
        kept = self._store.conversation(_hashed(token))
        return [
            {
                "turn": turn.id,
                "question": turn.question,
                "lang": turn.lang,
                "created_at": turn.created_at.isoformat(),
                "answer": turn.answer,
            }
            for turn in (kept.turns if kept else ())
        ]

    def delete(self, token: str) -> bool:
        """Delete a conversation and everything in it; say whether it was there."""
        return self._store.delete_conversation(_hashed(token))

    def feedback(self, turn_id: str, rating: str, reason: str) -> bool:
        """Store what a resident thought of one answer; say whether the turn exists."""
        return self._store.add_feedback(turn_id, rating, reason)

    def expire(self) -> int:
        """Delete the conversations whose time is over; return how many."""
        return self._store.expire(self._store.now())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _slug(answer: dict[str, Any]) -> str | None:
    sources = answer.get("sources") or []
    return sources[0]["slug"] if sources else None
