"""Office files are archives; this keeps the ones that would fill the memory out."""

from __future__ import annotations

import io
import zipfile

from knowledge.importers.source import Source

LARGEST = 300_000_000
"""The most bytes that an office file may unpack to."""

STEEPEST = 200
"""The most that a part of more than a megabyte may be packed, as a ratio."""


def check(source: Source) -> None:
    """Raise `ImportRefused` for an archive that is damaged, locked or a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise source.refused("the file is damaged.", "damaged") from error
    if any(part.flag_bits & 1 for part in parts):
        raise source.refused("the file is locked with a password.", "locked")
    total = sum(part.file_size for part in parts)
    steep = any(
        part.file_size > 1_000_000 and part.file_size > STEEPEST * max(part.compress_size, 1)
        for part in parts
    )
    if total > LARGEST or steep or len(parts) > 10_000:
        raise source.refused(
            "it unpacks to far more than a document holds, so it was not opened.", "bomb"
        )
