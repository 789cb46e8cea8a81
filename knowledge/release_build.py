"""Writes the folder of one release: what is in it, and what it was built from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from knowledge.article import Article
from knowledge.article_json import article_to_json
from knowledge.city import City
from knowledge.embedding import Embedder
from knowledge.encodings import VectorCache
from knowledge.errors import ReleaseInvalid
from knowledge.index_build import build
from knowledge.release_content import documents_of, outside_documents, rendered, with_readings

FORMAT = 1
"""Raised when folders written by an older program can no longer be read."""

Progress = Callable[[str, int, int], None]


class Published(Protocol):
    """What a release is built from: the part of `knowledge.store.Store` it needs."""

    def articles(self, on: date) -> list[Article]:
        """Return the versions in force on `on`."""

    def city(self) -> City:
        """Return the values of the city."""

    def lexicons(self) -> dict[str, Any]:
        """Return the city's words by name: ``synonyms``, ``broad_topics``."""

    def content_hash(self, on: date) -> str:
        """Return one hash over the articles in force on `on` and the city's values."""


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """What `release.json` says."""

    id: str
    created_at: datetime
    content_hash: str
    model: str
    counts: dict[str, int]


def write_release(
    folder: Path,
    published: Published,
    embedder: Embedder,
    cache: VectorCache,
    *,
    release_id: str,
    now: datetime,
    on: date,
    parent: Path | None = None,
    progress: Progress | None = None,
) -> ReleaseInfo:
    """Write a release of everything in force on `on` to `folder`, which must not exist yet.

    `parent` is the folder of the release before, of which what did not change is
    taken. Raises ReleaseInvalid where there is nothing to write.
    """
    lexicon = published.lexicons()
    content_hash = release_hash(published.content_hash(on), embedder.name, lexicon)
    city = published.city()
    easy = with_readings(city)
    articles = [rendered(article, city, easy) for article in published.articles(on)]
    if not articles:
        raise ReleaseInvalid("there is no published article to build a release of")
    asked = lexicon.get("asked", {})
    documents = [doc for one in articles for doc in documents_of(one, asked.get(one.slug))]
    documents += outside_documents(lexicon.get("outside", {}))
    folder.mkdir(parents=True)
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as lines:
        for article in articles:
            lines.write(json.dumps(article_to_json(article), ensure_ascii=False) + "\n")
    (folder / "city.json").write_text(
        json.dumps(dict(city.values), ensure_ascii=False), encoding="utf-8"
    )
    (folder / "lexicon.json").write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
    build(
        documents,
        embedder,
        cache,
        folder / "index",
        progress=progress,
        parent=parent / "index" if parent else None,
        synonyms=lexicon.get("synonyms"),
    )
    counts = {
        "articles": len(articles),
        "localizations": sum(len(a.localizations) for a in articles),
        "units": len(documents),
    }
    info = ReleaseInfo(release_id, now, content_hash, embedder.name, counts)
    _write_info(folder, info)
    return info


def read_info(folder: Path) -> ReleaseInfo:
    """Return what the release in `folder` says of itself; raises ReleaseInvalid."""
    try:
        entry = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        return ReleaseInfo(
            entry["id"],
            datetime.fromisoformat(entry["created_at"]),
            entry["content_hash"],
            entry["model"],
            entry["counts"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseInvalid(f"release {folder.name} cannot be read: {error}") from error


def release_hash(content: str, model: str, lexicon: object) -> str:
    """Return the hash of what a release is built from."""
    payload = json.dumps([FORMAT, content, model, lexicon], sort_keys=True)
    return hashlib.sha256(payload.encode()).hexdigest()


def sync_tree(folder: Path) -> None:
    """Bring `folder` to the disk; a file with other names was when its first release was."""
    for path in (*folder.rglob("*"), folder):
        if path.is_file() and path.stat().st_nlink > 1:
            continue
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_info(folder: Path, info: ReleaseInfo) -> None:
    entry = {
        "id": info.id,
        "created_at": info.created_at.isoformat(),
        "content_hash": info.content_hash,
        "model": info.model,
        "counts": info.counts,
    }
    (folder / "release.json").write_text(json.dumps(entry, indent=1), encoding="utf-8")
