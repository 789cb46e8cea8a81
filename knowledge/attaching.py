"""What becomes of a file that somebody wants to put beside an article: looked at, made small."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from knowledge.attached_file import ATTACHMENT_BYTES, AttachedFile, FileContent
from knowledge.errors import FileRefused

UPLOAD_BYTES = 15_000_000
"""The most bytes of a photo that is sent, before it is made small."""

_PDF = b"%PDF-"
_HEAD = 1024  # bytes among which a PDF has its mark, as readers allow
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


def prepared(content: bytes) -> FileContent:
    """Return what is kept of `content`: an image made small, or a PDF as it is.

    What it is, is told by its bytes, never by its name. Raises `FileRefused`.
    """
    if not content:
        raise FileRefused("empty")
    if content.startswith(_IMAGES):
        if len(content) > UPLOAD_BYTES:
            raise FileRefused("image_heavy")
        from knowledge.attaching_pillow import reduced

        small, width, height = reduced(content)
        file = AttachedFile(_digest(small), "image", len(small), width=width, height=height)
        return FileContent(file, small)
    if _PDF in content[:_HEAD]:
        if len(content) > ATTACHMENT_BYTES:
            raise FileRefused("pdf_large")
        from knowledge.attaching_pypdf import page_count

        pages = page_count(content)
        return FileContent(
            AttachedFile(_digest(content), "attachment", len(content), pages=pages), content
        )
    raise FileRefused("type")


def confirmed(file: AttachedFile, content: bytes) -> FileContent:
    """Return `content`, which an article names as `file`, after the same look at it.

    Raises `FileRefused` where it is not what the article says.
    """
    if _digest(content) != file.digest:
        raise FileRefused("other_content")
    if file.kind == "image":
        from knowledge.attaching_pillow import size_of

        width, height = size_of(content)
        found = replace(file, width=width, height=height, size=len(content))
    else:
        found = prepared(content).file
        found = replace(file, kind=found.kind, pages=found.pages, size=found.size)
    if found != file:
        raise FileRefused("other_content")
    return FileContent(replace(file, texts={}, decorative=False), content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
