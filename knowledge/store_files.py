"""The part of the store that keeps the contents of images and attachments, by their hash.

What a draft or a version once named is kept as long as they are, which is for good;
so roll-back and comparison never lack a picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.attached_file import AttachedFile, FileContent, FileKind
from knowledge.errors import ArticleInvalid
from knowledge.schema_files import AttachedFileRow
from knowledge.store_base import StoreBase, in_batches


class FileStore(StoreBase):
    """Keeps what was looked at by `knowledge.attaching`, each content once."""

    def keep_file(self, made: FileContent, *, by: str) -> AttachedFile:
        """Keep a content and return the file that names it; one that is there stays as it is."""
        file = made.file
        with self._writes() as session:
            row = self._insert(AttachedFileRow).values(
                digest=file.digest,
                kind=file.kind,
                size=file.size,
                width=file.width,
                height=file.height,
                pages=file.pages,
                content=made.content,
                added_by=by,
                added_at=self.now(),
            )
            session.execute(row.on_conflict_do_nothing())
        return file

    def attached_file(self, digest: str) -> AttachedFile | None:
        """Return the file with this hash, without words; None where there is none."""
        row = AttachedFileRow
        query = select(row.kind, row.size, row.width, row.height, row.pages)
        with self._reads() as session:
            found = session.execute(query.where(row.digest == digest)).one_or_none()
        if found is None:
            return None
        kind, size, width, height, pages = found
        return AttachedFile(digest, cast(FileKind, kind), size, width, height, pages)

    def file_content(self, digest: str) -> bytes | None:
        """Return the content with this hash; None where there is none."""
        query = select(AttachedFileRow.content).where(AttachedFileRow.digest == digest)
        with self._reads() as session:
            return session.scalar(query)

    def lacking_files(self, digests: Iterable[str]) -> list[str]:
        """Return those of `digests` whose content is not there, or is another than it was."""
        wanted = sorted(set(digests))
        return [digest for digest in wanted if not self._is_whole(digest)]

    def _is_whole(self, digest: str) -> bool:
        content = self.file_content(digest)
        return content is not None and hashlib.sha256(content).hexdigest() == digest


def check_kept(session: Session, files: Iterable[AttachedFile], name: str) -> None:
    """Raise `ArticleInvalid` where a content that the article `name` needs is not in the store."""
    wanted = {file.digest for file in files}
    for batch in in_batches(wanted):
        query = select(AttachedFileRow.digest).where(AttachedFileRow.digest.in_(batch))
        wanted -= set(session.scalars(query))
    if wanted:
        raise ArticleInvalid(f"{name}: the content of the file {min(wanted)} is missing.")
