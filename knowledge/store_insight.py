"""The part of the store that tells what was asked and what became of it, and what was in vain."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from knowledge.schema import FeedbackRow, TurnRow
from knowledge.schema_counter import HandoverRow
from knowledge.schema_insight import DismissedRow, LinkRow
from knowledge.store_audit import AuditStore
from knowledge.store_base import storable


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """One turn, what its resident thought of it, and what became of it.

    `slug` is the article it was answered from, `reply` the kind of a reply that is
    from no article, `rating` ``good`` or ``bad``; each is empty where there is none.
    `milliseconds` is how long the answer took. `handed_over` says whether the
    conversation went to the staff after it.
    """

    id: str
    conversation_id: str
    position: int
    created_at: datetime
    question: str
    lang: str
    status: str
    slug: str
    reply: str
    milliseconds: float
    rating: str
    handed_over: bool


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A dismissed group: the unit vector at its centre (fp32 bytes) and how near it reaches.

    `nearness` is the least cosine to the centre that a question of the group has.
    """

    id: str
    name: str
    model: str
    centre: bytes
    nearness: float
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TriedLink:
    """What came of opening an address; `problem` is empty where it opened."""

    url: str
    problem: str
    detail: str
    tried_at: datetime


class InsightStore(AuditStore):
    """Reads turns as a whole, and keeps what was dismissed and which links were tried."""

    def asked(self, since: datetime, until: datetime, limit: int = 200_000) -> list[AskedTurn]:
        """Return the turns from `since` to `until`, by conversation and in its order.

        At most the newest `limit` of them.
        """
        answer = TurnRow.answer
        query = (
            select(
                TurnRow.id,
                TurnRow.conversation_id,
                TurnRow.position,
                TurnRow.created_at,
                TurnRow.question,
                TurnRow.lang,
                TurnRow.status,
                answer[("sources", 0, "slug")].as_string().label("slug"),
                answer[("blocks", 0, "kind")].as_string().label("reply"),
                answer[("timings_ms", "total")].as_float().label("milliseconds"),
                FeedbackRow.rating,
                HandoverRow.created_at.label("handed_at"),
            )
            .outerjoin(FeedbackRow, FeedbackRow.turn_id == TurnRow.id)
            .outerjoin(HandoverRow, HandoverRow.conversation_id == TurnRow.conversation_id)
            .where(TurnRow.created_at >= since, TurnRow.created_at < until)
            .order_by(TurnRow.created_at.desc())
            .limit(limit)
        )
        with self._reads() as session:
            turns = [_asked(row) for row in session.execute(query)]
        return sorted(turns, key=lambda turn: (turn.conversation_id, turn.position))

    def dismiss(self, *, name: str, model: str, centre: bytes, nearness: float, by: str) -> str:
        """Keep that a group of questions needs no article, and return the id of that."""
        with self._writes() as session:
            row = DismissedRow(
                id=uuid.uuid4().hex,
                name=storable(name),
                model=model,
                centre=centre,
                nearness=nearness,
                by=by,
                at=self.now(),
            )
            session.add(row)
            session.flush()
            self.audit(by, "unanswered.dismiss", row.id, {"name": name}, session=session)
            return row.id

    def restore_dismissed(self, dismissed_id: str, *, by: str) -> bool:
        """Take a dismissal back; say whether it was there."""
        with self._writes() as session:
            gone = session.scalar(
                delete(DismissedRow)
                .where(DismissedRow.id == dismissed_id)
                .returning(DismissedRow.name)
            )
            if gone is None:
                return False
            self.audit(by, "unanswered.restore", dismissed_id, {"name": gone}, session=session)
            return True

    def dismissed(self) -> list[Dismissed]:
        """Return what was dismissed, the newest first."""
        with self._reads() as session:
            rows = session.scalars(select(DismissedRow).order_by(DismissedRow.at.desc()))
            return [
                Dismissed(**{name: getattr(row, name) for name in Dismissed.__slots__})
                for row in rows
            ]

    def keep_tried_links(self, links: list[TriedLink]) -> None:
        """Keep what came of opening some addresses, in place of what was kept of any."""
        with self._writes() as session:
            session.execute(delete(LinkRow))
            session.add_all(
                LinkRow(**{name: getattr(link, name) for name in TriedLink.__slots__})
                for link in links
            )

    def tried_links(self) -> list[TriedLink]:
        """Return what came of opening addresses the last time."""
        with self._reads() as session:
            return [
                TriedLink(row.url, row.problem, row.detail, row.tried_at)
                for row in session.scalars(select(LinkRow).order_by(LinkRow.url))
            ]


def _asked(row: Any) -> AskedTurn:
    handed_at = row.handed_at
    return AskedTurn(
        row.id,
        row.conversation_id,
        row.position,
        row.created_at,
        row.question,
        row.lang,
        row.status,
        row.slug or "",
        row.reply or "",
        float(row.milliseconds or 0),
        row.rating or "",
        handed_at is not None and handed_at >= row.created_at,
    )
