"""A file to import: its bytes, and what they become whichever format they are in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from knowledge.article import Article, Localization, Section
from knowledge.article_rules import SLUG_LENGTH
from knowledge.errors import ImportRefused

_FOLDED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u309f\u30a1-\u30fa]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ne", re.compile("[\u0900-\u097f]")),
    ("en", re.compile("[A-Za-z]")),
)
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name, its bytes, and what is known about it from elsewhere.

    `on` is the day from which the text holds and on which it was read. `lang`, where
    given, is the language of the whole file; otherwise it is told by its script.
    """

    name: str
    content: bytes
    on: date
    lang: str | None = None
    address: str = ""

    @classmethod
    def of(
        cls,
        file: Path | bytes,
        name: str = "",
        *,
        lang: str | None = None,
        address: str = "",
        on: date | None = None,
    ) -> Source:
        """Return the source for a path or for bytes with a name.

        Raises `ImportRefused` for a path that cannot be read.
        """
        if isinstance(file, bytes):
            content, name = file, name or "document"
        else:
            name = name or file.name
            try:
                content = file.read_bytes()
            except OSError as error:
                raise ImportRefused(f"{name}: the file cannot be read.", "missing") from error
        return cls(name, content, on or datetime.now(ZoneInfo("Asia/Tokyo")).date(), lang, address)

    @property
    def stem(self) -> str:
        """The name without its folder and ending."""
        return PurePosixPath(self.name.replace("\\", "/").rstrip("/")).stem or "document"

    def refused(self, why: str, reason: str, **values: object) -> ImportRefused:
        """Return the error that names this file and says why it is not read.

        `reason` and `values` say the same to programs (see `ImportRefused`).
        """
        return ImportRefused(f"{self.name}: {why}", reason, **values)


def document(source: Source, title: str, sections: Sequence[Section], address: str = "") -> Article:
    """Return the article that a document becomes; raises `ImportRefused` if it has no text."""
    if not any(section.text for section in sections):
        raise source.refused("there is no text in it.", "no_text")
    title = one_line(title) or source.stem
    sample = "".join((title, *(section.text for section in sections)))[:20_000]
    lang = source.lang or language_of(sample)
    return Article(
        slug=slug_of(_place(source)),
        life_event="",
        effective_from=source.on,
        checked_on=source.on,
        localizations={lang: Localization(lang, title, sections=tuple(sections))},
        kind="document",
        address=source.address or address,
    )


def _place(source: Source) -> str:
    """What tells a document apart: its path on the web, else the name of the file."""
    parts = urlsplit(source.address)
    if parts.scheme not in ("http", "https"):
        return source.stem
    path = re.sub(r"(?:/index)?\.(?:html?|php|aspx?)$|/+$", "", unquote(parts.path))
    return f"{path} {parts.query}".strip("/ ") or parts.hostname or source.stem


def slug_of(name: str) -> str:
    """Return a slug for a file name, the same every time it is imported.

    A name that Latin letters and digits do not hold is told apart by a hash.

    >>> slug_of("Guide 2026"), slug_of("案内 (2026)")
    ('guide-2026', '2026-b8bee367')
    """
    folded = unicodedata.normalize("NFKC", name).lower()
    words = re.findall("[a-z0-9]+", folded)
    slug = "-".join(words)
    if not words or len(slug) > SLUG_LENGTH - 10 or re.search(r"[^\x00-\x7f]", folded):
        digest = hashlib.sha256(folded.encode()).hexdigest()[:8]
        slug = "-".join([slug[: SLUG_LENGTH - 10].strip("-") or "document", digest])
    return slug


def language_of(text: str) -> str:
    """Guess the language of `text` from its script; Japanese where it holds kana or only Han.

    Languages in Latin letters cannot be told apart by script: they count as English.
    """
    if not text:
        return "ja"
    counts = {lang: len(pattern.findall(text)) for lang, pattern in _SCRIPTS}
    han = len(_HAN.findall(text))
    if counts["ja"] * 20 >= han and counts["ja"] * 10 >= counts["en"] and counts["ja"]:
        return "ja"
    best = max(counts, key=lambda lang: counts[lang])
    return "ja" if han >= counts[best] or not counts[best] else best


def clean(text: str) -> str:
    """Return `text` with plain line ends and spaces and without what nobody can see.

    Radicals and compatibility ideographs, which PDF files put in place of kanji,
    become the kanji. Form feeds become line ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    text = _FOLDED.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return `text` on one line with single spaces."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def paragraphs(text: str) -> str:
    """Return `text` without spaces at line ends and without more than one blank line."""
    lines = "\n".join(line.rstrip() for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n").strip()
