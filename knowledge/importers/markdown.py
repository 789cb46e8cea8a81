"""Markdown: sections by heading, text without markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge import yaml_text
from knowledge.article import Article
from knowledge.errors import ArticleInvalid
from knowledge.importers.encoding import decode
from knowledge.importers.outline import Outline
from knowledge.importers.source import Source, clean, document, one_line

_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


def read(file: Path | bytes, name: str = "", *, source: Source | None = None) -> list[Article]:
    """Return the document as one article; raises `ImportRefused`.

    The title is that of the front matter, else the first heading of the first level.
    """
    source = source or Source.of(file, name)
    text = clean(decode(source))
    title = ""
    front = _FRONT.match(text)
    if front:
        text = text[front.end() :]
        title = _front_title(front.group(1))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    outline = Outline()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = _plain(tokens[at + 1])
            if not title and token.tag == "h1":
                title = heading
            else:
                outline.heading(int(token.tag[1]), heading)
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            _add_inline(outline, tokens, at)
        elif token.type in ("fence", "code_block"):
            outline.paragraph(token.content)
    sections = outline.sections(title or source.stem)
    return [document(source, title, sections)]


def _front_title(front: str) -> str:
    try:
        title = yaml_text.load(front, "").get("title", "")
    except ArticleInvalid:
        return ""
    return one_line(title) if isinstance(title, str) else ""


def _add_inline(outline: Outline, tokens: Sequence[Token], at: int) -> None:
    """Add the text of one inline token as what it stands in: item, cell or paragraph."""
    text = _plain(tokens[at])
    before = tokens[at - 1].type
    if before in ("th_open", "td_open"):
        outline.cell(text, first=tokens[at - 2].type == "tr_open")
    elif before == "paragraph_open" and at > 1 and tokens[at - 2].type == "list_item_open":
        item = tokens[at - 2]
        outline.item(text, f"{item.info}{item.markup}" if item.info else "-")
    else:
        outline.paragraph(text)


def _plain(token: Token) -> str:
    """The words of an inline token without emphasis, links and images."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
    return "".join(parts)
