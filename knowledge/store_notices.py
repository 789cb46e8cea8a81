"""The part of the store that keeps notices: put up, ended early, over by themselves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from knowledge.errors import NoticeMissing
from knowledge.schema_insight import NoticeRow
from knowledge.store_audit import AuditStore


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One notice; `texts` has by language ``{"title", "text", "links": [{"url", "label"}]}``.

    It holds from `begins_at` to `until`, or to `ended_at` where somebody ended it.
    """

    id: str
    kind: str
    level: str
    disaster: bool
    texts: dict[str, Any]
    reason: str
    by: str
    begins_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


class NoticeStore(AuditStore):
    """Keeps the notices; every change stands in the audit log, too."""

    def put_up_notice(
        self,
        *,
        kind: str,
        level: str,
        disaster: bool,
        texts: dict[str, Any],
        reason: str,
        until: datetime,
        by: str,
    ) -> NoticeRecord:
        """Put a notice up from now to `until`."""
        with self._writes() as session:
            row = NoticeRow(
                id=uuid.uuid4().hex,
                kind=kind,
                level=level,
                disaster=disaster,
                texts=texts,
                reason=reason,
                by=by,
                begins_at=self.now(),
                until=until,
            )
            session.add(row)
            session.flush()
            detail = {
                "kind": kind,
                "level": level,
                "disaster": disaster,
                "reason": reason,
                "until": until.isoformat(),
                "title": texts.get("ja", {}).get("title", ""),
            }
            record = _record(row)
            self.audit(by, "notice.put_up", record.id, detail, session=session)
            return record

    def end_notice(self, notice_id: str, *, reason: str, by: str) -> None:
        """End a notice that holds; one that is over stays as it was. Raises NoticeMissing."""
        with self._writes() as session:
            row = session.get(NoticeRow, notice_id)
            if row is None:
                raise NoticeMissing(f"There is no notice {notice_id}.")
            if row.ended_at is not None or row.until <= self.now():
                return
            row.ended_at, row.ended_by = self.now(), by
            self.audit(by, "notice.end", notice_id, {"reason": reason}, session=session)

    def notices_in_force(self) -> list[NoticeRecord]:
        """Return the notices that hold now, the newest first."""
        now = self.now()
        query = select(NoticeRow).where(
            NoticeRow.begins_at <= now, NoticeRow.until > now, NoticeRow.ended_at.is_(None)
        )
        with self._reads() as session:
            return [_record(row) for row in session.scalars(query.order_by(_NEWEST))]

    def notices(self, limit: int = 50) -> list[NoticeRecord]:
        """Return the last notices, the newest first."""
        with self._reads() as session:
            rows = session.scalars(select(NoticeRow).order_by(_NEWEST).limit(limit))
            return [_record(row) for row in rows]


_NEWEST = NoticeRow.begins_at.desc()


def _record(row: NoticeRow) -> NoticeRecord:
    return NoticeRecord(**{name: getattr(row, name) for name in NoticeRecord.__slots__})
