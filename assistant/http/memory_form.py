"""Uploads that stay in memory: what somebody said is never written to the disk."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

MOST_FIELDS = 20


class FormInvalid(Exception):
    """The body is no form with one file in it; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class MemoryForm:
    """The fields of a form, and its one file."""

    fields: dict[str, str]
    file: bytes


class _MemoryParser(MultiPartParser):
    """Keeps files of any size in memory; their size is bounded before they get here."""

    spool_max_size = 2**40


async def read_form(request: Request) -> MemoryForm:
    """Read the form in `request`; raises `FormInvalid`."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FormInvalid("A form (multipart/form-data) with the field `file` is expected.")
    parser = _MemoryParser(request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise FormInvalid(error.message) from error
    fields: dict[str, str] = {}
    file: bytes | None = None
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                file = await value.read() if name == "file" else file
            else:
                fields[name] = value
    finally:
        await form.close()
    if file is None:
        raise FormInvalid("The field `file` is missing.")
    return MemoryForm(fields, file)
