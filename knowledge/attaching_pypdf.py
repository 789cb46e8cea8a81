"""Looks into the PDFs that articles hand out: whole, open to all, and nothing in them that acts.

Every object that the document reaches is walked, with names and strings decoded
as readers decode them (`/J#53` is `/JS`), and object streams unpacked. What is
looked for are the actions of ISO 32000-1, 12.6.4, and embedded files, 7.11.4.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from knowledge.errors import FileRefused

MOST_PAGES = 200
MOST_OBJECTS = 300_000
"""The most objects that are walked; a form of a city has a few thousand."""

SCRIPTS = frozenset({"/JS", "/JavaScript", "/XFA"})
EMBEDDED = frozenset({"/EF", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent"})
ACTIONS = {
    "/JavaScript": "pdf_script",
    "/Launch": "pdf_launch",
    "/ImportData": "pdf_launch",
    "/GoToE": "pdf_embedded",
    "/Rendition": "pdf_launch",
    "/RichMediaExecute": "pdf_launch",
}
"""Types of actions that do more than go to a place or a page of the web."""

END = b"%%EOF"
_TAIL = 2048  # bytes at the end among which a whole file has its mark


def page_count(content: bytes) -> int:
    """Return the pages of a PDF that may be handed out; raises `FileRefused`."""
    if END not in content[-_TAIL:]:
        raise FileRefused("pdf_damaged")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise FileRefused("pdf_locked")
        pages = len(reader.pages)
        _check_objects(reader)
        for page in reader.pages:
            page.get_contents()
    except FileRefused:
        raise
    except Exception as error:  # a damaged file makes the parser raise anything
        raise FileRefused("pdf_damaged") from error
    if not 1 <= pages <= MOST_PAGES:
        raise FileRefused("pdf_pages" if pages else "pdf_damaged")
    return pages


def _check_objects(reader: PdfReader) -> None:
    for entry in _dictionaries(reader):
        keys = set(entry)
        if keys & SCRIPTS:
            raise FileRefused("pdf_script")
        if keys & EMBEDDED:
            raise FileRefused("pdf_embedded")
        reason = ACTIONS.get(str(entry.raw_get("/S"))) if "/S" in keys else None
        if reason:
            raise FileRefused(reason)


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary that the trailer leads to, those of streams included."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    walked = 0
    while waiting:
        walked += 1
        if walked > MOST_OBJECTS:
            raise FileRefused("pdf_pages")
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place not in seen:
                seen.add(place)
                waiting.append(found.get_object())
        elif isinstance(found, DictionaryObject):
            yield found
            waiting += (found.raw_get(key) for key in found)
        elif isinstance(found, ArrayObject):
            waiting += list.__iter__(found)
