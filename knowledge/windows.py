"""The stretches of text that are embedded.

A window is the title of its unit and as many whole chunks as fit into about
300 characters, the length at which the default model finds best. A chunk
longer than that is cut between sentences. Where the sentences stand is
remembered, so that their token vectors come out of the same pass of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.index_document import IndexChunk, IndexDocument
from knowledge.sentences import sentence_spans

LONGEST = 300
LONGEST_PROSE = 120
"""Characters of a window without its title; a passage of a report says several things,
and the one that is asked about is lost in a longer one."""

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a window: its chunk, its words, and its place in the window's text."""

    chunk: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """A text to embed; its first `title_end` characters are the title."""

    text: str
    title_end: int
    sentences: tuple[Sentence, ...]


def windows(document: IndexDocument) -> list[Window]:
    """Return the windows of `document`, at least one."""
    longest = LONGEST_PROSE if document.prose else LONGEST
    packed: list[list[_Piece]] = []
    length = 0
    for piece in _pieces(document.chunks, longest):
        if not packed or length + len(piece) > longest:
            packed.append([])
            length = 0
        packed[-1].append(piece)
        length += len(piece)
    return [_window(document.title, pieces) for pieces in packed or [[]]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences of one chunk, under its heading."""

    chunk: int
    heading: str
    sentences: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.heading) + sum(map(len, self.sentences))


def _pieces(chunks: tuple[IndexChunk, ...], longest: int) -> list[_Piece]:
    found: list[_Piece] = []
    for number, chunk in enumerate(chunks):
        spans = sentence_spans(chunk.text, LONGEST)
        waiting: list[str] = []
        for start, end in spans:
            sentence = chunk.text[start:end]
            if waiting and sum(map(len, waiting)) + len(sentence) > longest:
                found.append(_Piece(number, chunk.heading, tuple(waiting)))
                waiting = []
            waiting.append(sentence)
        if waiting:
            found.append(_Piece(number, chunk.heading, tuple(waiting)))
    return found


def _window(title: str, pieces: list[_Piece]) -> Window:
    text = title.strip()[:LONGEST_TITLE]
    title_end = len(text)
    sentences: list[Sentence] = []
    last = None
    for piece in pieces:
        if piece.heading and piece.heading != last and piece.heading not in title:
            text += f" {piece.heading}"
        last = piece.heading
        for sentence in piece.sentences:
            text += " "
            sentences.append(Sentence(piece.chunk, sentence, len(text), len(text) + len(sentence)))
            text += sentence
    return Window(text, title_end, tuple(sentences))
