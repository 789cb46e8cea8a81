"""What a file of an article is: an image, or a PDF to take home, known by its hash.

The content lies apart (`knowledge.store_files`); an article names it and says it in
words, by language. Drafts, versions and exports that name the same content share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

FileKind = Literal["image", "attachment"]

MEDIA_TYPES: dict[str, str] = {"image": "image/webp", "attachment": "application/pdf"}
"""The one media type that each kind is kept in."""

ENDINGS: dict[str, str] = {"image": "webp", "attachment": "pdf"}

LONGEST_SIDE = 1600
"""Pixels of the longer side of an image: twice the width of the text on a page."""

IMAGE_BYTES = 300_000
"""The most bytes of an image: a second or two on a slow telephone line."""

ATTACHMENT_BYTES = 3_000_000

MOST_FILES = 20
"""The most files of one article."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file of an article.

    `digest` is the SHA-256 of the content in hexadecimal, `size` its bytes. Images
    have `width` and `height` in pixels, attachments `pages`. `texts` are by
    language what stands for an image that is not seen, or the title of an
    attachment; a `decorative` image says nothing and needs none.
    """

    digest: str
    kind: FileKind
    size: int
    width: int = 0
    height: int = 0
    pages: int = 0
    decorative: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """The media type of the content."""
        return MEDIA_TYPES[self.kind]

    @property
    def name(self) -> str:
        """The name of the content in folders and addresses."""
        return f"{self.digest}.{ENDINGS[self.kind]}"

    def text(self, lang: str) -> str:
        """Return the words in `lang`, else the Japanese ones, else any; "" where decorative."""
        if self.decorative:
            return ""
        return self.texts.get(lang) or self.texts.get("ja") or next(iter(self.texts.values()), "")

    def untold(self, langs: Iterable[str]) -> list[str]:
        """Return those of `langs` in which words are missing."""
        if self.decorative:
            return []
        return [lang for lang in langs if not self.texts.get(lang, "").strip()]


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file that was looked at and found good, with its bytes; its `texts` are empty."""

    file: AttachedFile
    content: bytes


def file_to_json(file: AttachedFile) -> dict[str, Any]:
    """Return `file` as a JSON object; `file_from_json` is its inverse."""
    entry: dict[str, Any] = {
        "digest": file.digest,
        "kind": file.kind,
        "media_type": file.media_type,
        "size": file.size,
    }
    if file.kind == "image":
        entry |= {"width": file.width, "height": file.height, "decorative": file.decorative}
    else:
        entry["pages"] = file.pages
    return {**entry, "texts": dict(file.texts)}


def file_from_json(entry: dict[str, Any]) -> AttachedFile:
    """Return the file that `file_to_json` wrote; KeyError or ValueError if damaged."""
    return AttachedFile(
        digest=entry["digest"],
        kind=entry["kind"],
        size=int(entry["size"]),
        width=int(entry.get("width", 0)),
        height=int(entry.get("height", 0)),
        pages=int(entry.get("pages", 0)),
        decorative=bool(entry.get("decorative", False)),
        texts=dict(entry["texts"]),
    )
