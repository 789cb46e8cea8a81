"""Releases: one built, checked, immutable index of everything published.

A release is a folder under ``releases/``:

* ``release.json``: id, time of building, hash of what it was built from, counts
* ``articles.jsonl``: every article in force, city values filled in
* ``city.json``: the values of the city, for replies that are not from an article
* ``lexicon.json``: the city's words by name (synonyms, broad topics)
* ``index/``: the search index (`knowledge.index`)

It is built beside the others, checked, renamed into place, and made the current
one by replacing the one-line file ``CURRENT``; each of these steps is one
system call, so that a process killed anywhere leaves a whole release behind.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from knowledge.article import Article, Localization
from knowledge.article_json import article_from_json
from knowledge.city import City
from knowledge.embedding import Embedder
from knowledge.encodings import VectorCache
from knowledge.errors import ReleaseInvalid, ReleaseMissing
from knowledge.index import Index
from knowledge.release_build import (
    Progress,
    Published,
    ReleaseInfo,
    read_info,
    release_hash,
    sync_tree,
    write_release,
)
from knowledge.ruby import strip

__all__ = ["LiveRelease", "Progress", "Published", "Release", "ReleaseInfo", "Releases"]

CHECKED = 10
"""How many procedures a new release must find by their titles before it is swapped in."""

KEEP = 10
"""How many releases stay on disk to roll back to."""

CANDIDATES = "candidates"
"""The folder, beside the releases, of those that are only tried out."""

CANDIDATE_SECONDS = 3600
"""After how long a candidate was left behind by a process that is gone."""


class Release:
    """One loaded release; immutable, safe to share between threads."""

    def __init__(
        self,
        info: ReleaseInfo,
        articles: dict[str, Article],
        city: City,
        lexicon: dict[str, Any],
        index: Index,
    ) -> None:
        self.info = info
        self.articles = articles
        self.city = city
        self.lexicon = lexicon
        self.index = index

    @classmethod
    def load(cls, folder: Path, embedder: Embedder, before: Release | None = None) -> Release:
        """Load the release in `folder`; ReleaseInvalid where it is damaged.

        What a release loaded `before` has in common with it is shared.
        """
        info = read_info(folder)
        articles = {}
        try:
            with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
                for line in lines:
                    article = article_from_json(json.loads(line))
                    articles[article.slug] = article
            city = City(json.loads((folder / "city.json").read_text(encoding="utf-8")))
            lexicon = json.loads((folder / "lexicon.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise ReleaseInvalid(f"release {folder.name} cannot be read: {error}") from error
        if len(articles) != info.counts["articles"]:
            raise ReleaseInvalid(f"release {folder.name} lacks articles")
        index = Index.load(folder / "index", embedder, before.index if before else None)
        return cls(info, articles, city, lexicon, index)

    def localization(self, slug: str, lang: str) -> Localization | None:
        """Return the article's text in `lang`, or None where it has none."""
        article = self.articles.get(slug)
        return article.localizations.get(lang) if article else None

    def shown(self, slug: str, lang: str) -> Localization:
        """Return the text to show somebody who reads `lang`: theirs, else the original."""
        texts = self.articles[slug].localizations
        for tag in (lang, "ja"):
            if tag in texts:
                return texts[tag]
        return next(iter(texts.values()))


class Releases:
    """The folder of releases: build, swap, roll back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current_id(self) -> str | None:
        """Return the id of the current release, or None before the first one."""
        try:
            return (self.folder / "CURRENT").read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def load(self, embedder: Embedder, before: Release | None = None) -> Release:
        """Load the current release; ReleaseMissing before the first one.

        What a release loaded `before` has in common with it is shared.
        """
        current = self.current_id()
        if current is None:
            raise ReleaseMissing("nothing has been published yet; run `madoguchi index`")
        return Release.load(self.folder / current, embedder, before)

    def history(self) -> list[ReleaseInfo]:
        """Return the releases on disk, newest first."""
        infos = [info for path in self._folders() if (info := self._info(path.name))]
        return sorted(infos, key=lambda info: info.created_at, reverse=True)

    def roll_back(self, release_id: str) -> None:
        """Make an older release the current one; ReleaseMissing if it is gone."""
        if release_id not in {path.name for path in self._folders()}:
            raise ReleaseMissing(f"there is no release {release_id}")
        with self._lock():
            self._make_current(release_id)

    def is_current(self, published: Published, model: str, on: date) -> bool:
        """Say whether the current release was built by `model` of what is in force on `on`."""
        current = self.current_id()
        info = self._info(current) if current else None
        wanted = release_hash(published.content_hash(on), model, published.lexicons())
        return info is not None and info.content_hash == wanted

    def build(
        self,
        published: Published,
        embedder: Embedder,
        cache: VectorCache,
        *,
        on: date,
        anew: bool = False,
        progress: Progress | None = None,
        live: LiveRelease | None = None,
    ) -> ReleaseInfo:
        """Build a release of everything in force on `on` and make it the current one.

        Where nothing changed since the current release, that one is kept and
        returned, unless it is to be built `anew` because it is damaged. `live`
        answers from the new one as soon as it is the current one. One build
        runs at a time; a second waits. Raises ReleaseInvalid
        if the built release does not pass its check, and leaves the old one.
        """
        with self._lock():
            wanted = release_hash(published.content_hash(on), embedder.name, published.lexicons())
            current = self.current_id()
            if current is not None and not anew:
                known = self._info(current)
                if known is not None and known.content_hash == wanted:
                    return known
            now = datetime.now(UTC)
            release_id = f"{now:%Y%m%dT%H%M%S%f}-{wanted[:8]}"
            partial = self.folder / f"{release_id}.partial"
            self._clear_partial()
            info = write_release(
                partial,
                published,
                embedder,
                cache,
                release_id=release_id,
                now=now,
                on=on,
                parent=self.folder / current if current else None,
                progress=progress,
            )
            release = Release.load(partial, embedder, live.get() if live else None)
            _check(release)
            sync_tree(partial)
            partial.replace(self.folder / release_id)
            self._make_current(release_id)
            if live is not None:
                live.take(release)
            self._prune()
            return info

    @contextmanager
    def candidate(
        self,
        published: Published,
        embedder: Embedder,
        cache: VectorCache,
        *,
        on: date,
        before: Release,
    ) -> Iterator[Release]:
        """Give a release of `published` to try out, which never becomes the current one.

        It is built upon `before`, and gone when the block ends.
        """
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        folder = self.folder / CANDIDATES / name
        self._clear_candidates(now)
        try:
            write_release(
                folder,
                published,
                embedder,
                cache,
                release_id=name,
                now=now,
                on=on,
                parent=self.folder / before.info.id,
            )
            yield Release.load(folder, embedder, before)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _clear_candidates(self, now: datetime) -> None:
        """Remove candidates that a killed process left behind."""
        for path in (self.folder / CANDIDATES).glob("*"):
            if now.timestamp() - path.stat().st_mtime > CANDIDATE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)

    def _info(self, release_id: str) -> ReleaseInfo | None:
        try:
            return read_info(self.folder / release_id)
        except ReleaseInvalid:
            return None

    def _folders(self) -> Iterator[Path]:
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.suffix != ".partial" and (path / "release.json").is_file():
                    yield path

    def _make_current(self, release_id: str) -> None:
        temporary = self.folder / "CURRENT.new"
        with temporary.open("w", encoding="ascii") as pointer:
            pointer.write(release_id + "\n")
            pointer.flush()
            os.fsync(pointer.fileno())
        temporary.replace(self.folder / "CURRENT")

    def _prune(self) -> None:
        current = self.current_id()
        for info in self.history()[KEEP:]:
            if info.id != current:
                shutil.rmtree(self.folder / info.id, ignore_errors=True)

    def _clear_partial(self) -> None:
        for path in self.folder.glob("*.partial"):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


class LiveRelease:
    """The current release, swapped in one step when a new one stands.

    `get` never waits for a build or a load: until the new release is loaded,
    questions are answered from the old one. A build in this process hands its
    release over with `take`. `refresh` is called by a watcher thread and finds
    what another process built; a release that cannot be loaded is reported and
    the old one kept.
    """

    def __init__(self, releases: Releases, embedder: Embedder) -> None:
        self._releases = releases
        self._embedder = embedder
        self._loading = threading.Lock()
        self._release = releases.load(embedder)

    def get(self) -> Release:
        """Return the release to answer from."""
        return self._release

    def refresh(self) -> bool:
        """Load the current release if it is another one; say whether it was."""
        with self._loading:
            current = self._releases.current_id()
            if current is None or current == self._release.info.id:
                return False
            self._release = self._releases.load(self._embedder, self._release)
            return True

    def take(self, release: Release) -> None:
        """Answer from `release`, which has just become the current one, from now on."""
        with self._loading:
            self._release = release


def _check(release: Release) -> None:
    """Refuse a release that cannot find its own articles by their titles.

    A sample of `CHECKED` procedures is looked for, evenly spread over the slugs.
    """
    procedures = [a for a in release.articles.values() if a.kind == "procedure"]
    sample = procedures[:: max(1, len(procedures) // CHECKED)]
    lost = []
    for article in sample:
        original = release.shown(article.slug, "ja")
        hits = release.index.search(strip(original.title), original.lang, k=10).hits
        if article.slug not in {hit.slug for hit in hits}:
            lost.append(article.slug)
    if len(lost) > 0.1 * len(sample):
        raise ReleaseInvalid(f"the new release does not find {len(lost)} articles: {lost[:5]}")
