"""Files of other programs, read as articles that can be cited.

`read` takes any of them. Each format has one module with a `read` of the same shape
(`knowledge.importers.pdf.read(path_or_bytes, name) -> list[Article]`), and its library
is imported only there, when it is needed. A file that cannot be read raises
`ImportRefused` with one sentence that says why.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

from knowledge.article import Article
from knowledge.article_files import read_article, read_articles
from knowledge.errors import ImportRefused
from knowledge.importers.source import Source

__all__ = ["LARGEST", "is_importable", "is_table", "read"]

LARGEST = 50_000_000
"""The most bytes that a file may have unless the caller allows more."""

_ENDINGS = {
    ".csv": "faq", ".tsv": "faq", ".xlsx": "faq", ".xlsm": "faq",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx", ".md": "markdown", ".markdown": "markdown", ".txt": "text",
}  # fmt: skip
_OTHERS = {
    ".xls": ".xlsx", ".doc": ".docx", ".ppt": "PDF", ".pptx": "PDF", ".jtd": "PDF", ".rtf": ".docx",
    ".odt": ".docx",
}  # fmt: skip
"""Formats that are not read, and those that they are to be saved as."""


class _Reader(Protocol):
    def __call__(self, file: bytes, /, *, source: Source) -> list[Article]: ...


def read(
    file: Path | bytes,
    name: str = "",
    *,
    lang: str | None = None,
    address: str = "",
    title: str = "",
    columns: Mapping[str, str] | None = None,
    on: date | None = None,
    largest: int = LARGEST,
) -> list[Article]:
    """Return the articles that `file` holds; a folder is read as articles in our own format.

    `name` is needed for bytes: its ending tells the format, unless the content does.
    `lang` is the language of the file, otherwise told by its script; `address` where it
    came from; `title` its title where a plain text does not say it; `columns` the
    columns of questions and answers (see `faq.read`); `on` the day from which it holds,
    today by default. Raises `ImportRefused`, and for a folder `ArticleInvalid`.
    """
    if isinstance(file, Path) and file.is_dir():
        if (file / "article.yaml").is_file():
            return [read_article(file)]
        return list(read_articles(file))
    name = name or (file.name if isinstance(file, Path) else "document")
    _check_size(file, name, largest)
    source = Source.of(file, name, lang=lang, address=address, on=on)
    if not source.content:
        raise source.refused("the file is empty.", "empty")
    return _reader(source, title, columns)(source.content, source=source)


def is_table(source: Source) -> bool:
    """Return whether a file holds rows of questions and answers; raises `ImportRefused`."""
    return _format(source) == "faq"


def is_importable(path: Path) -> bool:
    """Return whether the ending of `path` is one that `read` knows."""
    return path.suffix.lower() in _ENDINGS


def _check_size(file: Path | bytes, name: str, largest: int) -> None:
    try:
        size = len(file) if isinstance(file, bytes) else file.stat().st_size
    except OSError as error:
        raise ImportRefused(f"{name}: there is no such file.", "missing") from error
    if size > largest:
        raise ImportRefused(
            f"{name}: the file has {size / 1e6:,.0f} MB; at most {largest / 1e6:,.0f} MB are read.",
            "large",
            size=f"{size / 1e6:,.0f}",
            most=f"{largest / 1e6:,.0f}",
        )


def _reader(source: Source, title: str, columns: Mapping[str, str] | None) -> _Reader:
    """The `read` of the module for the format, its own settings filled in."""
    form = _format(source)
    if form == "faq":
        from knowledge.importers import faq

        return partial(faq.read, columns=columns)
    if form == "html":
        from knowledge.importers import html

        return html.read
    if form == "pdf":
        from knowledge.importers import pdf

        return pdf.read
    if form == "docx":
        from knowledge.importers import docx

        return docx.read
    if form == "markdown":
        from knowledge.importers import markdown

        return markdown.read
    from knowledge.importers import text

    return partial(text.read, title=title)


def _format(source: Source) -> str:
    """The format of a file: what its first bytes say, else its ending, else what it looks like."""
    head = source.content[:2048]
    ending = Path(source.name).suffix.lower()
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office_format(source)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        to = _OTHERS.get(ending, ".xlsx" if ending.startswith(".xls") else ".docx")
        raise source.refused(
            f"the old formats of Office, and locked files, are not read; save it as {to} first.",
            "old",
            to=to,
        )
    if ending in _OTHERS:
        to = _OTHERS[ending]
        why = f"{ending} files are not read; save it as {to} first."
        raise source.refused(why, "format", ending=ending, to=to)
    form = _ENDINGS.get(ending, "")
    if form in ("pdf", "docx") or ending in (".xlsx", ".xlsm"):
        raise source.refused("the file is damaged: it is not what its ending says.", "ending")
    if form:
        return form
    if re.search(rb"<(?:!doctype\s+html|html|body)[\s>]", head, re.IGNORECASE):
        return "html"
    return "text"


def _office_format(source: Source) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise source.refused("the file is damaged.", "damaged") from error
    if "xl/workbook.xml" in names:
        return "faq"
    if "word/document.xml" in names:
        return "docx"
    if any(name.startswith("ppt/") for name in names):
        to = _OTHERS[".pptx"]
        why = f"slides are not read; save them as {to} first."
        raise source.refused(why, "format", ending=".pptx", to=to)
    raise source.refused("it is an archive; unpack it and import the files in it.", "archive")
