"""Word documents: sections by heading style, tables as lines."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.article import Article
from knowledge.importers import office_zip
from knowledge.importers.outline import Outline
from knowledge.importers.source import Source, document, one_line

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"(?:heading|見出し)\s*(\d)")


def read(file: Path | bytes, name: str = "", *, source: Source | None = None) -> list[Article]:
    """Return the document as one article; raises `ImportRefused`.

    Word breaks pages when it shows a document, so there are no page numbers in it.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    source = source or Source.of(file, name)
    office_zip.check(source)
    try:
        opened = docx.Document(io.BytesIO(source.content))
        outline = Outline()
        title = ""
        for block in opened.iter_inner_content():
            if isinstance(block, Table):
                _add_table(outline, block)
            elif _style(block) == "title":
                title = title or block.text
            else:
                _add_paragraph(outline, block)
        title = one_line(title) or one_line(opened.core_properties.title or "")
    except (KeyError, ValueError, PackageNotFoundError, zipfile.BadZipFile, SyntaxError) as error:
        raise source.refused("the document is damaged.", "damaged") from error
    sections = outline.sections(title or source.stem)
    return [document(source, title or (sections[0].heading if sections else ""), sections)]


def _add_paragraph(outline: Outline, paragraph: Paragraph) -> None:
    level = _level(paragraph)
    style = _style(paragraph)
    if level is not None:
        outline.heading(level, paragraph.text)
    elif style.startswith("list") or "箇条書き" in style or _is_numbered(paragraph):
        outline.item(paragraph.text)
    else:
        outline.paragraph(paragraph.text)


def _add_table(outline: Outline, table: Table) -> None:
    """Add each row as a line; a cell that spans columns stands once."""
    for row in table.rows:
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:
                outline.cell(cell.text, first=not seen)
                seen.add(id(cell._tc))


def _style(paragraph: Paragraph) -> str:
    return str(paragraph.style.name or "").lower() if paragraph.style is not None else ""


def _level(paragraph: Paragraph) -> int | None:
    """The heading level of a paragraph: by its style, or by the outline level of that."""
    match = _HEADING.search(_style(paragraph))
    if match:
        return int(match.group(1))
    found = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    if not found and paragraph.style is not None:
        found = paragraph.style.element.xpath("./w:pPr/w:outlineLvl/@w:val")
    return int(found[0]) + 1 if found and int(found[0]) < 9 else None


def _is_numbered(paragraph: Paragraph) -> bool:
    return bool(paragraph._p.xpath("./w:pPr/w:numPr"))
