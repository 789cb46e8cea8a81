"""PDF: pages, headings by the size of their letters, text as it was wrapped."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.article import Article, Section
from knowledge.errors import ImportRefused
from knowledge.importers.numbering import Levels, style_of
from knowledge.importers.outline import Outline
from knowledge.importers.pages import Page
from knowledge.importers.reflow import is_spaced, join_lines, reflow
from knowledge.importers.source import Source, clean, document, one_line
from knowledge.importers.text import sections as text_sections

MOST_PAGES = 2000
"""A document with more pages is refused rather than read for an hour."""

_LARGER = 1.15
"""From this ratio to the size of the body on, letters make a heading."""

_HEADING_LENGTH = 80
_GAP = 1.9
"""Lines further apart than this many times their height have a blank line between them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, the size of its letters, and whether space is above it."""

    text: str
    size: float
    bold: bool
    apart: bool


def read(file: Path | bytes, name: str = "", *, source: Source | None = None) -> list[Article]:
    """Return the document as one article with page numbers; raises `ImportRefused`.

    Page numbers count the pages of the file from 1.
    """
    source = source or Source.of(file, name)
    title, pages = _printed(source)
    pages = _without_edges(pages)
    if not any(pages):
        raise source.refused(
            "it holds only pictures, no text; have it recognised (OCR) first.", "pictures"
        )
    title = title or _largest(pages)
    found = _by_size(pages, title or source.stem)
    if found is None:
        plain = [Page(number, tuple(_plain(lines))) for number, lines in enumerate(pages, start=1)]
        found = text_sections(plain, title or source.stem)
    return [document(source, title, found)]


def _printed(source: Source) -> tuple[str, list[list[Line]]]:
    """The title that the file names, and the lines of each page."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(source.content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise source.refused(
                    f"it has {len(pdf.pages)} pages; {MOST_PAGES} are allowed.",
                    "pages",
                    pages=len(pdf.pages),
                    most=MOST_PAGES,
                )
            title = one_line(str(pdf.metadata.get("Title") or ""))
            pages = []
            for page in pdf.pages:
                pages.append(list(_lines(page)))
                page.close()
    except Exception as error:  # a damaged file makes the parser raise anything
        if isinstance(error, ImportRefused):
            raise
        if PDFPasswordIncorrect in (type(error), *(type(part) for part in error.args)):
            raise source.refused("the PDF is locked with a password.", "locked") from error
        raise source.refused("the PDF is damaged.", "damaged") from error
    return title if _is_title(title) else "", pages


def _is_title(title: str) -> bool:
    """Many programs leave the name of the file or of themselves where the title belongs."""
    return bool(title) and not re.search(
        r"\.(?:docx?|pptx?|xlsx?|pdf|jtd|indd)$|^(?:microsoft|powerpoint|無題|untitled)|\ufffd",
        title,
        re.IGNORECASE,
    )


def _lines(page: Any) -> Iterator[Line]:
    bottom: float | None = None
    for line in page.extract_text_lines(return_chars=True):
        text = clean(line["text"]).strip()
        if not text:
            continue
        chars = line["chars"]
        size = sorted(char["size"] for char in chars)[len(chars) // 2]
        bold = sum("bold" in char["fontname"].lower() for char in chars) > len(chars) / 2
        apart = bottom is None or line["top"] - bottom > (_GAP - 1) * size
        bottom = line["bottom"]
        yield Line(text, round(size, 1), bold, apart)


def _without_edges(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages without what is printed at the edge of most of them: numbers, running titles."""
    edges = Counter(
        edge for lines in pages for edge in {_edge(line) for line in lines[:2] + lines[-2:]}
    )
    often = {edge for edge, count in edges.items() if count > 2 and count > len(pages) / 2}
    number = {"#", "-#-", "#/#"}

    def kept(lines: list[Line]) -> list[Line]:
        last = len(lines) - 2
        return [
            line
            for at, line in enumerate(lines)
            if not ((at < 2 or at >= last) and (_edge(line) in often or _edge(line) in number))
        ]

    return [kept(lines) for lines in pages]


def _edge(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.replace(" ", ""))


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _largest(pages: Sequence[Sequence[Line]]) -> str:
    """The lines in the largest letters of the first page with text, as the title."""
    first = next(lines for lines in pages if lines)
    size = max(line.size for line in first)
    if size < _LARGER * _body_size(pages):
        return ""
    text = ""
    for line in first:
        if line.size == size:
            text = join_lines(text, line.text) if text else line.text
        elif text:
            break
    return text if len(text) <= _HEADING_LENGTH else ""


def _by_size(pages: Sequence[Sequence[Line]], title: str) -> list[Section] | None:
    """The sections by the size of headings, None where all letters are of one size."""
    body = _body_size(pages)
    sizes = sorted(
        {line.size for lines in pages for line in lines if line.size >= _LARGER * body},
        reverse=True,
    )
    bold = any(_is_bold_heading(line, body) for lines in pages for line in lines)
    if not sizes and not bold:
        return None
    level = {size: number for number, size in enumerate(sizes, start=1)}
    outline = Outline()
    levels = Levels()
    spaced = is_spaced([text for lines in pages for text in _plain(lines)])
    for number, lines in enumerate(pages, start=1):
        outline.page(number)
        body_lines: list[Line] = []
        heading, at_level = "", 0
        for line in lines:
            own = level.get(line.size, len(sizes) + 1 if _is_bold_heading(line, body) else 0)
            if heading and own != at_level:
                _add_heading(outline, levels, at_level, heading, title)
                heading = ""
            if not own:
                body_lines.append(line)
                continue
            _add_body(outline, body_lines, spaced=spaced)
            body_lines = []
            heading = join_lines(heading, line.text) if heading else line.text
            at_level = own
        if heading:
            _add_heading(outline, levels, at_level, heading, title)
        _add_body(outline, body_lines, spaced=spaced)
    return outline.sections(title)


def _is_bold_heading(line: Line, body: float) -> bool:
    return line.bold and line.size >= body * 0.95 and line.apart and len(line.text) <= 40


def _add_heading(outline: Outline, levels: Levels, level: int, text: str, title: str) -> None:
    """Add a heading; what is large but too long for one, such as a slogan, is text."""
    if len(text) > _HEADING_LENGTH:
        outline.paragraph(text)
    elif one_line(text) != one_line(title):
        style = style_of(text)
        inner = levels.level(style) if style is not None else 0
        outline.heading(level * 10 + inner, text)


def _add_body(outline: Outline, lines: Sequence[Line], *, spaced: bool) -> None:
    for block in reflow(_plain(lines), spaced=spaced):
        if block.kind == "paragraph":
            outline.paragraph(block.text)
        else:
            outline.item(block.text, "")


def _plain(lines: Sequence[Line]) -> list[str]:
    """The texts with an empty one where space is above a line."""
    texts: list[str] = []
    for line in lines:
        if line.apart and texts:
            texts.append("")
        texts.append(line.text)
    return texts
