"""Plain text: headings and pages told from how Japanese reports are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from knowledge.article import Article, Section
from knowledge.importers import contents
from knowledge.importers.encoding import decode
from knowledge.importers.layout import Part, gain, may_be_heading, parts, slide_pages
from knowledge.importers.numbering import Levels, style_of
from knowledge.importers.outline import Outline
from knowledge.importers.pages import Page, pages
from knowledge.importers.reflow import ends_sentence, is_spaced, reflow
from knowledge.importers.source import Source, clean, document

_TITLE_WIDTH = 30
_LETTERS = re.compile(r"[A-Za-z0-9&]{1,3}")
_RUNNING = re.compile(
    r"(?:第[0-9０-９一二三四五六七八九十]+[編章部]|[0-9]{1,2}[.．]\s*(?=\D)|Appendix|付録|資料編).{2,40}"
)


def read(
    file: Path | bytes, name: str = "", *, title: str = "", source: Source | None = None
) -> list[Article]:
    """Return the document as one article; raises `ImportRefused`.

    The title is the first line where that looks like one, else the name of the file.
    """
    source = source or Source.of(file, name)
    text = decode(source).replace("\r\n", "\n").replace("\r", "\n")
    text = "\f".join(clean(page) for page in text.split("\f"))
    found = pages(text, contents.chapters(text))
    title = title or _title(found)
    return [document(source, title, sections(found, title or source.stem, text))]


def sections(found: Sequence[Page], title: str, text: str = "") -> list[Section]:
    """Return the sections of `found` pages; `title` stands where there is no heading.

    `text` is the whole document, where a table of contents may stand.
    """
    chapters = contents.chapters(text)
    running = _running_heads(found)
    repeated = _repeated_labels(found)
    spaced = is_spaced([line for page in found for line in page.lines])
    blocks = [
        reflow(_without_furniture(page.lines, running | repeated), spaced=spaced) for page in found
    ]
    slides = slide_pages([gain(page) for page in blocks])
    levels = Levels()
    outline = Outline()
    head = ""
    for at, page in enumerate(found):
        head = next((line.strip() for line in page.lines if line.strip() in running), head)
        chapter = _chapter(found, at, chapters)
        outline.frame(tuple(dict.fromkeys(part for part in (head, chapter) if part)))
        outline.page(page.number, apart=any(slides))
        for part in parts(blocks[at], slides=slides[at]):
            if slides[at]:
                outline.resume()
            _add(outline, part, levels, titled=title)
    return outline.sections(title)


def _add(outline: Outline, part: Part, levels: Levels, *, titled: str) -> None:
    if part.heading is not None and part.heading != titled:
        if not part.blocks and style_of(part.heading) is None:
            outline.item(part.heading, "")
            return
        outline.heading(levels.level(style_of(part.heading)), part.heading)
    for block in part.blocks:
        if block.kind == "paragraph":
            outline.paragraph(block.text)
        else:
            outline.item(block.text, "")


def _title(found: Sequence[Page]) -> str:
    """The first line of the document, if it is a heading and no sentence."""
    lines = [line.strip() for page in found[:1] for line in page.lines if line.strip()]
    if not lines or len(lines[0]) > _TITLE_WIDTH or not may_be_heading(lines[0]):
        return ""
    if ends_sentence(lines[0]) or "、" in lines[0] or style_of(lines[0]) is not None:
        return ""
    return lines[0]


def _running_heads(found: Sequence[Page]) -> set[str]:
    """Numbered titles that stand on two pages or more: the chapter those pages belong to."""
    counts = Counter(
        line for page in found for line in {line.strip() for line in page.lines}
        if _RUNNING.fullmatch(line)
    )  # fmt: skip
    repeated = {line for line, count in counts.items() if count > 1}
    styles = {style_of(line) for line in repeated}
    return {line for line in counts if line in repeated or style_of(line) in styles - {None, 8}}


def _repeated_labels(found: Sequence[Page]) -> set[str]:
    """Short lines in Latin letters that stand on several pages: what templates print."""
    counts = Counter(
        line for page in found for line in {line.strip() for line in page.lines}
        if len(line) > 3 and re.fullmatch(r"[A-Za-z0-9 &|/.©-]{4,40}", line)
    )  # fmt: skip
    return {line for line, count in counts.items() if count > 1}


def _without_furniture(lines: Sequence[str], furniture: set[str]) -> list[str]:
    """Lines without running heads, entries of a table of contents and letters set upright."""
    kept: list[str] = []
    letters: list[str] = []

    def settle() -> None:
        # Two lone letters may be a label; more are a word of the margin, set upright.
        if len([line for line in letters if line.strip()]) < 3:
            kept.extend(letters)
        letters.clear()

    for line in lines:
        text = line.strip()
        if contents.is_entry(text):
            continue
        if _LETTERS.fullmatch(text) or (not text and letters):
            letters.append(line)
            continue
        settle()
        if text not in furniture:
            kept.append(line)
    settle()
    return kept


def _chapter(found: Sequence[Page], at: int, chapters: Sequence[contents.Chapter]) -> str:
    """The chapter of a page; of one without number, if the pages around it are in the same."""
    if found[at].number is not None:
        return contents.chapter_of(found[at].number, chapters)
    before = next((p.number for p in reversed(found[:at]) if p.number is not None), None)
    after = next((p.number for p in found[at:] if p.number is not None), None)
    chapter = contents.chapter_of(before, chapters)
    return chapter if chapter == contents.chapter_of(after, chapters) else ""
