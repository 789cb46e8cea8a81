"""Collects headings and text in reading order and hands them out as sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.article import Section
from knowledge.importers.source import one_line, paragraphs


@dataclass(slots=True)
class _Open:
    """The section that is being filled."""

    heading: str
    path: tuple[str, ...]
    page: int | None = None
    text: str = ""


@dataclass(slots=True)
class Outline:
    """Headings by level, 1 the highest, and what stands under each.

    Text before the first heading goes under the title. A heading without text of
    its own only lengthens the path of those under it.
    """

    _levels: list[tuple[int, str]] = field(default_factory=list)
    _done: list[_Open] = field(default_factory=lambda: [_Open("", ())])
    _frame: tuple[str, ...] = ()
    _page: int | None = None

    def page(self, number: int | None, *, apart: bool = False) -> None:
        """Say which page what follows stands on.

        What goes on from the page before becomes a section of its own under the same
        heading, so that its page is right; `apart`, one under the chapter.
        """
        self._page = number
        last = self._done[-1]
        if apart:
            self.resume()
        elif last.text and last.page != number:
            self._done.append(_Open(last.heading, last.path))

    def frame(self, chapters: tuple[str, ...]) -> None:
        """Say which chapters what follows belongs to, beside its headings.

        Another chapter ends the headings of the one before.
        """
        if chapters != self._frame:
            self._frame = chapters
            self._levels.clear()
            self._done.append(_Open(chapters[-1] if chapters else "", chapters[:-1]))

    def heading(self, level: int, text: str) -> None:
        """Begin a section under a heading of `level`."""
        text = one_line(text)
        if not text:
            return
        while self._levels and self._levels[-1][0] >= level:
            self._levels.pop()
        path = (*self._frame, *(name for _, name in self._levels))
        self._done.append(_Open(text, path))
        self._levels.append((level, text))

    def resume(self) -> None:
        """Leave the headings: what follows stands under the chapter, or the title."""
        self._levels.clear()
        self._done.append(_Open(self._frame[-1] if self._frame else "", self._frame[:-1]))

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._add(paragraphs(text), "\n\n")

    def item(self, text: str, mark: str = "-") -> None:
        """Add an item of a list, or with an empty `mark` a line."""
        text = one_line(text)
        self._add(f"{mark} {text}".strip() if text else "", "\n")

    def cell(self, text: str, *, first: bool) -> None:
        """Add a cell of a table; the `first` of a row begins a line."""
        self._add(one_line(text) or "-", "\n" if first else " | ")

    def sections(self, title: str) -> list[Section]:
        """Return the sections that have text; `title` stands for a missing heading."""
        return [
            Section(part.heading or title, part.text, part.path, part.page)
            for part in self._done
            if part.text.strip()
        ]

    def _add(self, text: str, separator: str) -> None:
        if not text:
            return
        part = self._done[-1]
        if not part.text:
            part.page = self._page
            part.text = text
        else:
            part.text += separator + text
