"""The part of the store that keeps articles and their versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, selectinload

from knowledge.article import Article, Kind, languages
from knowledge.article_json import article_to_json, localization_from_json, localization_to_json
from knowledge.article_rules import check_article
from knowledge.attached_file import file_from_json, file_to_json
from knowledge.errors import ArticleMissing
from knowledge.schema import ArticleRow, CityValueRow, LocalizationRow, VersionRow
from knowledge.store_base import StoreBase, in_batches
from knowledge.store_files import check_kept


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of one article: its version, and whether that was written anew."""

    slug: str
    number: int
    new: bool


@dataclass(frozen=True, slots=True)
class Version:
    """What the store knows of one version beside its text."""

    slug: str
    number: int
    state: str
    effective_from: date
    effective_until: date | None
    checked_on: date
    review_by: date | None
    author: str
    approver: str | None
    created_at: datetime
    published_at: datetime | None


class ArticleStore(StoreBase):
    """Publishes articles and hands out the versions in force.

    A slug has at most one version in force and one that is published for a later
    day; publishing another for the same time supersedes it.
    """

    def publish(self, article: Article, *, author: str, approver: str | None = None) -> int:
        """Publish `article` and return its version number.

        Where its content is what is published already, nothing is written and that
        number is returned. Raises `ArticleInvalid`.
        """
        return self.publish_all([article], author=author, approver=approver)[0].number

    def publish_all(
        self, articles: Iterable[Article], *, author: str, approver: str | None = None
    ) -> list[Publication]:
        """Publish all of `articles` in one transaction: all of them or none.

        Raises `ArticleInvalid` for the first that breaks a rule.
        """
        checked = {article.slug: check_article(article) for article in articles}
        with self._writes() as session:
            slugs = sorted(checked)
            self._lock(session, slugs)
            published = published_versions(session, slugs)
            numbers = highest_numbers(session, slugs)
            return [
                self._publish(
                    session, checked[slug], published.get(slug, []), numbers.get(slug, 0),
                    author, approver,
                )
                for slug in slugs
            ]  # fmt: skip

    def articles(self, on: date) -> list[Article]:
        """Return the versions in force on `on`, by slug."""
        with self._reads() as session:
            ids = [row.id for row in _in_force(session, on)]
            found = []
            for batch in in_batches(ids):
                query = select(VersionRow).where(VersionRow.id.in_(batch))
                rows = session.scalars(query.options(selectinload(VersionRow.localizations)))
                found += [article_of(row) for row in rows]
            return sorted(found, key=lambda article: article.slug)

    def article(self, slug: str, number: int | None = None) -> Article:
        """Return one version; without `number` the one in force today, else the newest published.

        Raises `ArticleMissing`.
        """
        with self._reads() as session:
            if number is None:
                number = self._current_number(session, slug)
            query = select(VersionRow).where(VersionRow.slug == slug, VersionRow.number == number)
            row = session.scalar(query.options(selectinload(VersionRow.localizations)))
            if row is None:
                raise ArticleMissing(f"The article {slug} has no version {number}.")
            return article_of(row)

    def history(self, slug: str) -> list[Article]:
        """Return every version of `slug` with its text, oldest first."""
        query = select(VersionRow).where(VersionRow.slug == slug).order_by(VersionRow.number)
        with self._reads() as session:
            rows = session.scalars(query.options(selectinload(VersionRow.localizations)))
            return [article_of(row) for row in rows]

    def versions(self, slug: str) -> list[Version]:
        """Return the versions of `slug`, newest first; none if there is no such article."""
        query = select(VersionRow).where(VersionRow.slug == slug)
        with self._reads() as session:
            return [
                Version(**{name: getattr(row, name) for name in Version.__slots__})
                for row in session.scalars(query.order_by(VersionRow.number.desc()))
            ]

    def retire(self, slug: str) -> bool:
        """Take every published version of `slug` out of force; say whether there was one."""
        with self._writes() as session:
            published = VersionRow.state == "published"
            retired = session.scalars(
                update(VersionRow)
                .where(VersionRow.slug == slug, published)
                .values(state="retired")
                .returning(VersionRow.id)
            )
            return bool(retired.all())

    def content_hash(self, on: date) -> str:
        """Return one hash over the versions in force on `on` and the city's values."""
        with self._reads() as session:
            articles = [[row.slug, row.number, row.content_hash] for row in _in_force(session, on)]
            values = {row.key: row.value for row in session.scalars(select(CityValueRow))}
        return _hash([sorted(articles), values])

    def is_empty(self) -> bool:
        """Say whether the store has never held an article."""
        with self._reads() as session:
            return session.scalar(select(ArticleRow.slug).limit(1)) is None

    def _lock(self, session: Session, slugs: list[str]) -> None:
        """Make the rows of `slugs` and hold them, so that no two publish the same slug at once."""
        for batch in in_batches(slugs):
            rows = [{"slug": slug, "created_at": self.now()} for slug in batch]
            session.execute(self._insert(ArticleRow).on_conflict_do_nothing(), rows)
            locked = select(ArticleRow.slug).where(ArticleRow.slug.in_(batch))
            session.execute(locked.order_by(ArticleRow.slug).with_for_update())

    def _publish(
        self,
        session: Session,
        article: Article,
        published: list[VersionRow],
        highest: int,
        author: str,
        approver: str | None,
    ) -> Publication:
        content_hash = _content_hash(article)
        for row in published:
            if row.content_hash == content_hash:
                return Publication(article.slug, row.number, new=False)
        check_kept(session, article.files, article.slug)
        today = self.today()
        for row in published:
            if (row.effective_from > today) == (article.effective_from > today):
                row.state = "superseded"
        version = _version_row(article, highest + 1, content_hash)
        version.author, version.approver = author, approver
        version.created_at = version.published_at = self.now()
        session.add(version)
        return Publication(article.slug, version.number, new=True)

    def _current_number(self, session: Session, slug: str) -> int:
        in_force = _in_force(session, self.today(), slug)
        if in_force:
            return int(in_force[0].number)
        published = published_versions(session, [slug]).get(slug)
        if not published:
            raise ArticleMissing(f"There is no published article {slug}.")
        return max(row.number for row in published)


def published_versions(session: Session, slugs: list[str]) -> dict[str, list[VersionRow]]:
    """Return the published versions of `slugs`, those for a later day included."""
    found: dict[str, list[VersionRow]] = {}
    for batch in in_batches(slugs):
        query = select(VersionRow).where(
            VersionRow.slug.in_(batch), VersionRow.state == "published"
        )
        for row in session.scalars(query.order_by(VersionRow.number)):
            found.setdefault(row.slug, []).append(row)
    return found


def highest_numbers(session: Session, slugs: list[str]) -> dict[str, int]:
    """Return the highest version number of each of `slugs` that has one."""
    found: dict[str, int] = {}
    for batch in in_batches(slugs):
        query = select(VersionRow.slug, func.max(VersionRow.number))
        query = query.where(VersionRow.slug.in_(batch)).group_by(VersionRow.slug)
        found.update((slug, number) for slug, number in session.execute(query))
    return found


def _in_force(session: Session, on: date, slug: str | None = None) -> list[Any]:
    """The rows (id, slug, number, content_hash) of the versions in force on `on`.

    Of two that qualify, the one that took effect later holds.
    """
    v = VersionRow
    holds: list[ColumnElement[bool]] = [
        v.state == "published",
        v.effective_from <= on,
        v.effective_until.is_(None) | (v.effective_until >= on),
    ]
    if slug is not None:
        holds.append(v.slug == slug)
    query = select(v.id, v.slug, v.number, v.content_hash).where(*holds)
    rows = session.execute(query.order_by(v.slug, v.effective_from, v.number))
    return list({row.slug: row for row in rows}.values())


def _version_row(article: Article, number: int, content_hash: str) -> VersionRow:
    return VersionRow(
        slug=article.slug,
        number=number,
        state="published",
        kind=article.kind,
        life_event=article.life_event,
        effective_from=article.effective_from,
        effective_until=article.effective_until,
        checked_on=article.checked_on,
        review_by=article.review_by,
        owner=article.owner,
        related=list(article.related),
        synonyms=list(article.synonyms),
        address=article.address,
        files=[file_to_json(file) for file in article.files] or None,
        content_hash=content_hash,
        localizations=[
            LocalizationRow(position=position, **localization_to_json(article.localizations[lang]))
            for position, lang in enumerate(languages())
            if lang in article.localizations
        ],
    )


def article_of(row: VersionRow) -> Article:
    """Return the version that `row` and its localizations hold."""
    names = ("lang", "title", "questions", "summary", "facts", "conditions", "sections")
    return Article(
        slug=row.slug,
        life_event=row.life_event,
        effective_from=row.effective_from,
        checked_on=row.checked_on,
        localizations={
            text.lang: localization_from_json({name: getattr(text, name) for name in names})
            for text in row.localizations
        },
        kind=cast(Kind, row.kind),
        effective_until=row.effective_until,
        review_by=row.review_by,
        related=tuple(row.related),
        synonyms=tuple(row.synonyms),
        owner=row.owner,
        address=row.address,
        files=tuple(file_from_json(file) for file in row.files or ()),
        number=row.number,
    )


def _content_hash(article: Article) -> str:
    return _hash(article_to_json(replace(article, number=0)))


def _hash(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
