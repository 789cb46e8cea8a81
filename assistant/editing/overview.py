"""What the city has of each article: versions, languages, drafts, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from knowledge.article import Article
from knowledge.ruby import strip
from knowledge.store import Store
from knowledge.store_drafts import Draft
from knowledge.translations import Translation, translations

REMINDED_DAYS = 30
"""How long before its review-by date an article is on the list of reminders."""


_STATES: WeakKeyDictionary[Store, dict[tuple[str, int], tuple[Translation, ...]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the list; `number` 0 stands for one that is not in force."""

    slug: str
    title: str
    department: str
    number: int
    review_by: date | None
    languages: tuple[Translation, ...]
    drafts: tuple[Draft, ...]
    overdue: bool
    due: bool

    def count(self, state: str) -> int:
        """Return how many languages are in `state`; ``differs``: whose figures differ."""
        if state == "differs":
            return sum(one.differs for one in self.languages)
        return sum(one.state == state for one in self.languages)


def overview(store: Store) -> list[Row]:
    """Return a row for every article in force and for every one that has a draft."""
    today = store.today()
    drafts: dict[str, list[Draft]] = {}
    for draft in store.drafts():
        drafts.setdefault(draft.slug, []).append(draft)
    rows = []
    for article in store.articles(today):
        own = drafts.pop(article.slug, [])
        rows.append(_row(article, _known_states(store, article), own, today))
    for slug, own in drafts.items():
        article = own[0].article
        rows.append(
            Row(slug, title_of(article), own[0].department, 0, None, (), tuple(own), False, False)
        )
    return sorted(rows, key=lambda row: row.slug)


def states(store: Store, article: Article) -> list[Translation]:
    """Return the state of every language of a version in force, or of a draft (number 0)."""
    former: Sequence[Article] = ()
    confirmed: set[tuple[str, str, str]] = set()
    if article.number != 1:
        known = store.history(article.slug)
        former = [one for one in known if not article.number or one.number < article.number]
        confirmed = store.confirmed_translations(article.slug)
    return translations(article, former, confirmed)


def _known_states(store: Store, article: Article) -> tuple[Translation, ...]:
    """The states of a published version, which never change: they are worked out once."""
    known = _STATES.setdefault(store, {})
    key = (article.slug, article.number)
    if key not in known:
        known[key] = tuple(states(store, article))
    return known[key]


def title_of(article: Article) -> str:
    """Return the Japanese title, else the first there is."""
    texts = article.localizations
    text = texts.get("ja") or next(iter(texts.values()), None)
    return strip(text.title) if text else article.slug


def _row(
    article: Article, languages: Sequence[Translation], own: Sequence[Draft], today: date
) -> Row:
    review = article.review_by
    return Row(
        slug=article.slug,
        title=title_of(article),
        department=article.owner,
        number=article.number,
        review_by=review,
        languages=tuple(languages),
        drafts=tuple(own),
        overdue=review is not None and review < today,
        due=review is not None and review <= today + timedelta(days=REMINDED_DAYS),
    )
