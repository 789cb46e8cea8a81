"""The part of the store that keeps drafts: who wrote what, who reviewed it, what waits.

::

    draft ⇄ in_review → approved → published
      │                    └→ draft (taken back)
      └→ discarded

Every change and its entry in the audit log are one transaction. A change names
the revision that it was made on; where another was saved in between it is
refused, and nothing is overwritten.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.article import Article
from knowledge.article_json import article_from_json
from knowledge.article_rules import check_article, check_slug
from knowledge.errors import DraftConflict, DraftMissing, DraftState, OwnDraft, ReasonMissing
from knowledge.machine_text import (
    MachineText,
    draft_content,
    machine_changes,
    machine_of,
    refuse_unconfirmed,
)
from knowledge.schema import VersionRow
from knowledge.schema_editing import DraftCheckRow, DraftRevisionRow, DraftRow
from knowledge.store_audit import AuditStore
from knowledge.store_base import storable

OPEN = ("draft", "in_review", "approved")
"""States of a draft that is not done with."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft; `article` is its newest revision, which counts from 1.

    `publish_at` and `ends_at` are moments; without `publish_at` it is published
    as soon as it is approved. `base_number` is the version that it was made
    from, 0 for a new article. `number` is the version that it became. `machine` is
    what a model wrote into it.
    """

    id: str
    slug: str
    department: str
    state: str
    revision: int
    article: Article
    confirmed: tuple[str, ...]
    base_number: int
    publish_at: datetime | None
    ends_at: datetime | None
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    approver: str | None
    reason: str
    note: str
    number: int | None
    machine: tuple[MachineText, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What somebody saved."""

    revision: int
    article: Article
    saved_by: str
    saved_at: datetime
    machine: tuple[MachineText, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """How one revision answered; `content` is a JSON object, `broken` counts golden questions."""

    revision: int
    release_id: str
    checked_at: datetime
    content: dict[str, Any]

    @property
    def broken(self) -> int:
        """How many golden questions the draft answers wrongly that were right before."""
        return int(self.content.get("broken", 0))


class DraftStore(AuditStore):
    """Keeps drafts and leads them to their approval."""

    def start_draft(
        self,
        article: Article,
        *,
        department: str,
        by: str,
        base_number: int = 0,
        publish_at: datetime | None = None,
        ends_at: datetime | None = None,
        machine: Iterable[MachineText] = (),
    ) -> Draft:
        """Keep `article` as a new draft of `department`; raises `ArticleInvalid` for its slug."""
        check_slug(article.slug)
        with self._writes() as session:
            now = self.now()
            row = DraftRow(
                id=secrets.token_hex(8),
                slug=article.slug,
                department=department,
                state="draft",
                revision=1,
                content=draft_content(article, machine),
                confirmed=[],
                base_number=base_number,
                publish_at=publish_at,
                ends_at=ends_at,
                author=by,
                created_at=now,
                updated_by=by,
                updated_at=now,
                reason="",
                note="",
            )
            session.add(row)
            session.flush()
            self._keep_revision(session, row)
            self._audit_draft(session, by, "article.draft", row, base=base_number)
            return _draft(row)

    def save_draft(
        self,
        draft_id: str,
        article: Article,
        *,
        revision: int,
        by: str,
        publish_at: datetime | None = None,
        ends_at: datetime | None = None,
        confirmed: Iterable[str] = (),
        machine: Iterable[MachineText] | None = None,
    ) -> Draft:
        """Save `article` as the next revision; where nothing changed, nothing is written.

        `machine` is what a model wrote into it, None for what was known of that; of
        either, what a person changed in the meantime is forgotten. Raises `DraftConflict`
        where `revision` is no longer the newest, and `DraftState`.
        """
        with self._writes() as session:
            row = self._draft_row(session, draft_id, ("draft",), revision)
            before = machine_of(row.content)
            content = draft_content(article, before if machine is None else machine)
            marks = sorted(set(confirmed))
            values = (content, publish_at, ends_at, marks)
            if values == (row.content, row.publish_at, row.ends_at, row.confirmed):
                return _draft(row)
            row.content, row.publish_at, row.ends_at, row.confirmed = values
            row.revision += 1
            row.updated_by, row.updated_at = by, self.now()
            self._keep_revision(session, row)
            told = machine_changes(before, row.content)
            self._audit_draft(session, by, "article.save", row, **told)
            return _draft(row)

    def submit_draft(self, draft_id: str, *, revision: int, by: str) -> Draft:
        """Hand a draft in for review.

        Raises `MachineUnconfirmed`, and `ArticleInvalid` where it breaks a rule.
        """
        with self._writes() as session:
            row = self._draft_row(session, draft_id, ("draft",), revision)
            refuse_unconfirmed(row.content)
            check_article(article_from_json(row.content))
            row.state, row.note = "in_review", ""
            self._audit_draft(session, by, "article.submit", row)
            return _draft(row)

    def return_draft(self, draft_id: str, *, by: str, note: str = "") -> Draft:
        """Give a draft that was handed in or approved back to its editors, with a word."""
        with self._writes() as session:
            row = self._draft_row(session, draft_id, ("in_review", "approved"))
            row.state, row.approver, row.reason, row.note = "draft", None, "", storable(note)
            self._audit_draft(session, by, "article.return", row, note=note)
            return _draft(row)

    def approve_draft(
        self, draft_id: str, *, revision: int, by: str, reason: str = "", broken: int = 0
    ) -> Draft:
        """Approve what was handed in; it is published at its moment.

        `broken` golden questions, or a version that was published since the draft
        was begun, need a `reason`. Raises `OwnDraft` for whoever saved any revision,
        `MachineUnconfirmed`, `ReasonMissing`, `DraftConflict`, `DraftState`.
        """
        with self._writes() as session:
            row = self._draft_row(session, draft_id, ("in_review",), revision)
            saved = select(DraftRevisionRow.saved_by).where(DraftRevisionRow.draft_id == draft_id)
            if by in {row.author, *session.scalars(saved)}:
                raise OwnDraft("Somebody who did not write this draft has to approve it.")
            refuse_unconfirmed(row.content)
            behind = self._published_since(session, row)
            if (broken or behind) and not reason.strip():
                raise ReasonMissing("Say why it is published all the same.")
            row.state, row.approver, row.reason = "approved", by, storable(reason)
            self._audit_draft(
                session, by, "article.approve", row, reason=reason, broken=broken, behind=behind
            )
            return _draft(row)

    def discard_draft(self, draft_id: str, *, by: str) -> Draft:
        """Put a draft away; its revisions are kept."""
        with self._writes() as session:
            row = self._draft_row(session, draft_id, ("draft", "in_review"))
            row.state = "discarded"
            self._audit_draft(session, by, "article.discard", row)
            return _draft(row)

    def draft(self, draft_id: str) -> Draft:
        """Return one draft; raises `DraftMissing`."""
        with self._reads() as session:
            row = session.get(DraftRow, draft_id)
            if row is None:
                raise DraftMissing(f"There is no draft {draft_id}.")
            return _draft(row)

    def drafts(self, *, slug: str = "", states: Collection[str] = OPEN) -> list[Draft]:
        """Return the drafts in `states`, of one article or of all, newest change first."""
        query = select(DraftRow).where(DraftRow.state.in_(states))
        if slug:
            query = query.where(DraftRow.slug == slug)
        with self._reads() as session:
            rows = session.scalars(query.order_by(DraftRow.updated_at.desc(), DraftRow.id))
            return [_draft(row) for row in rows]

    def revisions(self, draft_id: str) -> list[Revision]:
        """Return everything that was saved of a draft, oldest first."""
        query = select(DraftRevisionRow).where(DraftRevisionRow.draft_id == draft_id)
        with self._reads() as session:
            return [
                Revision(
                    row.revision,
                    article_from_json(row.content),
                    row.saved_by,
                    row.saved_at,
                    machine_of(row.content),
                )
                for row in session.scalars(query.order_by(DraftRevisionRow.revision))
            ]

    def is_behind(self, draft_id: str) -> bool:
        """Say whether another version was published since the draft was begun."""
        with self._reads() as session:
            row = session.get(DraftRow, draft_id)
            return row is not None and self._published_since(session, row)

    def keep_check(
        self, draft_id: str, revision: int, release_id: str, content: dict[str, Any]
    ) -> None:
        """Keep how a revision answered; the newest check of a revision counts."""
        with self._writes() as session:
            values = {
                "release_id": release_id, "checked_at": self.now(), "content": content,
            }  # fmt: skip
            insert = self._insert(DraftCheckRow).values(
                draft_id=draft_id, revision=revision, **values
            )
            session.execute(
                insert.on_conflict_do_update(index_elements=["draft_id", "revision"], set_=values)
            )

    def check_of(self, draft_id: str, revision: int) -> Check | None:
        """Return how a revision answered; None where it was not checked."""
        with self._reads() as session:
            row = session.get(DraftCheckRow, (draft_id, revision))
            if row is None:
                return None
            return Check(row.revision, row.release_id, row.checked_at, row.content)

    def _keep_revision(self, session: Session, row: DraftRow) -> None:
        session.add(
            DraftRevisionRow(
                draft_id=row.id,
                revision=row.revision,
                content=row.content,
                saved_by=row.updated_by,
                saved_at=row.updated_at,
            )
        )

    def _draft_row(
        self, session: Session, draft_id: str, states: Collection[str], revision: int | None = None
    ) -> DraftRow:
        """Return the row, held until the transaction ends; refuses another state or revision."""
        row = session.get(DraftRow, draft_id, with_for_update=True)
        if row is None:
            raise DraftMissing(f"There is no draft {draft_id}.")
        if revision is not None and revision != row.revision:
            raise DraftConflict(f"{row.updated_by} saved the draft at {row.updated_at}.")
        if row.state not in states:
            raise DraftState(f"The draft is {row.state}.")
        return row

    def _published_since(self, session: Session, row: DraftRow) -> bool:
        query = select(VersionRow.number).where(VersionRow.slug == row.slug)
        newest = session.scalar(query.order_by(VersionRow.number.desc()).limit(1))
        return (newest or 0) > row.base_number

    def _audit_draft(
        self, session: Session, by: str, action: str, row: DraftRow, **detail: object
    ) -> None:
        told = {"draft": row.id, "revision": row.revision, **detail}
        self.audit(by, action, row.slug, told, session=session)


def _draft(row: DraftRow) -> Draft:
    made = ("article", "confirmed", "machine")
    values = {name: getattr(row, name) for name in Draft.__slots__ if name not in made}
    return Draft(
        **values,
        article=article_from_json(row.content),
        confirmed=tuple(row.confirmed),
        machine=machine_of(row.content),
    )
