"""The pieces of a localization that are indexed and cited.

A piece never reaches across two facts or two sections, so that a citation names
one place. Its id is made of that place and is stable as long as the place is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.article import FACT_NAMES, Localization

ChunkKind = Literal["summary", "fact", "condition", "section"]

LONGEST = 600
"""The most characters of a piece of a section; longer sections are split."""

_PARAGRAPHS = re.compile(r"\n[ \t\u3000]*\n+")
_SENTENCES = re.compile(r"(?<=[。！？])(?![）」』])|(?<=[.!?।])\s+|\n")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a localization.

    `id` is ``summary``, ``facts.deadline``, ``conditions.2`` or ``sections.0.3``, counted
    from 0. `name` is the fact's name or the section's heading. `path` names the
    headings from the outermost to the section's own.
    """

    id: str
    kind: ChunkKind
    text: str
    name: str = ""
    path: tuple[str, ...] = ()
    page: int | None = None


def chunks(localization: Localization) -> list[Chunk]:
    """Return the pieces of `localization` in reading order.

    The city's values should be filled in and ruby taken out before.
    """
    found: list[Chunk] = []
    if localization.summary.strip():
        found.append(Chunk("summary", "summary", localization.summary))
    for name in FACT_NAMES:
        value = localization.facts.get(name)
        if value is not None:
            text = value if isinstance(value, str) else "\n".join(value)
            found.append(Chunk(f"facts.{name}", "fact", text, name))
    for number, condition in enumerate(localization.conditions):
        found.append(Chunk(f"conditions.{number}", "condition", condition))
    for number, section in enumerate(localization.sections):
        for part, text in enumerate(split(section.text)):
            found.append(
                Chunk(
                    f"sections.{number}.{part}",
                    "section",
                    text,
                    section.heading,
                    (*section.path, section.heading),
                    section.page,
                )
            )
    return found


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Return `text` in parts of at most `longest` characters.

    It is cut between paragraphs, a paragraph that is too long between sentences,
    and a sentence that is too long where it must be.
    """
    text = text.strip()
    if len(text) <= longest:
        return [text] if text else []
    paragraphs = [paragraph.strip() for paragraph in _PARAGRAPHS.split(text)]
    pieces = [piece for paragraph in paragraphs for piece in _fitting(paragraph, longest)]
    return _packed(pieces, longest, "\n\n")


def _fitting(paragraph: str, longest: int) -> list[str]:
    """A paragraph as it is, or in runs of sentences."""
    if len(paragraph) <= longest:
        return [paragraph] if paragraph else []
    joiner = "\n" if "\n" in paragraph else " " if " " in paragraph[:200] else ""
    sentences = [sentence.strip() for sentence in _SENTENCES.split(paragraph) if sentence]
    short = [
        sentence[start : start + longest]
        for sentence in sentences
        for start in range(0, len(sentence), longest)
    ]
    return _packed(short, longest, joiner)


def _packed(pieces: list[str], longest: int, joiner: str) -> list[str]:
    """Join neighbours as long as they stay within `longest`."""
    packed: list[str] = []
    for piece in pieces:
        if packed and len(packed[-1]) + len(joiner) + len(piece) <= longest:
            packed[-1] += joiner + piece
        else:
            packed.append(piece)
    return packed
