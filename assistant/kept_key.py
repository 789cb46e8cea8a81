"""Keys that an installation makes once and keeps in its data folder."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def kept_key(path: Path) -> bytes:
    """Return the key in the file at `path`, 32 bytes; it is made where the file is absent.

    The file is readable by its owner only. Several processes that start at once
    agree on one key: whoever links the file first wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_once(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


def keep_once(path: Path, content: bytes) -> None:
    """Write `content` to `path` for its owner only, unless the file is there already."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
