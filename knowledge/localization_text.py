"""One localization as Markdown with YAML front matter, read and written without loss.

The front matter holds the title, questions, summary, facts and conditions; the
body holds the sections, each under a ``## heading``. A section of an imported
document carries where it stood in a comment under its heading::

    ## 書かない窓口

    <!-- path: サービスのRe-Design > 12+1のSTRATEGY; page: 12 -->

    自立型対話AI等による…

Sections that Markdown cannot hold without loss (a heading over two lines, text
that starts with blank lines) are written as a ``sections`` list in the front matter
instead.
"""

from __future__ import annotations

import re
from typing import Any

from knowledge import yaml_text
from knowledge.article import FACT_NAMES, LIST_FACTS, Localization, Section
from knowledge.errors import ArticleInvalid
from knowledge.yaml_text import lines_at, list_at, text_at

_KEYS = ("title", "questions", "summary", "facts", "conditions", "sections")
_SECTION_KEYS = ("heading", "path", "page", "text")
_FENCE = "---\n"
_HEADING = re.compile(r"^## +(.*?) *$", re.MULTILINE)
_COMMENT = re.compile(r"<!-- *(?:path: (?P<path>.*?))?(?:;? *page: (?P<page>\d+))? *-->")
_ESCAPED = re.compile(r"^\\(\\*(?:## |<!--))", re.MULTILINE)
_ESCAPABLE = re.compile(r"^(?=\\*(?:## |<!--))", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[。！？])(?=[^\s）」』])|(?<=[.!?]) (?=\S)")


def load(text: str, lang: str, name: str) -> Localization:
    """Return the localization that `text` holds.

    `name` is the file named in an error. Raises `ArticleInvalid`.
    """
    if not text.startswith(_FENCE):
        raise ArticleInvalid(f"{name}: the file does not start with a line of three hyphens.")
    front, fence, body = text[len(_FENCE) :].partition("\n" + _FENCE)
    if not fence:
        raise ArticleInvalid(f"{name}: the front matter does not end with a line of three hyphens.")
    values = yaml_text.load(front + "\n", name)
    for key in values:
        if key not in _KEYS:
            raise ArticleInvalid(f"{name}: the key '{key}' is none of {', '.join(_KEYS)}.")
    sections = _load_body(body, name)
    if "sections" in values:
        if sections:
            raise ArticleInvalid(f"{name}: sections stand both in the front matter and below it.")
        sections = tuple(_load_section(entry, name) for entry in list_at(values, "sections", name))
    return Localization(
        lang=lang,
        title=text_at(values, "title", name),
        questions=lines_at(values, "questions", name),
        summary=text_at(values, "summary", name),
        facts=_load_facts(values.get("facts") or {}, name),
        conditions=lines_at(values, "conditions", name),
        sections=sections,
    )


def dump(localization: Localization) -> str:
    """Return `localization` as text that `load` reads back equal."""
    body = "".join(_dump_section(section) for section in localization.sections)
    in_body = _body_reads_back(body, localization.sections)
    front = _dump_front(localization, with_sections=not in_body)
    return f"{_FENCE}{front}{_FENCE}{body if in_body else ''}"


def _dump_front(localization: Localization, with_sections: bool) -> str:
    head: dict[str, Any] = {"title": localization.title}
    if localization.questions:
        head["questions"] = list(localization.questions)
    tail: dict[str, Any] = {}
    if localization.facts:
        tail["facts"] = {
            fact: value if isinstance(value, str) else list(value)
            for fact, value in localization.facts.items()
        }
    if localization.conditions:
        tail["conditions"] = list(localization.conditions)
    if with_sections and localization.sections:
        tail["sections"] = [_section_mapping(section) for section in localization.sections]
    return "".join(
        (
            yaml_text.dump(head),
            _dump_summary(localization.summary),
            yaml_text.dump(tail) if tail else "",
        )
    )


def _dump_summary(summary: str) -> str:
    """One sentence a line where that reads back equal, else one quoted line."""
    if not summary:
        return ""
    lines = _SENTENCE_END.split(summary)
    folded = "summary: >-\n" + "".join(f"  {line}\n" for line in lines)
    if len(lines) > 1:
        try:
            if yaml_text.load(folded, "").get("summary") == summary:
                return folded
        except ArticleInvalid:
            pass
    return yaml_text.dump({"summary": summary})


def _section_mapping(section: Section) -> dict[str, Any]:
    mapping: dict[str, Any] = {"heading": section.heading}
    if section.path:
        mapping["path"] = list(section.path)
    if section.page is not None:
        mapping["page"] = yaml_text.Plain(str(section.page))
    mapping["text"] = section.text
    return mapping


def _dump_section(section: Section) -> str:
    place = []
    if section.path:
        place.append("path: " + " > ".join(section.path))
    if section.page is not None:
        place.append(f"page: {section.page}")
    comment = f"<!-- {'; '.join(place)} -->\n\n" if place else ""
    text = _ESCAPABLE.sub(r"\\", section.text)
    return (
        f"\n## {section.heading}\n\n{comment}{text}\n"
        if text
        else (f"\n## {section.heading}\n" + (f"\n{comment.rstrip()}\n" if comment else ""))
    )


def _body_reads_back(body: str, sections: tuple[Section, ...]) -> bool:
    try:
        return _load_body(body, "") == sections
    except ArticleInvalid:
        return False


def _load_body(body: str, name: str) -> tuple[Section, ...]:
    lead, *rest = _HEADING.split(body)
    if lead.strip():
        first = lead.strip().splitlines()[0][:40]
        raise ArticleInvalid(f"{name}: the text {first!r} stands before the first ## heading.")
    return tuple(
        _body_section(heading, text) for heading, text in zip(rest[::2], rest[1::2], strict=True)
    )


def _body_section(heading: str, text: str) -> Section:
    text = text.strip("\n")
    path: tuple[str, ...] = ()
    page: int | None = None
    comment = _COMMENT.match(text)
    if comment and (comment["path"] or comment["page"]):
        path = tuple(comment["path"].split(" > ")) if comment["path"] else ()
        page = int(comment["page"]) if comment["page"] else None
        text = text[comment.end() :].strip("\n")
    return Section(heading, _ESCAPED.sub(r"\1", text), path, page)


def _load_section(entry: Any, name: str) -> Section:
    if not isinstance(entry, dict) or not set(entry) <= set(_SECTION_KEYS):
        raise ArticleInvalid(f"{name}: a section holds other keys than {', '.join(_SECTION_KEYS)}.")
    page = text_at(entry, "page", name)
    if page and not page.isdecimal():
        raise ArticleInvalid(f"{name}: the page {page!r} of a section is not a number.")
    return Section(
        heading=text_at(entry, "heading", name),
        text=text_at(entry, "text", name),
        path=lines_at(entry, "path", name),
        page=int(page) if page else None,
    )


def _load_facts(values: Any, name: str) -> dict[str, str | tuple[str, ...]]:
    if not isinstance(values, dict):
        raise ArticleInvalid(f"{name}: 'facts' is not a list of `name: text` lines.")
    facts: dict[str, str | tuple[str, ...]] = {}
    for fact in values:
        if fact not in FACT_NAMES:
            raise ArticleInvalid(f"{name}: the fact '{fact}' is none of {', '.join(FACT_NAMES)}.")
        facts[fact] = (lines_at if fact in LIST_FACTS else text_at)(values, fact, name)
    return facts
