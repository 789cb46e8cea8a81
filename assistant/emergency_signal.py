"""A second signal for emergencies: what a question is near to, by its vector and its letters.

A softmax regression over two views of the question. The embedding, less the mean of
the questions of its language, carries what is learnt in one language to the others;
runs of one to four letters, hashed, know misspellings, Latin letters and the words
that tell a child from an elder. Fitted by ``python -m evals safety_fit`` on the
development halves of the cases and the questions of the sample city. It says which
kinds of emergency words tell of that no phrase file holds, where `emergency_neighbours`
finds no ordinary question nearer. Its weights belong to one
embedding model; with another, or none, phrases alone decide.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assistant import emergency_neighbours
from assistant.phrases import fold

FILE = "emergency_weights.json"

NONE = "none"
"""The kind of a question that tells of no emergency."""

BUCKETS = 8192
"""Places that runs of letters are hashed into (feature hashing, Weinberger et al. 2009)."""

LONGEST = 4
"""Letters of the longest run."""

MARGIN = 1.2
"""How much likelier to help another kind's reply has to be to go before the likeliest kind's."""

PHRASED = 3.0
"""What the kind that a phrase names has ahead, in log-odds: the best on lines no phrase was
written for (0 to 6 tried), where 3 found the right number more often than the phrase alone."""

SECOND = 0.2
"""The share of the emergencies a second kind must have for its reply to be shown too."""


def letters(text: str) -> NDArray[np.float32]:
    """Return the runs of letters of `text` as a unit fp32 vector [BUCKETS]; a hash bit signs each.

    >>> bool(letters("かじです").any())
    True
    """
    padded = f" {fold(text)} "
    runs = {
        padded[start : start + length]
        for length in range(1, LONGEST + 1)
        for start in range(len(padded) - length + 1)
    }
    hashes = np.array([zlib.crc32(run.encode()) for run in runs], dtype=np.int64)
    found = np.zeros(BUCKETS, dtype=np.float32)
    np.add.at(found, hashes % BUCKETS, np.where(hashes >> 31, 1.0, -1.0))
    length = float(np.linalg.norm(found))
    return found / length if length else found


@dataclass(frozen=True, slots=True)
class Signal:
    """The fitted weights: fp32 [kinds, dimension] on centred vectors, [kinds] intercepts.

    `centres` are the means [dimension] of the questions of each language; the
    mean of them all serves a language that has none. `letter_weights` are fp32
    [kinds, BUCKETS]; `helps` [kinds, kinds] is 1 where the reply to the kind of
    the row names the number that the kind of the column needs.
    """

    model: str
    kinds: tuple[str, ...]
    centres: dict[str, NDArray[np.float32]]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    letter_weights: NDArray[np.float32]
    helps: NDArray[np.float32]
    threshold: float

    def probabilities(
        self, vector: NDArray[np.float32], text: str, lang: str
    ) -> NDArray[np.float32]:
        """Return fp32 [kinds] of the question `text` in `lang` with its unit `vector`."""
        scores = self.weights @ self.centred(vector, lang) + self.letter_weights @ letters(text)
        exps = np.exp(scores + self.intercepts - (scores + self.intercepts).max())
        return np.asarray(exps / exps.sum(), dtype=np.float32)

    def centred(self, vector: NDArray[np.float32], lang: str) -> NDArray[np.float32]:
        """Return `vector` less the mean of the questions in `lang`, fp32 [dimension]."""
        centre = self.centres.get(lang)
        if centre is None:
            centre = np.mean(list(self.centres.values()), axis=0)
        return np.asarray(vector - centre, dtype=np.float32)

    def told(
        self, vector: NDArray[np.float32], text: str, lang: str, phrased: str | None = None
    ) -> tuple[str, ...]:
        """Return the kinds of emergency a question tells of: none, one, or two that are close.

        Where a phrase has said that it tells of the kind `phrased`, only the order is
        open; nothing is told of a kind that the weights were not fitted for.
        """
        if phrased is not None and phrased not in self.kinds:
            return ()
        each = self.probabilities(vector, text, lang)
        none = self.kinds.index(NONE)
        if phrased is None and not (
            1.0 - each[none] >= self.threshold
            and emergency_neighbours.shipped().emergency_nearer(self.centred(vector, lang)[None])[0]
        ):
            return ()
        each[none] = 0.0
        if phrased is not None:
            each += 1e-6
            each[none] = 0.0
            each[self.kinds.index(phrased)] *= np.exp(PHRASED)
        return tuple(self.kinds[number] for number in ranked(each / each.sum(), self.helps))


def ranked(shares: NDArray[np.float32], helps: NDArray[np.float32]) -> tuple[int, ...]:
    """Return one or two kinds by their `shares` [kinds], the one likeliest to help first.

    Where it is open who hits whom, a reply whose number serves every case is
    better than the best guess of one.
    """
    likeliest = int(shares.argmax())
    serves = helps @ shares
    safest = int((serves + 1e-3 * shares).argmax())
    first = safest if serves[safest] > MARGIN * serves[likeliest] else likeliest
    others = shares.copy()
    others[first] = 0.0
    second = int(others.argmax())
    return (first, second) if others[second] >= SECOND else (first,)


@cache
def shipped() -> Signal:
    """Return the signal that the package ships."""
    entry = json.loads(resources.files("assistant").joinpath(FILE).read_text(encoding="utf-8"))
    bytes_ = np.frombuffer(base64.b64decode(entry["letters"]), dtype=np.int8)
    steps = np.array(entry["letter_steps"], dtype=np.float32)[:, None]
    return Signal(
        entry["model"],
        tuple(entry["kinds"]),
        {lang: np.array(mean, dtype=np.float32) for lang, mean in entry["centres"].items()},
        np.array(entry["weights"], dtype=np.float32),
        np.array(entry["intercepts"], dtype=np.float32),
        bytes_.reshape(len(steps), BUCKETS).astype(np.float32) * steps,
        np.array(entry["helps"], dtype=np.float32),
        entry["threshold"],
    )


def told(
    vector: NDArray[np.float32], text: str, lang: str, model: str, phrased: str | None = None
) -> tuple[str, ...]:
    """Return the kinds of emergency that `text` and its `vector` of the `model` tell of.

    `phrased` is the kind that a phrase names, if one does. Empty too where the
    weights were fitted for another model.
    """
    signal = shipped()
    return signal.told(vector, text, lang, phrased) if signal.model == model else ()
