"""The part of the store that publishes approved drafts at their moment, and ends and rolls back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from knowledge.article import Article
from knowledge.article_json import article_from_json
from knowledge.article_rules import check_article
from knowledge.errors import ArticleInvalid, ArticleMissing, MachineUnconfirmed
from knowledge.machine_text import refuse_unconfirmed
from knowledge.schema import VersionRow
from knowledge.schema_accounts import AuditRow
from knowledge.schema_editing import (
    DraftRow,
    ReleaseHoldRow,
    TranslationCheckRow,
    VersionEndRow,
)
from knowledge.store_articles import (
    ArticleStore,
    Publication,
    article_of,
    highest_numbers,
    published_versions,
)
from knowledge.store_base import JAPAN
from knowledge.store_drafts import DraftStore
from knowledge.translations import text_hash

KEEPER = "madoguchi"
"""Who acts in the audit log where no person does."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A former release that stays the current one: which, since when, by whom, and why."""

    release_id: str
    held_by: str
    held_at: datetime
    reason: str


class PublishingStore(ArticleStore, DraftStore):
    """Publishes what was approved, ends what is over, and brings former versions back."""

    def publish_due(self) -> list[Publication]:
        """Publish every approved draft whose moment has come; each is one transaction.

        Two processes may do this at once: whoever holds a draft publishes it. One
        that breaks a rule after all goes back to its editors.
        """
        done: list[Publication] = []
        while True:
            draft_id = ""
            try:
                with self._writes() as session:
                    row = self._next_due(session)
                    if row is None:
                        return done
                    draft_id = row.id
                    done.append(self._publish_draft(session, row))
            except (ArticleInvalid, MachineUnconfirmed) as error:
                self.return_draft(draft_id, by=KEEPER, note=str(error))

    def end_due(self) -> list[str]:
        """Retire every version whose moment of ending has come; return the slugs."""
        with self._writes() as session:
            query = (
                select(VersionRow)
                .join(VersionEndRow, VersionEndRow.version_id == VersionRow.id)
                .where(VersionRow.state == "published", VersionEndRow.ends_at <= self.now())
                .with_for_update(of=VersionRow)
            )
            ended = list(session.scalars(query))
            for row in ended:
                row.state = "retired"
            for row in ended:
                self.audit(
                    KEEPER, "article.end", row.slug, {"version": row.number}, session=session
                )
            return [row.slug for row in ended]

    def next_moment(self) -> datetime | None:
        """Return when something is to be published or ended next; None where nothing waits."""
        starts = select(func.min(func.coalesce(DraftRow.publish_at, DraftRow.updated_at))).where(
            DraftRow.state == "approved"
        )
        ends = (
            select(func.min(VersionEndRow.ends_at))
            .join(VersionRow, VersionRow.id == VersionEndRow.version_id)
            .where(VersionRow.state == "published")
        )
        with self._reads() as session:
            moments = [session.scalar(starts), session.scalar(ends)]
            return min((at for at in moments if at is not None), default=None)

    def end_of(self, slug: str, number: int) -> datetime | None:
        """Return the moment at which a version ends; None where it has none."""
        query = (
            select(VersionEndRow.ends_at)
            .join(VersionRow, VersionRow.id == VersionEndRow.version_id)
            .where(VersionRow.slug == slug, VersionRow.number == number)
        )
        with self._reads() as session:
            return session.scalar(query)

    def roll_back_article(self, slug: str, number: int, *, by: str) -> Publication:
        """Publish a former version again, as a new one, at once; raises `ArticleMissing`."""
        with self._writes() as session:
            self._lock(session, [slug])
            query = select(VersionRow).where(VersionRow.slug == slug, VersionRow.number == number)
            row = session.scalar(query.options(selectinload(VersionRow.localizations)))
            if row is None:
                raise ArticleMissing(f"The article {slug} has no version {number}.")
            today = self.today()
            article = replace(article_of(row), effective_from=today, effective_until=None)
            done = self._publish_now(session, article, by, by)
            detail = {"from": number, "version": done.number}
            self.audit(by, "article.roll_back", slug, detail, session=session)
            return done

    def retire_article(self, slug: str, *, by: str, reason: str = "") -> bool:
        """Take an article out of force at once; say whether it was in force."""
        with self._writes() as session:
            self._lock(session, [slug])
            rows = published_versions(session, [slug]).get(slug, [])
            for row in rows:
                row.state = "retired"
            if rows:
                self.audit(by, "article.retire", slug, {"reason": reason}, session=session)
            return bool(rows)

    def hold_release(self, release_id: str, *, by: str, reason: str) -> None:
        """Note that a former release is to stay the current one."""
        with self._writes() as session:
            session.execute(delete(ReleaseHoldRow))
            row = {"release_id": release_id, "held_by": by, "held_at": self.now()}
            session.add(ReleaseHoldRow(**row, reason=reason))
            self.audit(by, "release.roll_back", release_id, {"reason": reason}, session=session)

    def let_release_go(self, *, by: str) -> None:
        """Go on building releases of what is in force."""
        with self._writes() as session:
            held = session.scalars(delete(ReleaseHoldRow).returning(ReleaseHoldRow.release_id))
            for release_id in held.all():
                self.audit(by, "release.go_on", release_id, session=session)

    def release_hold(self) -> Hold | None:
        """Return the former release that is to stay the current one, if there is one."""
        with self._reads() as session:
            row = session.scalar(select(ReleaseHoldRow).limit(1))
            if row is None:
                return None
            return Hold(row.release_id, row.held_by, row.held_at, row.reason)

    def last_action(self) -> int:
        """Return the number of the newest audit entry: it grows with every change by the staff."""
        with self._reads() as session:
            return session.scalar(select(func.max(AuditRow.number))) or 0

    def confirmed_translations(self, slug: str) -> set[tuple[str, str, str]]:
        """Return what people confirmed: language, hash of the text, hash of the Japanese."""
        row = TranslationCheckRow
        query = select(row.lang, row.text_hash, row.original_hash).where(row.slug == slug)
        with self._reads() as session:
            return {(found.lang, found.text_hash, found.original_hash)
                    for found in session.execute(query)}  # fmt: skip

    def _next_due(self, session: Session) -> DraftRow | None:
        due = DraftRow.publish_at.is_(None) | (DraftRow.publish_at <= self.now())
        query = select(DraftRow).where(DraftRow.state == "approved", due)
        query = query.order_by(DraftRow.publish_at, DraftRow.updated_at, DraftRow.id).limit(1)
        return session.scalar(query.with_for_update(skip_locked=True))

    def _publish_draft(self, session: Session, row: DraftRow) -> Publication:
        refuse_unconfirmed(row.content)
        at = row.publish_at or self.now()
        article = replace(
            article_from_json(row.content),
            effective_from=at.astimezone(JAPAN).date(),
            effective_until=_last_day(row.ends_at),
        )
        self._lock(session, [row.slug])
        done = self._publish_now(session, article, row.author, row.approver)
        if row.ends_at is not None:
            self._keep_end(session, done, row.ends_at)
        self._keep_confirmed(session, article, row)
        row.state, row.number = "published", done.number
        detail = {"draft": row.id, "revision": row.revision, "version": done.number}
        self.audit(KEEPER, "article.publish", row.slug, detail, session=session)
        return done

    def _publish_now(
        self, session: Session, article: Article, author: str, approver: str | None
    ) -> Publication:
        check_article(article)
        slug = article.slug
        published = published_versions(session, [slug]).get(slug, [])
        highest = highest_numbers(session, [slug]).get(slug, 0)
        return self._publish(session, article, published, highest, author, approver)

    def _keep_end(self, session: Session, done: Publication, ends_at: datetime) -> None:
        session.flush()
        query = select(VersionRow.id).where(
            VersionRow.slug == done.slug, VersionRow.number == done.number
        )
        values = {"version_id": session.scalar(query), "ends_at": ends_at}
        insert = self._insert(VersionEndRow).values(**values)
        session.execute(
            insert.on_conflict_do_update(index_elements=["version_id"], set_={"ends_at": ends_at})
        )

    def _keep_confirmed(self, session: Session, article: Article, row: DraftRow) -> None:
        texts = article.localizations
        for lang in row.confirmed:
            if lang in texts and "ja" in texts:
                values = {
                    "slug": row.slug,
                    "lang": lang,
                    "text_hash": text_hash(texts[lang]),
                    "original_hash": text_hash(texts["ja"]),
                    "checked_by": row.updated_by,
                    "checked_at": self.now(),
                }
                insert = self._insert(TranslationCheckRow).values(**values)
                session.execute(insert.on_conflict_do_nothing())


def _last_day(ends_at: datetime | None) -> date | None:
    """The last day, in Japan, on which a version that ends then is in force."""
    if ends_at is None:
        return None
    return (ends_at.astimezone(JAPAN) - timedelta(minutes=1)).date()
