"""Web pages: the main text with its headings, never scripts or navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from knowledge.article import Article
from knowledge.importers.encoding import decode
from knowledge.importers.outline import Outline
from knowledge.importers.source import Source, clean, document, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""")
_DROPPED = {
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "nav",
    "header", "footer", "aside", "form", "button", "select", "dialog",
}  # fmt: skip
_HIDDEN_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "menu")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|topicpath|pankuzu|sns|share|pagetop|globalnav|sidebar|"
    r"skip-?link|cookie)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0+(?![.\d])|"
    r"font-size\s*:\s*0(?![.\d]))",
    re.IGNORECASE,
)
_MAIN = (
    "//main",
    "//*[@role='main']",
    "//*[@id='main' or @id='main-content' or @id='maincontents' or @id='tmp_contents']",
)
_BLOCKS = {"p", "div", "section", "article", "main", "blockquote", "pre", "dd", "figure", "address"}
_BREAK = "\v"  # stands for ``br`` until the line ends of the source are gone
_KANA = "[\u3001-\u303f\u3041-\u30ff]"
_UNSPACED = "[\u3000-\u9fff\uff00-\uffef]"
_LEAST = 20
"""A main part with fewer characters is an empty shell, and the text lies elsewhere."""


def read(file: Path | bytes, name: str = "", *, source: Source | None = None) -> list[Article]:
    """Return the page as one article; its address is the canonical one, if the page names it.

    Raises `ImportRefused`, also for a page that only scripts would fill.
    """
    source = source or Source.of(file, name)
    declared = _CHARSET.search(source.content[:4096])
    text = clean(decode(source, declared.group(1).decode() if declared else ""))
    page = _parsed(source, text)
    title, address = _title(page), _address(page, source.address)
    for element in list(page.iter()):
        if _is_furniture(element):
            element.drop_tree()
    main = _main(page, text)
    outline = Outline()
    _walk(main, outline)
    sections = outline.sections(title or source.stem)
    if not sections:
        raise source.refused(
            "the page holds no text of its own; scripts would have to fill it.", "scripts"
        )
    lang = (page.get("lang") or "").partition("-")[0].lower()
    if source.lang is None and lang == "ja":
        source = Source(source.name, source.content, source.on, "ja", source.address)
    return [document(source, title, sections, address)]


def _parsed(source: Source, text: str) -> HtmlElement:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        # What an XML declaration says of the encoding no longer holds for decoded text.
        text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)
        return document_fromstring(text, parser=HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise source.refused("there is no text in it.", "no_text") from error


def _title(page: HtmlElement) -> str:
    """The only first-level heading, else the page title without the name of the site."""
    headings = [one_line(element.text_content()) for element in page.iter("h1")]
    found = page.find(".//title")
    title = one_line(found.text_content()) if found is not None else ""
    if len(headings) == 1 and headings[0]:
        return headings[0]
    return re.split(r"\s*[|｜:：]\s*|\s+[-－–]\s+", title)[0] if title else ""


def _address(page: HtmlElement, address: str) -> str:
    for path, name in (
        ("//link[@rel='canonical']", "href"),
        ("//meta[@property='og:url']", "content"),
    ):
        for element in page.xpath(path):
            found = urljoin(address, str(element.get(name) or "").strip())
            if urlsplit(found).scheme in ("http", "https"):
                return found
    return address


def is_out_of_sight(element: Any) -> bool:
    """Say whether nobody sees an element: an attribute or its own style hides it."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _UNSEEN.search(element.get("style") or "") is not None
    )


def _is_furniture(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.getparent() is None:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return (
        element.tag in _DROPPED
        or element.get("role") in _HIDDEN_ROLES
        or is_out_of_sight(element)
        or (element.tag != "body" and _FURNITURE.search(names) is not None)
    )


def _main(page: HtmlElement, text: str) -> HtmlElement:
    """The part of the page that holds its own text.

    That is its landmark; without one, the smallest part around everything that
    trafilatura takes for main text, since that alone would drop short headings.
    """
    for path in _MAIN:
        found = page.xpath(path)
        if len(found) == 1 and len(one_line(found[0].text_content())) >= _LEAST:
            return found[0]
    body = page.find("body")
    body = page if body is None else body
    wanted = _main_lines(text)
    marked = [
        element
        for element in body.iter("p", "li", "td", "th", "dd", "dt", "h2", "h3", "h4")
        if one_line(element.text_content()) in wanted
    ]
    return _common(marked) if len(marked) > 1 else body


def _main_lines(text: str) -> set[str]:
    import trafilatura
    from trafilatura.settings import use_config

    config = use_config()
    # The defaults are meant for long pages in Latin letters and give up on short ones.
    for name in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config.set("DEFAULT", name, "10")
    found = trafilatura.extract(text, config=config, include_tables=True, include_comments=False)
    lines = {one_line(part) for line in (found or "").split("\n") for part in line.split("|")}
    return {line.removeprefix("- ") for line in lines if line}


def _common(elements: list[HtmlElement]) -> HtmlElement:
    """The smallest element around all of `elements`."""
    shared = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        around = {element, *element.iterancestors()}
        shared = [candidate for candidate in shared if candidate in around]
    inner: HtmlElement = shared[0]
    return inner


def _walk(element: Any, outline: Outline) -> None:
    """Add what stands in `element`, in reading order."""
    inline: list[str] = [element.text or ""]

    def flush() -> None:
        outline.paragraph(_joined("".join(inline)))
        inline.clear()

    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if re.fullmatch("h[1-6]", tag):
            flush()
            _add_heading(child, outline)
        elif tag in ("ul", "ol", "dl"):
            flush()
            _add_list(child, outline)
        elif tag == "table":
            flush()
            _add_table(child, outline)
        elif tag in _BLOCKS or (tag and any(True for _ in child.iter(*_BLOCKS, "table", "ul"))):
            flush()
            _walk(child, outline)
        elif tag == "br":
            inline.append(_BREAK)
        elif tag:
            inline.append(_inline_text(child))
        inline.append(child.tail or "")
    flush()


def _add_heading(element: Any, outline: Outline) -> None:
    level, text = int(element.tag[1]), one_line(element.text_content())
    only = len(list(element.getroottree().iter("h1"))) == 1
    if level > 1 or not only:  # the only first-level heading is the title
        outline.heading(level, text)


def _add_list(element: Any, outline: Outline) -> None:
    for number, item in enumerate(_items(element), start=1):
        if item.tag in ("dt", "dd"):
            outline.item(_joined(_inline_text(item)), "-" if item.tag == "dt" else " ")
            continue
        outline.item(_joined(_inline_text(item)), f"{number}." if element.tag == "ol" else "-")
        for inner in item.iter("ul", "ol"):
            if inner is not item:
                _add_list(inner, outline)


def _items(element: Any) -> Iterator[Any]:
    yield from (child for child in element.iter("li", "dt", "dd") if _owner(child) is element)


def _owner(item: Any) -> Any:
    return next((a for a in item.iterancestors() if a.tag in ("ul", "ol", "dl")), None)


def _add_table(element: Any, outline: Outline) -> None:
    for row in element.iter("tr"):
        for at, cell in enumerate(row.iter("th", "td")):
            outline.cell(cell.text_content(), first=at == 0)


def _inline_text(element: Any) -> str:
    """The text of an inline element: line breaks marked, inner lists left out."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append(_BREAK)
        elif child.tag not in ("ul", "ol", "dl"):
            parts.append(_inline_text(child) if isinstance(child.tag, str) else "")
        parts.append(child.tail or "")
    return "".join(parts)


def _joined(text: str) -> str:
    """Text with the line ends of the source taken out and those of ``br`` put in.

    Beside kana, and between two characters of Chinese, a line end is nothing, else a
    space.
    """
    text = re.sub(rf"(?<={_UNSPACED})[ \t]*\n\s*(?={_UNSPACED})", "", text)
    text = re.sub(rf"(?<={_KANA})[ \t]*\n\s*|[ \t]*\n\s*(?={_KANA})", "", text)
    lines = re.sub(r"\s*\n\s*", " ", text).split(_BREAK)
    return "\n".join(line.strip() for line in lines)
