"""BM25 over one channel of terms, as plain arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
"""The constants of BM25 (Robertson and Zaragoza 2009, section 3.5)."""


@dataclass(frozen=True, slots=True)
class Postings:
    """How often each term stands in each unit.

    Sorted by term, then by unit: term *t* has the units
    ``units[starts[t]:starts[t + 1]]`` with `counts` beside them. `lengths` is
    the number of terms of each unit.
    """

    vocabulary: tuple[str, ...]
    starts: NDArray[np.int64]
    units: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, units: Sequence[Iterable[str]]) -> Postings:
        """Return the postings of `units`, each given by its terms."""
        places: dict[str, int] = {}
        term: list[int] = []
        unit: list[int] = []
        count: list[int] = []
        lengths = np.zeros(len(units), dtype=np.int32)
        for number, words in enumerate(units):
            counted = Counter(words)
            lengths[number] = counted.total()
            for word, times in counted.items():
                term.append(places.setdefault(word, len(places)))
                unit.append(number)
                count.append(times)
        return _sorted(
            tuple(places),
            np.array(term, dtype=np.int64),
            np.array(unit, dtype=np.int32),
            np.array(count, dtype=np.int32),
            lengths,
        )

    def rearranged(self, sources: NDArray[np.int64], fresh: Postings) -> Postings:
        """Return the postings after some units changed.

        `sources` [new units] holds, for each new unit, the number of the old
        unit it is, or ``-1 - n`` for unit *n* of `fresh`.
        """
        parts = [self._moved(sources, kept=True), fresh._moved(sources, kept=False)]
        places = {word: number for number, word in enumerate(self.vocabulary)}
        renamed = np.array(
            [places.setdefault(word, len(places)) for word in fresh.vocabulary], dtype=np.int64
        )
        words = tuple(places)
        term = np.concatenate([parts[0][0], renamed[parts[1][0]]])
        used, compact = np.unique(term, return_inverse=True)
        lengths = np.where(
            sources >= 0,
            self.lengths[np.maximum(sources, 0)] if len(self.lengths) else 0,
            fresh.lengths[np.maximum(-1 - sources, 0)] if len(fresh.lengths) else 0,
        )
        return _sorted(
            tuple(words[number] for number in used),
            compact.astype(np.int64),
            np.concatenate([parts[0][1], parts[1][1]]),
            np.concatenate([parts[0][2], parts[1][2]]),
            lengths.astype(np.int32),
        )

    def save(self, folder: Path, name: str) -> None:
        """Write the postings as files of `folder` that begin with `name`."""
        (folder / f"{name}.terms.txt").write_text("\n".join(self.vocabulary), encoding="utf-8")
        np.save(folder / f"{name}.starts.npy", self.starts)
        np.save(folder / f"{name}.units.npy", self.units)
        np.save(folder / f"{name}.counts.npy", self.counts)
        np.save(folder / f"{name}.lengths.npy", self.lengths)

    @classmethod
    def load(cls, folder: Path, name: str) -> Postings:
        """Read what `save` wrote."""
        text = (folder / f"{name}.terms.txt").read_text(encoding="utf-8")
        arrays = (
            np.load(folder / f"{name}.{part}.npy")
            for part in ("starts", "units", "counts", "lengths")
        )
        return cls(tuple(text.split("\n")) if text else (), *arrays)

    def _moved(
        self, sources: NDArray[np.int64], *, kept: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """The (term, unit, count) triples of those units that are still there, renumbered."""
        own = sources >= 0 if kept else sources < 0
        olds = sources[own] if kept else -1 - sources[own]
        target = np.full(len(self.lengths), -1, dtype=np.int32)
        target[olds] = np.flatnonzero(own)
        term = np.repeat(np.arange(len(self.vocabulary)), np.diff(self.starts))
        unit = target[self.units] if len(self.units) else np.zeros(0, dtype=np.int32)
        still = unit >= 0
        return term[still], unit[still], np.asarray(self.counts)[still]


class Bm25:
    """Scores of all units of one channel for the terms of a query."""

    def __init__(self, postings: Postings, k1: float = K1, b: float = B) -> None:
        size = len(postings.lengths)
        frequency = np.diff(postings.starts)
        idf = np.log(1.0 + (size - frequency + 0.5) / (frequency + 0.5))
        lengths = np.asarray(postings.lengths, dtype=np.float32)
        relative = lengths / max(float(lengths.mean()) if size else 1.0, 1e-9)
        times = np.asarray(postings.counts, dtype=np.float32)
        weight = np.repeat(idf, frequency) * times * (k1 + 1.0)
        weight /= times + k1 * (1.0 - b + b * relative[postings.units])
        self._weights = weight.astype(np.float32)
        self._idf = idf
        self._rarest = float(np.log(1.0 + size + 0.5))
        self._units = postings.units
        self._starts = postings.starts
        self._places = {word: number for number, word in enumerate(postings.vocabulary)}
        self.size = size

    def scores(self, terms: Mapping[str, float] | Iterable[str]) -> NDArray[np.float32]:
        """Return fp32 [units]; a term counts as often as it stands in the query."""
        weights = terms if isinstance(terms, Mapping) else Counter(terms)
        total = np.zeros(self.size, dtype=np.float32)
        for word, times in weights.items():
            place = self._places.get(word)
            if place is not None:
                start, end = self._starts[place], self._starts[place + 1]
                # A unit stands only once among the postings of a term.
                total[self._units[start:end]] += self._weights[start:end] * np.float32(times)
        return total

    def coverage(self, terms: Iterable[str], unit: int) -> float:
        """Return the share of `terms`, weighted by idf, that stand in `unit`.

        A term that stands nowhere weighs as much as the rarest one.
        """
        found = total = 0.0
        for word in set(terms):
            place = self._places.get(word)
            if place is None:
                total += self._rarest
                continue
            start, end = self._starts[place], self._starts[place + 1]
            weight = float(self._idf[place])
            total += weight
            at = int(np.searchsorted(self._units[start:end], unit))
            if at < end - start and self._units[start + at] == unit:
                found += weight
        return found / total if total else 0.0


def _sorted(
    vocabulary: tuple[str, ...],
    term: NDArray[np.int64],
    unit: NDArray[np.int32],
    count: NDArray[np.int32],
    lengths: NDArray[np.int32],
) -> Postings:
    order = np.lexsort((unit, term))
    starts = np.zeros(len(vocabulary) + 1, dtype=np.int64)
    np.cumsum(np.bincount(term, minlength=len(vocabulary)), out=starts[1:])
    return Postings(vocabulary, starts, unit[order], count[order], lengths)
