"""Puts readings on every kanji of やさしい日本語.

Readings come from Sudachi's whole words (split mode C), cut at their kana, so that
住み becomes ``{住|す}み``. What a dictionary cannot know comes first: the snippets and
counters of ``ruby_overrides.yaml``. A text that has readings keeps them, whoever wrote
them, so that annotating twice changes nothing.

Sudachi sees the text without the spaces between its phrases, which it was not
trained on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

from knowledge import localization_text
from knowledge.article import Localization
from knowledge.errors import ArticleInvalid
from knowledge.japanese import Morpheme, analyse, hiragana
from knowledge.ruby import RUBY
from knowledge.ruby_line import PROTECTED, BareLine, Span, bare_line
from knowledge.ruby_overrides import Overrides, load_overrides

KANJI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]")
_NO_KANJI = re.compile("[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]")
_KANJI_RUN = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]+)")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc、。・]+")
_WRITTEN = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ\u3041-\u3096\u30a1-\u30fa\u30fc]+"
)
_LONG_WORD = 5
"""Words of so many kanji are annotated in parts, where their parts are read as they are."""

_SHORT = 3
"""Snippets of up to so many characters hold for whole words only."""

_FILE = "ruby_overrides.yaml"


def annotate(text: str, overrides: Overrides | None = None) -> str:
    """Return `text` with a reading on every kanji that has none.

    >>> annotate("住み始めた 日から 14日以内に")
    '{住|す}み{始|はじ}めた {日|ひ}から {14日|じゅうよっか}{以内|いない}に'
    """
    overrides = overrides or default_overrides()
    return "".join(
        _annotated_line(line, overrides) if KANJI.search(RUBY.sub("", line)) else line
        for line in text.splitlines(keepends=True)
    )


def annotate_localization(
    localization: Localization, overrides: Overrides | None = None
) -> Localization:
    """Return `localization` with a reading on every kanji of every text."""

    def lines(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(annotate(text, overrides) for text in texts)

    return replace(
        localization,
        title=annotate(localization.title, overrides),
        questions=lines(localization.questions),
        summary=annotate(localization.summary, overrides),
        facts={
            name: annotate(value, overrides) if isinstance(value, str) else lines(value)
            for name, value in localization.facts.items()
        },
        conditions=lines(localization.conditions),
        sections=tuple(
            replace(
                section,
                heading=annotate(section.heading, overrides),
                text=annotate(section.text, overrides),
            )
            for section in localization.sections
        ),
    )


def annotate_file(path: Path) -> bool:
    """Annotate a ``ja-x-easy.md`` file in place; say whether that changed it.

    The readings are those of `overrides_above`. Raises `ArticleInvalid`.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        before = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleInvalid(f"{name}: the file cannot be read as UTF-8 text.") from error
    localization = localization_text.load(before, path.stem, name)
    annotated = annotate_localization(localization, overrides_above(path))
    if annotated == localization:
        return False
    path.write_text(localization_text.dump(annotated), encoding="utf-8", newline="\n")
    return True


def unread(text: str) -> list[str]:
    """Return the runs of kanji in `text` that have no reading."""
    bare = PROTECTED.sub(" ", RUBY.sub(" ", text))
    return [run for run in _NO_KANJI.split(bare) if run]


@cache
def default_overrides() -> Overrides:
    """Return the readings of ``knowledge/ruby_overrides.yaml``."""
    with resources.as_file(resources.files("knowledge").joinpath(_FILE)) as path:
        return load_overrides(path)


def overrides_above(path: Path) -> Overrides:
    """Return the general overrides and those in ``ruby_overrides.yaml`` near `path`.

    Near is its folder and the two above, such as that of a city with its articles; the
    nearest goes first.
    """
    files = [folder / _FILE for folder in list(path.resolve().parents)[:3]]
    own = [load_overrides(file) for file in reversed(files) if file.is_file()]
    return default_overrides().with_more(own)


def _annotated_line(line: str, overrides: Overrides) -> str:
    text = bare_line(line)
    words = analyse(text.plain, "C")
    edges = {0, len(text.plain), *(word.start for word in words)}
    for spans in overrides.find(text.plain):
        apart = any(text.has_space(start, end) for start, end, _ in spans)
        if not apart and not _cuts_word(text.plain, spans, edges):
            for start, end, reading in spans:
                text.add(start, end, reading)
    for word in words:
        if not KANJI.search(word.surface):
            continue
        if text.taken.isdisjoint(range(word.start, word.end)):
            _add_word(text, word, overrides)
        else:
            _add_rest(text, word.start, word.end, overrides)
    return text.written(line)


def _cuts_word(plain: str, spans: Sequence[Span], edges: set[int]) -> bool:
    """Whether a short snippet begins or ends inside a word that goes on: 日本 in 日本人."""
    start, end = spans[0][0], spans[-1][1]
    return end - start <= _SHORT and any(
        edge not in edges and KANJI.match(plain[edge - 1]) and KANJI.match(plain[edge])
        for edge in (start, end)
    )


def _add_word(text: BareLine, word: Morpheme, overrides: Overrides) -> None:
    """Add the readings of one word, cut at its kana."""
    alone = overrides.alone.get(word.surface)
    if alone and not _has_neighbour(text, word.start, word.end):
        text.add(word.start, word.end, alone)
        return
    pieces = align(word.surface, hiragana(word.reading))
    if pieces is None:
        _add_parts(text, word, overrides)
        return
    at = word.start
    for surface, reading in pieces:
        end = at + len(surface)
        if reading and text.has_space(at, end):
            _add_rest(text, word.start, word.end, overrides)
            return
        if reading:
            _add_run(text, at, end, reading)
        at = end


def _add_run(text: BareLine, start: int, end: int, reading: str) -> None:
    """Add the reading of a run of kanji, in parts where it is long and they are read alike."""
    if end - start >= _LONG_WORD:
        parts = [
            (word.surface, hiragana(word.reading)) for word in analyse(text.plain[start:end], "A")
        ]
        if "".join(part for _, part in parts) == reading and all(part for _, part in parts):
            for surface, part in parts:
                text.add(start, start + len(surface), part)
                start += len(surface)
            return
    text.add(start, end, reading)


def _add_parts(text: BareLine, word: Morpheme, overrides: Overrides) -> None:
    """Add the readings of the short words inside one that cannot be cut at its kana."""
    parts = analyse(word.surface, "A")
    if len(parts) == 1:
        runs = list(_WRITTEN.finditer(word.surface))
        if len(runs) == 1 and runs[0].group() == word.surface:
            text.add(word.start, word.end, hiragana(word.reading))  # no part of it is told apart
            return
        parts = [
            part._replace(start=run.start() + part.start, end=run.start() + part.end)
            for run in runs
            for part in analyse(run.group(), "C")
        ]
    for part in parts:
        if KANJI.search(part.surface):
            start, end = word.start + part.start, word.start + part.end
            _add_word(text, part._replace(start=start, end=end), overrides)


def _add_rest(text: BareLine, start: int, end: int, overrides: Overrides) -> None:
    """Add the readings of what is left of a word, run by run without space."""
    at = start
    while at < end:
        stop = at
        while stop < end and stop not in text.taken and not text.has_space(at, stop + 1):
            stop += 1
        for word in analyse(text.plain[at:stop], "C"):
            if KANJI.search(word.surface):
                shifted = word._replace(start=at + word.start, end=at + word.end)
                _add_word(text, shifted, overrides)
        at = max(stop, at + 1)


def _has_neighbour(text: BareLine, start: int, end: int) -> bool:
    """Whether a kanji, digit or Latin letter stands right before or after the span."""
    before = start > 0 and not text.has_space(start - 1, start + 1)
    after = end < len(text.plain) and not text.has_space(end - 1, end + 1)
    around = (text.plain[start - 1] if before else "") + (text.plain[end] if after else "")
    return any(KANJI.match(c) or c.isdigit() or (c.isascii() and c.isalpha()) for c in around)


def align(surface: str, reading: str) -> list[tuple[str, str]] | None:
    """Return `surface` in runs with their readings, empty for kana; None if it cannot be cut.

    >>> align("届け出", "とどけで")
    [('届', 'とど'), ('け', ''), ('出', 'で')]
    """
    runs = [run for run in _KANJI_RUN.split(surface) if run]
    if not reading or any(not (_KANJI_RUN.fullmatch(r) or _KANA.fullmatch(r)) for r in runs):
        return None
    pattern = "".join(
        "(.+?)" if _KANJI_RUN.fullmatch(run) else f"({re.escape(hiragana(run))})" for run in runs
    )
    match = re.fullmatch(pattern, reading)
    if match is None:
        return None
    return [
        (run, part if _KANJI_RUN.fullmatch(run) else "")
        for run, part in zip(runs, match.groups(), strict=True)
    ]
