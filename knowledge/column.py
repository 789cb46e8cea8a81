"""One language of the index: its units, and how well they answer a question.

Everything in a column is measured against that column alone. Scores leave it
only as standard deviations.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import late_interaction
from knowledge.fitting import Fit
from knowledge.late_interaction import SentenceScores
from knowledge.lexical import Bm25, Postings
from knowledge.standard_scores import standardise
from knowledge.terms import CHANNELS, KANA
from knowledge.vectors import VectorFiles

LEXICAL_WEIGHT = 0.2
PROSE_WEIGHT = 0.5
"""Weight of words beside vectors: on municipal questions and answers flat from .10 to
.25, on running text best from .4 to .6."""

QUESTION_WEIGHT = 0.25
VARIANTS_WEIGHT = 2.0
VARIANTS = 4
"""Weight of the questions of a unit beside its answer and its best window: the one
question of an FAQ says less than its answer, but `VARIANTS` and more that an editor
collected say most, since residents ask in those very words."""

ROCCHIO_DEPTH = 3
ROCCHIO_WEIGHT = 0.2
"""How far a question moves towards the first answers found (Rocchio 1971)."""

DEPTH = 20
"""How many units late interaction looks at."""

INTERACTION_WEIGHT = 0.5
PROSE_INTERACTION_WEIGHT = 1.5
"""Weight of late interaction, in deviations over those units: a title says most of what
a procedure is about, running text is told apart by what stands in it."""

_COSINE_PRIOR = 0.1
_BM25_PRIOR = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """What the column knows of a unit besides its vectors; `key` hashes its content."""

    key: str
    slug: str
    unit: str
    life_event: str
    effective_from: date | None
    effective_until: date | None
    prose: bool
    chunk_ids: tuple[str, ...]
    sentences: tuple[str, ...]

    def to_json(self) -> list[Any]:
        """Return the unit as JSON values."""
        dates = [day and day.isoformat() for day in (self.effective_from, self.effective_until)]
        head = [self.key, self.slug, self.unit, self.life_event]
        return [*head, *dates, self.prose, list(self.chunk_ids), list(self.sentences)]

    @classmethod
    def from_json(cls, values: list[Any]) -> Unit:
        """Return what `to_json` gave."""
        key, slug, unit, event, first, last, prose, chunks, sentences = values
        begin = date.fromisoformat(first) if first else None
        end = date.fromisoformat(last) if last else None
        return cls(key, slug, unit, event, begin, end, prose, tuple(chunks), tuple(sentences))


ROWS = {
    "window_vectors": "window_starts",
    "answer_vectors": "",
    "question_vectors": "question_starts",
    "tokens": "token_starts",
    "spans": "span_starts",
}
"""The arrays of a column, each with the array that says where a unit's rows begin;
`knowledge.column_build` says what they hold."""


def channels(script: str) -> tuple[str, ...]:
    """Return the channels of terms that a column of this script keeps."""
    return (*CHANNELS[script], *((KANA,) if script == "japanese" else ()))


def mapped(path: Path) -> NDArray[Any]:
    """Return the array in a file, mapped from disk unless it is empty.

    A plain array over the map: slices of `numpy.memmap` cost several times as much.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r"))
    except ValueError:
        return np.asarray(np.load(path))


@dataclass(frozen=True, slots=True)
class Query:
    """A question as a column wants it: centred vectors, tokens, and terms by channel."""

    raw: NDArray[np.float32]
    centred: NDArray[np.float32]
    tokens: NDArray[np.float32] | None
    terms: Mapping[str, list[str]]
    kana_weight: float
    lexical_weight: float | None = None


class Column:
    """One language of a loaded index."""

    def __init__(self, folder: Path, lang: str, script: str, files: VectorFiles) -> None:
        self.lang = lang
        self.script = script
        self.fit = Fit.load(folder)
        self.units = tuple(
            Unit.from_json(values)
            for values in json.loads((folder / "units.json").read_text(encoding="utf-8"))
        )
        slugs = np.array([unit.slug for unit in self.units], dtype=str)
        self.slugs, self.slug_starts = np.unique(slugs, return_index=True)
        self._first_days = _days([unit.effective_from for unit in self.units], date.min)
        self._last_days = _days([unit.effective_until for unit in self.units], date.max)
        self.arrays: dict[str, NDArray[Any]] = {
            name: mapped(folder / f"{name}.npy") for name in (*ROWS, *filter(None, ROWS.values()))
        }
        self._prose = np.array([unit.prose for unit in self.units], dtype=bool)
        self._shares = np.where(self._prose, PROSE_WEIGHT, LEXICAL_WEIGHT).astype(np.float32)
        asked = np.diff(self.arrays["question_starts"])
        self._question_weights = np.where(
            asked >= VARIANTS, VARIANTS_WEIGHT, QUESTION_WEIGHT
        ).astype(np.float32)
        self._windows = files.read(folder / "windows.index")
        self._answers = files.read(folder / "answers.index")
        self._questions = files.read(folder / "questions.index")
        self.postings = {name: Postings.load(folder, name) for name in channels(script)}
        self._bm25 = {name: Bm25(postings) for name, postings in self.postings.items()}

    def units_of(self, slug: str) -> range:
        """Return the numbers of the units of a slug, which follow each other."""
        place = int(np.searchsorted(self.slugs, slug))
        if place == len(self.slugs) or self.slugs[place] != slug:
            return range(0)
        last = self.slug_starts[place + 1] if place + 1 < len(self.slugs) else len(self.units)
        return range(int(self.slug_starts[place]), int(last))

    def allowed(
        self, life_event: str | None, slugs: Collection[str] | None, on: date | None
    ) -> NDArray[np.bool_]:
        """Return which units pass the filters, [units]; None lets all pass."""
        passed = np.ones(len(self.units), dtype=bool)
        if on is not None:
            passed &= (self._first_days <= on.toordinal()) & (on.toordinal() <= self._last_days)
        if life_event is not None:
            passed &= np.array([unit.life_event == life_event for unit in self.units], dtype=bool)
        if slugs is not None:
            wanted = frozenset(slugs)
            passed &= np.array([unit.slug in wanted for unit in self.units], dtype=bool)
        return passed

    def first_stage(self, query: Query, lexical_weight: float | None = None) -> NDArray[np.float32]:
        """Return the score of each unit from words and pooled vectors, [units].

        `lexical_weight` takes the place of the weights that units have by kind.
        """
        words = self._lexical(query)
        wanted = query.lexical_weight if lexical_weight is None else lexical_weight
        share = self._shares if wanted is None else np.float32(wanted)
        mapped = _unit(query.centred @ self.fit.ridge)
        asked = self._best(self._questions.scores(query.centred), "question_starts")
        first = share * words + (1 - share) * self._dense(mapped, asked)
        size = min(ROCCHIO_DEPTH, len(first))
        top = np.argpartition(-first, size - 1)[:size] if size else np.zeros(0, dtype=np.int64)
        if size:
            mapped = _unit(mapped + ROCCHIO_WEIGHT * self._answers.rows(top).mean(axis=0))
        dense = self._dense(mapped, asked)
        return np.asarray(share * words + (1 - share) * dense, dtype=np.float32)

    def rerank(
        self, query: Query, first: NDArray[np.float32], allowed: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return `first` with late interaction added for the best of the allowed units.

        A unit that was not looked at counts as the worst of those that were, so
        that none of them passes one that was.
        """
        scores = np.where(allowed, first, -np.inf).astype(np.float32)
        size = min(DEPTH, int(allowed.sum()))
        if query.tokens is None or not len(query.tokens) or size < 2:
            return scores
        best = np.argpartition(-scores, size - 1)[:size]
        extra = self._interaction(query.tokens, best)
        added = np.full(len(scores), extra.min(), dtype=np.float32)
        added[best] = extra
        return scores + added

    def cosine(self, query: Query, unit: int) -> float:
        """Return the uncentred cosine of the question with the unit's best window."""
        first, last = self.arrays["window_starts"][unit : unit + 2]
        vectors = self.arrays["window_vectors"][first:last].astype(np.float32)
        return float((vectors @ query.raw).max())

    def asked_cosine(self, query: Query, unit: int) -> float:
        """Return the uncentred cosine of the question with the unit's nearest question."""
        first, last = self.arrays["question_starts"][unit : unit + 2]
        vectors = self.arrays["question_vectors"][first:last].astype(np.float32)
        return float((vectors @ query.raw).max(initial=0.0))

    def coverage(self, query: Query, unit: int) -> float:
        """Return the share of the question's words, by idf, that stand in the unit."""
        channel = next(iter(CHANNELS[self.script]))
        return self._bm25[channel].coverage(query.terms.get(channel, ()), unit)

    def top_cosine(self, query: Query, scores: NDArray[np.float32], depth: int = 5) -> float:
        """Return the highest uncentred cosine among the `depth` best units."""
        first = np.argpartition(-scores, min(depth, len(scores) - 1))[:depth]
        allowed = first[np.isfinite(scores[first])]
        return max((self.cosine(query, int(unit)) for unit in allowed), default=0.0)

    def sentences(self, query: Query, unit: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return a score for each sentence of a unit and the numbers of their chunks.

        By late interaction; without token vectors, the cosine of the window
        that the sentence stands in.
        """
        spans = self._spans(unit)
        own = spans[spans[:, 3] >= 0]
        if query.tokens is None or not len(query.tokens) or not len(own):
            first, last = self.arrays["window_starts"][unit : unit + 2]
            vectors = self.arrays["window_vectors"][first:last].astype(np.float32)
            return np.asarray((vectors @ query.raw)[own[:, 4]], dtype=np.float32), own[:, 2]
        start, end = self.arrays["token_starts"][unit : unit + 2]
        tokens = np.asarray(self.arrays["tokens"][start:end])
        scores = late_interaction.sentence_scores(query.tokens, tokens, own[:, :2])
        weight = late_interaction.BACKWARD
        both = (scores.forward + weight * scores.backward) / (1 + weight)
        return np.asarray(both, dtype=np.float32), own[:, 2]

    def _spans(self, unit: int) -> NDArray[np.int64]:
        first, last = self.arrays["span_starts"][unit : unit + 2]
        return np.asarray(self.arrays["spans"][first:last], dtype=np.int64)

    def _lexical(self, query: Query) -> NDArray[np.float32]:
        total = np.zeros(len(self.units), dtype=np.float32)
        for channel, weight in CHANNELS[self.script].items():
            scores = self._bm25[channel].scores(query.terms.get(channel, ()))
            total += np.float32(weight) * standardise(scores, _BM25_PRIOR)
        total = standardise(total)
        if query.kana_weight and KANA in self._bm25:
            kana = standardise(self._bm25[KANA].scores(query.terms.get(KANA, ())), _BM25_PRIOR)
            total += np.float32(query.kana_weight) * kana
        return total

    def _dense(
        self, mapped: NDArray[np.float32], asked: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        windows = self._best(self._windows.scores(mapped), "window_starts")
        return standardise(
            standardise(self._answers.scores(mapped), _COSINE_PRIOR)
            + standardise(windows, _COSINE_PRIOR)
            + self._question_weights * standardise(asked, _COSINE_PRIOR)
        )

    def _best(self, scores: NDArray[np.float32], starts: str) -> NDArray[np.float32]:
        if not len(self.units):
            return scores
        return np.maximum.reduceat(scores, self.arrays[starts][:-1])

    def _interaction(
        self, query: NDArray[np.float32], units: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """What late interaction adds to the score of each of some units."""
        starts = self.arrays["token_starts"]
        pieces, spans, offset = [], [], 0
        for unit in units:
            first, last = starts[unit], starts[unit + 1]
            own = self._spans(int(unit)).copy()
            own[:, :2] += offset
            pieces.append(self.arrays["tokens"][first:last])
            spans.append(own)
            offset += int(last - first)
        every, sizes = np.concatenate(spans), [len(own) for own in spans]
        found = late_interaction.meetings(query, np.concatenate(pieces), every[:, :2])
        owner, is_title = np.repeat(np.arange(len(units)), sizes), every[:, 3] < 0
        prose = self._prose[units]
        extra = INTERACTION_WEIGHT * late_interaction.fused(
            *_best_sentences(found.scores(), owner, is_title, len(units))
        )
        if prose.any():
            starts = np.cumsum([0, *sizes[:-1]])
            passages = late_interaction.fused_passages(found, starts, is_title)
            extra = np.where(prose, PROSE_INTERACTION_WEIGHT * passages, extra)
        return np.asarray(extra, dtype=np.float32)


def _best_sentences(
    scores: SentenceScores, owner: NDArray[np.int64], is_title: NDArray[np.bool_], units: int
) -> tuple[SentenceScores, NDArray[np.float32]]:
    """The best sentence of each unit, and how its title meets the question."""
    title = np.zeros(units, dtype=np.float32)
    title[owner[is_title]] = scores.backward[is_title]
    forward = np.full(units, -1.0, dtype=np.float32)
    backward = np.full(units, -1.0, dtype=np.float32)
    # Sorted by forward, so that the last one written is the best sentence. A
    # title stands in only for a unit without sentences.
    order = np.lexsort((scores.forward, ~is_title))
    forward[owner[order]] = scores.forward[order]
    backward[owner[order]] = scores.backward[order]
    return SentenceScores(forward, backward), title


def _days(days: list[date | None], missing: date) -> NDArray[np.int64]:
    return np.array([(day or missing).toordinal() for day in days], dtype=np.int64)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)
