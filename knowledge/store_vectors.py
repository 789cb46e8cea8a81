"""The part of the store that keeps vectors and the record of releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from knowledge.schema import ReleaseRow, VectorRow
from knowledge.store_base import StoreBase, in_batches


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """What the store knows of one release; `state` is built, active or replaced."""

    id: str
    created_at: datetime
    state: str
    content_hash: str
    counts: dict[str, int]
    activated_at: datetime | None


class VectorStore(StoreBase):
    """Keeps what a model made of a text, by the hash of the text."""

    def vectors_get(self, model: str, kind: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return the vectors that are there, by hash."""
        found: dict[str, bytes] = {}
        with self._reads() as session:
            for batch in in_batches(set(hashes)):
                query = select(VectorRow.text_hash, VectorRow.content).where(
                    VectorRow.model == model,
                    VectorRow.kind == kind,
                    VectorRow.text_hash.in_(batch),
                )
                found.update((text_hash, content) for text_hash, content in session.execute(query))
        return found

    def vectors_put(self, model: str, kind: str, vectors: Mapping[str, bytes]) -> None:
        """Keep `vectors`, given by hash; those that are there already stay as they are."""
        with self._writes() as session:
            for batch in in_batches(sorted(vectors.items())):
                rows = [
                    {"model": model, "kind": kind, "text_hash": text_hash, "content": content}
                    for text_hash, content in batch
                ]
                session.execute(self._insert(VectorRow).on_conflict_do_nothing(), rows)


class StoredVectors:
    """The vectors of a store as the cache that `knowledge.index.build` wants."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store

    def get(self, model: str, kind: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return the vectors that are there, by hash."""
        return self._store.vectors_get(model, kind, hashes)

    def put(self, model: str, kind: str, items: Mapping[str, bytes]) -> None:
        """Keep `items`, given by hash."""
        self._store.vectors_put(model, kind, items)


class ReleaseStore(StoreBase):
    """Keeps the record of which releases were built and which one is active."""

    def record_release(self, release_id: str, content_hash: str, counts: dict[str, int]) -> None:
        """Record a release that was built and checked."""
        with self._writes() as session:
            session.add(
                ReleaseRow(
                    id=release_id,
                    created_at=self.now(),
                    state="built",
                    content_hash=content_hash,
                    counts=counts,
                )
            )

    def activate_release(self, release_id: str) -> None:
        """Mark `release_id` as the active release and the one before it as replaced."""
        with self._writes() as session:
            active = ReleaseRow.state == "active"
            session.execute(update(ReleaseRow).where(active).values(state="replaced"))
            session.execute(
                update(ReleaseRow)
                .where(ReleaseRow.id == release_id)
                .values(state="active", activated_at=self.now())
            )

    def active_release(self) -> ReleaseRecord | None:
        """Return the active release, or None before the first one."""
        with self._reads() as session:
            row = session.scalar(select(ReleaseRow).where(ReleaseRow.state == "active"))
            if row is None:
                return None
            return ReleaseRecord(**{name: getattr(row, name) for name in ReleaseRecord.__slots__})
