"""A backup of an installation in one ZIP file, made while it serves, and its way back.

It holds the store, the keys that were made once, and, readable without Madoguchi,
every published article as files. Models and releases are not in it: they are made
again from packages and the store. A store on PostgreSQL is dumped by its own tools;
then the backup holds the rest and says so.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.composition import Installation
from knowledge.errors import ImportRefused

KEYS = ("visitor.key", "vapid.pem")
"""What an installation makes once and cannot make again."""

STORE = "store.sqlite"
ABOUT = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: articles as files, whether the store, and which keys."""

    articles: int
    store: bool
    keys: tuple[str, ...]


def back_up(installation: Installation, target: Path) -> Backup:
    """Write a backup to `target`; a file that is there is replaced once the new one is whole.

    The database is copied by SQLite's online backup, so that nobody has to stop.
    """
    data = installation.settings.data
    database = _database(installation)
    keys = tuple(name for name in KEYS if (data / name).is_file())
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        work = Path(folder)
        articles = installation.export(work / "articles")
        if database is not None:
            _copy(database, work / STORE)
        about = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "articles": articles,
            "store": "sqlite" if database else "postgresql: dump it with pg_dump",
        }
        partial = work / "partial.zip"
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(ABOUT, json.dumps(about, indent=1))
            if database is not None:
                archive.write(work / STORE, STORE)
            for name in keys:
                archive.write(data / name, f"keys/{name}")
            for file in sorted((work / "articles").rglob("*")):
                if file.is_file():
                    archive.write(file, str(Path("articles") / file.relative_to(work / "articles")))
        partial.chmod(0o600)
        partial.replace(target)
    return Backup(articles, database is not None, keys)


def restore(installation: Installation, source: Path) -> Backup:
    """Put the store and keys of a backup into a data folder that has none.

    Raises `ImportRefused` for a file that is no backup, and where a store stands
    already: nothing is ever overwritten.
    """
    data = installation.settings.data
    database = Path(installation.settings.store_url().removeprefix("sqlite:///"))
    try:
        archive = zipfile.ZipFile(source)
        names = archive.namelist()
        about = json.loads(archive.read(ABOUT))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ImportRefused(f"{source.name} is not a backup of Madoguchi.") from error
    if database.exists() or any((data / name).exists() for name in KEYS):
        raise ImportRefused(
            f"{data} holds an installation already; restore into an empty data folder."
        )
    with archive:
        data.mkdir(parents=True, exist_ok=True)
        if STORE in names:
            _put(archive.read(STORE), database)
        keys = tuple(name for name in KEYS if f"keys/{name}" in names)
        for name in keys:
            _put(archive.read(f"keys/{name}"), data / name)
    return Backup(int(about["articles"]), STORE in names, keys)


def _put(content: bytes, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial")
    partial.touch(mode=0o600)
    partial.write_bytes(content)
    partial.replace(target)


def _database(installation: Installation) -> Path | None:
    """The file of a SQLite store; None for PostgreSQL."""
    url = installation.settings.store_url()
    assert installation.store is not None
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _copy(database: Path, target: Path) -> None:
    source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("DELETE FROM vector_cache")
        copy.commit()
        copy.execute("VACUUM")
    finally:
        copy.close()
        source.close()
