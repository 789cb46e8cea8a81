"""The folder of an index: its manifest, and the check that nothing in it changed.

What a new index shares with the one before it is linked, not copied: files of an
index never change, so that two folders may hold the same one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import ReleaseInvalid

FORMAT = 1
"""Raised when folders written by an older program can no longer be read."""

MANIFEST = "manifest.json"


def column_folder(directory: Path, lang: str) -> Path:
    """Return the folder of one language."""
    return directory / lang


def link_column(parent: Path, directory: Path, lang: str) -> None:
    """Give `directory` the column of `parent`, as links where the disk knows them."""
    source, target = column_folder(parent, lang), column_folder(directory, lang)
    target.mkdir()
    for path in source.iterdir():
        try:
            os.link(path, target / path.name)
        except OSError:
            shutil.copy2(path, target / path.name)


def digests_of(files: Mapping[str, str], lang: str) -> dict[str, str]:
    """Return those of the `files` of a manifest that belong to one language."""
    return {name: digest for name, digest in files.items() if name.startswith(f"{lang}/")}


def write_manifest(
    directory: Path, about: dict[str, Any], known: Mapping[str, str] | None = None
) -> None:
    """Seal `directory`: write what it is about and the hash of each of its files.

    `known` has the hashes of files that were linked from a checked index.
    """
    found = dict(known or {})
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        name = path.relative_to(directory).as_posix()
        found[name] = found.get(name) or _digest(path)
    manifest = {"format": FORMAT, **about, "files": dict(sorted(found.items()))}
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def read_manifest(directory: Path, *, check: bool = False) -> dict[str, Any]:
    """Return the manifest of `directory`; with `check`, compare every file with it.

    Raises ReleaseInvalid where it is missing, of another format, or a file differs.
    """
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseInvalid(f"{directory} is no complete search index: {error}") from error
    if not known:
        raise ReleaseInvalid(f"{directory} was written by another version; build the index again")
    if check:
        for name, expected in manifest["files"].items():
            try:
                found = _digest(directory / name)
            except OSError as error:
                raise ReleaseInvalid(f"{directory / name} cannot be read: {error}") from error
            if found != expected:
                raise ReleaseInvalid(f"{directory / name} is not the file that was built")
    return dict(manifest)


_SETTLED = 1_000_000_000
"""Nanoseconds after which the clock of any file system has moved on since a change."""

_MOST = 20_000

_read: dict[tuple[int, int, int, int], str] = {}
"""Hashes of files this process has read, by device, inode, size and time of change."""


def _digest(path: Path) -> str:
    """The hash of a file, which is not read a second time as long as it did not change.

    A file changed a moment ago may change again within one step of the file
    system's clock, so its hash is not remembered.
    """
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if key in _read:
            return _read[key]
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if time.time_ns() - status.st_mtime_ns > _SETTLED:
        if len(_read) >= _MOST:
            _read.clear()
        _read[key] = digest
    return digest
