"""How a page writes a text: ruby, telephone numbers as links, paragraphs and lists.

Everything is escaped; the only markup is what is built here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from knowledge.ruby import parse

_LINKED = re.compile(
    r"(?P<phone>(?<![\d#-])(?:#\d{4}|0\d{1,4}-\d{1,4}-\d{3,4}|0\d{3}-\d{6})(?![\d-]))"
    r"|(?P<url>https?://[^\s<>\"'、。（）「」]+[^\s<>\"'、。（）「」.,)])"
)
_BULLET = re.compile(r"[-・*•]\s*(?=\S)")
_NUMBER = re.compile(r"\d{1,2}[.)．]\s+")


def inline(words: str, ruby: bool = True, links: bool = True) -> Markup:
    """Return `words`, in which ``{漢字|かんじ}`` is ruby, as one line of markup.

    Without `links`, telephone numbers stay text, as inside of a link.

    >>> inline("{市|し}に 06-0000-4000")
    Markup('<ruby>市<rt>し</rt></ruby>に <a class="tel" href="tel:0600004000">06-0000-4000</a>')
    """
    return segments(parse(words), ruby, links)


def segments(
    parts: Sequence[tuple[str, str | None]], ruby: bool = True, links: bool = True
) -> Markup:
    """Return runs of text with their readings as one line of markup."""

    def run(words: str) -> Markup:
        return Markup("").join(_linked(words)) if links else escape(words)

    if not ruby:
        return run("".join(base for base, _ in parts))
    return Markup("").join(
        Markup("<ruby>{}<rt>{}</rt></ruby>").format(base, reading) if reading else run(base)
        for base, reading in parts
    )


def flowing(words: str, ruby: bool = True) -> Markup:
    """Return running text as paragraphs and lists, as the sections of articles are written."""
    out: list[Markup] = []
    for block in re.split(r"\n\s*\n", words.strip()):
        out += _block([line.strip() for line in block.splitlines() if line.strip()], ruby)
    return Markup("\n").join(out)


def telephone(number: str) -> str:
    """Return the address that calls `number`.

    >>> telephone("#7119"), telephone("06-0000-4000")
    ('tel:%237119', 'tel:0600004000')
    """
    return "tel:" + number.replace("#", "%23").replace("-", "")


def _block(lines: list[str], ruby: bool) -> Iterator[Markup]:
    paragraph: list[Markup] = []
    items: list[Markup] = []
    kind = "ul"
    for line in [*lines, ""]:
        mark = _BULLET.match(line) or _NUMBER.match(line)
        if mark:
            if paragraph:
                yield Markup("<p>{}</p>").format(Markup("<br>").join(paragraph))
                paragraph = []
            kind = "ol" if _NUMBER.match(line) else "ul"
            items.append(Markup("<li>{}</li>").format(inline(line[mark.end() :], ruby)))
            continue
        if items:
            yield Markup("<{0}>{1}</{0}>").format(Markup(kind), Markup("").join(items))
            items = []
        if line:
            paragraph.append(inline(line, ruby))
    if paragraph:
        yield Markup("<p>{}</p>").format(Markup("<br>").join(paragraph))


def _linked(words: str) -> Iterator[Markup]:
    start = 0
    for match in _LINKED.finditer(words):
        yield escape(words[start : match.start()])
        found = match.group()
        if match.group("phone"):
            yield Markup('<a class="tel" href="{}">{}</a>').format(telephone(found), found)
        else:
            yield Markup('<a href="{0}">{0}</a>').format(found)
        start = match.end()
    yield escape(words[start:])
