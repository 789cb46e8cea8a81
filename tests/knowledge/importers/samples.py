"""Small files in the formats that the importers read, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

PdfLine = tuple[float, str]
"""The size of the letters and the text of one printed line."""


def pdf(pages: Sequence[Sequence[PdfLine]], title: str = "") -> bytes:
    """A PDF with Japanese text in a font that every reader knows, without embedding it."""
    objects: list[bytes] = [b"", b""]  # the catalogue and the pages, filled in at the end
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UCS2-H "
        b"/DescendantFonts [4 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /DW 1000 /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [0 -200 1000 900] "
        b"/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    kids = []
    for lines in pages:
        drawn, y = [], 800.0
        for size, text in lines:
            y -= size * (1.5 if text else 1.0)
            code = text.encode("utf-16-be").hex()
            drawn.append(f"BT /F1 {size} Tf 50 {y:.1f} Td <{code}> Tj ET" if text else "")
        stream = "\n".join(drawn).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    if title:
        objects.append(b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode())
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    info = b"/Info %d 0 R " % len(objects) if title else b""
    size = len(objects) + 1
    out.write(b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n" % (size, info, start))
    out.write(b"%%EOF\n")
    return out.getvalue()


def locked_pdf(password: str = "secret") -> bytes:
    """A PDF that opens with a password only."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[(12, "秘密の文です。")]]))))
    writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet and some merged areas."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx(blocks: Sequence[tuple[str, Any]]) -> bytes:
    """A document of (style, text) paragraphs and ("table", rows)."""
    import docx as python_docx

    document = python_docx.Document()
    for style, content in blocks:
        if style == "table":
            table = document.add_table(len(content), len(content[0]))
            for row, cells in zip(table.rows, content, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(content, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb(name: str) -> bytes:
    """An archive whose part `name` unpacks to far more than it takes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * 20_000_000)
    return out.getvalue()
