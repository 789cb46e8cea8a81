"""Images and PDFs for tests, good ones and those that have to be refused."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

GPS = 0x8825  # the EXIF tag under which the place of a photo stands
ORIENTATION = 0x0112


def photo(width: int = 2400, height: int = 1200, *, kind: str = "JPEG", **exif: Any) -> bytes:
    """A picture that hardly shrinks, with the EXIF of a telephone."""
    small = Image.frombytes("RGB", (200, 100), random.Random(1).randbytes(60_000))
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    told = Image.Exif()
    told[0x010F] = "Telephone of Tanaka"
    told[ORIENTATION] = exif.get("orientation", 1)
    told.get_ifd(GPS).update({1: "N", 2: (34.0, 41.0, 37.0), 3: "E", 4: (135.0, 30.0, 7.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=told)
    return out.getvalue()


def plan(width: int = 640, height: int = 400) -> bytes:
    """A drawing of few colours as PNG."""
    image = Image.new("RGB", (width, height), "#ffffff")
    image.paste("#0055aa", (40, 40, 240, 240))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def moving(kind: str) -> bytes:
    """Three pictures one after the other."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(pages: int = 2) -> bytes:
    """A PDF of blank pages."""
    return _written(_blank(pages))


def locked_pdf() -> bytes:
    writer = _blank()
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def script_pdf(key: bytes = b"/JS", name: bytes = b"/JavaScript") -> bytes:
    """A PDF that runs a program when it is opened; names may be written as a search misses them."""
    action = b"<< /S " + name + b" " + key + b" (app.alert\\(1\\)) >>"
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>", action)


def raw_pdf(catalog: bytes, *more: bytes) -> bytes:
    """A PDF of one page written by hand; `more` are its objects from number 4 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    objects = (catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, *more)
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + head + table + tail + b"startxref\n%d\n%%%%EOF\n" % len(out)


def packed_pdf(action: bytes) -> bytes:
    """A PDF whose objects, the action at its opening among them, stand compressed in a stream."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        action,
    )
    places, bodies = b"", b""
    for number, body in enumerate(objects, start=1):
        places += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    packed = zlib.compress(places + bodies)
    head = b"<< /Type /ObjStm /N 4 /First %d /Filter /FlateDecode /Length %d >>"
    out = b"%PDF-1.7\n"
    streams = len(out)
    out += _stream(5, head % (len(places), len(packed)), packed)
    rows = b"\0" * 7 + b"".join(struct.pack(">BIH", 2, 5, index) for index in range(4))
    rows += struct.pack(">BIH", 1, streams, 0) + struct.pack(">BIH", 1, len(out), 0)
    table = b"<< /Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R /Length %d >>" % len(rows)
    return out + _stream(6, table, rows) + b"startxref\n%d\n%%%%EOF\n" % len(out)


def _stream(number: int, head: bytes, content: bytes) -> bytes:
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, content)


def launch_pdf() -> bytes:
    writer = _blank()
    launch = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
    )
    link = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/A"): launch,
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    return _written(writer)


def embedding_pdf() -> bytes:
    writer = _blank()
    writer.add_attachment("inside.exe", b"MZ")
    return _written(writer)


def _blank(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
