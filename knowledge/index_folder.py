"""The folder of an index: its manifest, and the check that nothing in it changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from knowledge.errors import ReleaseInvalid

FORMAT = 1
"""Raised when folders written by an older program can no longer be read."""

MANIFEST = "manifest.json"


def column_folder(directory: Path, lang: str) -> Path:
    """Return the folder of one language."""
    return directory / lang


def write_manifest(directory: Path, about: dict[str, Any]) -> None:
    """Seal `directory`: write what it is about and the hash of each of its files."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        **about,
        "files": {path.relative_to(directory).as_posix(): _digest(path) for path in files},
    }
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


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
