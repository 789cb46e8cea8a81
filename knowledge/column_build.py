"""Builds one language of the index.

Arrays of a column, with U units, W windows, Q questions, T tokens, S spans:

* ``window_vectors`` fp16 [W, d], as the model gives them; ``window_starts`` [U + 1]
* ``answer_vectors`` fp32 [U, d]: the mean of a unit's tokens without its title
* ``question_vectors`` fp32 [Q, d], as questions; ``question_starts`` [U + 1]
* ``tokens`` int8 [T, m], projected; ``token_starts`` [U + 1]
* ``spans`` int32 [S, 5]: first and last + 1 token within the unit, chunk, -1 for
  a title and 0 for a sentence, window within the unit; ``span_starts`` [U + 1]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.column import ROWS, Column, Unit, channels
from knowledge.embedding import unit_rows
from knowledge.encodings import Encodings, TextEncoding
from knowledge.fitting import Fit, TokenMoments, centred, mean, ridge_map
from knowledge.index_document import IndexDocument
from knowledge.late_interaction import projected, quantised
from knowledge.lexical import Postings
from knowledge.vectors import VectorFiles
from knowledge.windows import Window, windows

REFIT_AT = 0.1
"""The part of the units that may change before means and maps are fitted again."""

BuildProgress = Callable[[str, int, int], None]
"""Called with the name of a stage, what is done of it, and how much it is."""

Terms = dict[str, list[str]]

_TOGETHER = 64
"""Units whose token vectors are projected in one product."""


@dataclass(frozen=True, slots=True)
class UnitVectors:
    """What the model made of one unit, before anything is fitted."""

    windows: NDArray[np.float32]
    answer: NDArray[np.float32]
    questions: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class UnitTokens:
    """The token vectors of one unit, projected, and the sentences among them."""

    tokens: NDArray[np.int8]
    spans: NDArray[np.int32]
    sentences: tuple[str, ...]


class ColumnBuild:
    """The making of one column, with what may be taken from the one before it."""

    def __init__(
        self,
        documents: Sequence[IndexDocument],
        keys: Sequence[str],
        script: str,
        encodings: Encodings,
        parent: Column | None,
    ) -> None:
        self.documents = documents
        self.script = script
        self._encodings = encodings
        self._keys = keys
        self._parent = parent if parent is not None and self._inherits(parent) else None
        known = (
            {unit.key: place for place, unit in enumerate(self._parent.units)}
            if (self._parent)
            else {}
        )
        self.fresh = [place for place, key in enumerate(self._keys) if key not in known]
        self._sources = np.array([known.get(key, -1) for key in self._keys], dtype=np.int64)
        self._sources[self.fresh] = -1 - np.arange(len(self.fresh))
        self._windows = [windows(documents[place]) for place in self.fresh]
        self._asked = [documents[place].asked() for place in self.fresh]

    def passages(self) -> list[str]:
        """Return the texts that have to be encoded as passages."""
        return [window.text for own in self._windows for window in own]

    def questions(self) -> list[str]:
        """Return the texts that have to be encoded as questions."""
        return [text for own in self._asked for text in own]

    def write(
        self, folder: Path, files: VectorFiles, terms: Callable[[IndexDocument], Terms]
    ) -> None:
        """Write the column to `folder`; `terms` gives those of a unit by channel."""
        token_moments = TokenMoments(self._encodings.embedder.dimension)
        question_moments = TokenMoments(self._encodings.embedder.dimension)
        vectors = self._vectors(token_moments, question_moments)
        if self._parent is not None:
            fit = self._parent.fit
        else:
            fit = self._fit(vectors, token_moments, question_moments)
        tokens = self._tokens(fit)
        arrays = self._arrays(vectors, tokens)
        fit.save(folder)
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        for name, middle in (
            ("window", fit.window_mean),
            ("answer", fit.answer_mean),
            ("question", fit.question_mean),
        ):
            rows = centred(arrays[f"{name}_vectors"].astype(np.float32), middle)
            files.write(rows, folder / f"{name}s.index")
        self._write_postings(folder, terms)
        self._write_units(folder, tokens)

    def _inherits(self, parent: Column) -> bool:
        names = frozenset(key[:16] for key in self._keys)
        return parent.script == self.script and parent.fit.changed_by(names) < REFIT_AT

    def _vectors(self, of_tokens: TokenMoments, of_questions: TokenMoments) -> list[UnitVectors]:
        """Return the vectors of the fresh units, and sum up their tokens."""
        passages = self._encodings.each(self.passages(), "passage")
        questions = self._encodings.each(self.questions(), "query")
        found = []
        for own, asked in zip(self._windows, self._asked, strict=True):
            encoded = [next(passages) for _ in own]
            wanted = [next(questions) for _ in asked]
            for moments, encodings in ((of_tokens, encoded), (of_questions, wanted)):
                for one in encodings:
                    if one.tokens is not None and self._parent is None:
                        moments.add(one.tokens.vectors)
            found.append(
                UnitVectors(
                    np.stack([one.pooled for one in encoded]),
                    _answer(own, encoded),
                    np.stack([one.pooled for one in wanted]),
                )
            )
        return found

    def _fit(
        self, vectors: list[UnitVectors], of_tokens: TokenMoments, of_questions: TokenMoments
    ) -> Fit:
        answers = np.stack([own.answer for own in vectors])
        questions = np.concatenate([own.questions for own in vectors])
        owner = np.repeat(np.arange(len(answers)), [len(own.questions) for own in vectors])
        answer_mean, question_mean = mean(answers), mean(questions)
        return Fit(
            window_mean=mean(np.concatenate([own.windows for own in vectors])),
            answer_mean=answer_mean,
            question_mean=question_mean,
            ridge=ridge_map(
                centred(questions, question_mean), centred(answers, answer_mean)[owner]
            ),
            token_mean=of_tokens.mean(),
            question_token_mean=of_questions.mean(),
            projection=of_tokens.projection(),
            fitted_on=frozenset(key[:16] for key in self._keys),
        )

    def _tokens(self, fit: Fit) -> list[UnitTokens]:
        passages = self._encodings.each(self.passages(), "passage")
        found: list[UnitTokens] = []
        for start in range(0, len(self._windows), _TOGETHER):
            part = self._windows[start : start + _TOGETHER]
            encoded = [[next(passages) for _ in own] for own in part]
            for own, texts, tokens in zip(part, encoded, _projected(encoded, fit), strict=True):
                found.append(_unit_tokens(own, texts, tokens))
        return found

    def _arrays(
        self, vectors: list[UnitVectors], tokens: list[UnitTokens]
    ) -> dict[str, NDArray[Any]]:
        """Return the arrays of the column: fresh rows, and the parent's for the other units."""
        fresh: dict[str, list[NDArray[Any]]] = {
            "window_vectors": [own.windows.astype(np.float16) for own in vectors],
            "answer_vectors": [own.answer[None] for own in vectors],
            "question_vectors": [own.questions for own in vectors],
            "tokens": [own.tokens for own in tokens],
            "spans": [own.spans for own in tokens],
        }
        found: dict[str, NDArray[Any]] = {}
        for name, starts in ROWS.items():
            rows = [self._rows(name, starts, source, fresh) for source in self._sources]
            found[name] = np.concatenate(rows)
            if starts:
                edges = np.zeros(len(rows) + 1, dtype=np.int64)
                np.cumsum([len(own) for own in rows], out=edges[1:])
                found[starts] = edges
        return found

    def _rows(
        self, name: str, starts: str, source: int, fresh: dict[str, list[NDArray[Any]]]
    ) -> NDArray[Any]:
        if source < 0:
            return fresh[name][-1 - source]
        assert self._parent is not None
        arrays = self._parent.arrays
        if not starts:
            return arrays[name][source : source + 1]
        return arrays[name][arrays[starts][source] : arrays[starts][source + 1]]

    def _write_postings(self, folder: Path, terms: Callable[[IndexDocument], Terms]) -> None:
        fresh = [terms(self.documents[place]) for place in self.fresh]
        for channel in channels(self.script):
            postings = Postings.of([own.get(channel, ()) for own in fresh])
            if self._parent is not None:
                old = self._parent.postings[channel]
                postings = old.rearranged(self._sources, postings)
            postings.save(folder, channel)

    def _write_units(self, folder: Path, tokens: list[UnitTokens]) -> None:
        units = []
        for document, key, source in zip(self.documents, self._keys, self._sources, strict=True):
            if source >= 0 and self._parent is not None:
                units.append(self._parent.units[source])
                continue
            units.append(
                Unit(
                    key,
                    document.slug,
                    document.unit,
                    document.life_event,
                    document.effective_from,
                    document.effective_until,
                    document.prose,
                    tuple(chunk.id for chunk in document.chunks),
                    tokens[-1 - source].sentences,
                )
            )
        text = json.dumps([unit.to_json() for unit in units], ensure_ascii=False)
        (folder / "units.json").write_text(text, encoding="utf-8")


def _answer(own: list[Window], encoded: list[TextEncoding]) -> NDArray[np.float32]:
    """The mean of the tokens behind the title; of the windows where tokens are not shown."""
    total = np.zeros_like(encoded[0].pooled)
    for window, one in zip(own, encoded, strict=True):
        if one.tokens is not None:
            behind = one.tokens.ends > window.title_end
            total += one.tokens.vectors[behind].sum(axis=0)
    if not total.any():
        total = np.sum([one.pooled for one in encoded], axis=0)
    return np.asarray(unit_rows(total[None])[0], dtype=np.float32)


def _projected(units: list[list[TextEncoding]], fit: Fit) -> list[NDArray[np.int8]]:
    """The token vectors of each unit for late interaction, projected in one go."""
    own = [[one.tokens.vectors for one in unit if one.tokens is not None] for unit in units]
    size = fit.projection.shape[1]
    every = [vectors for unit in own for vectors in unit]
    if not size or not every:
        return [np.zeros((0, size), dtype=np.int8) for _ in units]
    tokens = quantised(projected(np.concatenate(every), fit.token_mean, fit.projection))
    ends = np.cumsum([sum(map(len, unit)) for unit in own])
    return np.split(tokens, ends[:-1])


def _unit_tokens(
    own: list[Window], encoded: list[TextEncoding], tokens: NDArray[np.int8]
) -> UnitTokens:
    spans: list[tuple[int, int, int, int, int]] = []
    sentences: list[str] = []
    offset = 0
    for number, (window, one) in enumerate(zip(own, encoded, strict=True)):
        if number == 0:
            spans.append((*_place(one, offset, 0, window.title_end), -1, -1, 0))
        for sentence in window.sentences:
            first, last = _place(one, offset, sentence.start, sentence.end)
            if one.tokens is None or last > first:
                spans.append((first, last, sentence.chunk, 0, number))
                sentences.append(sentence.text)
        offset += len(one.tokens.starts) if one.tokens is not None else 0
    return UnitTokens(tokens, np.array(spans, dtype=np.int32).reshape(-1, 5), tuple(sentences))


def _place(one: TextEncoding, offset: int, start: int, end: int) -> tuple[int, int]:
    """The first and last + 1 token of some characters of a window; 0, 0 if there is none."""
    if one.tokens is None:
        return 0, 0
    inside = np.flatnonzero((one.tokens.ends > start) & (one.tokens.starts < end))
    if not len(inside):
        return 0, 0
    return offset + int(inside[0]), offset + int(inside[-1]) + 1
