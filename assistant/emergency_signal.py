"""A second signal for emergencies: what the vector of a question is near to.

A softmax regression over the embedding of the question, less the mean of the
questions of its language, so that what is learnt in one language holds in the
others. Fitted by ``python -m evals safety_fit`` on the development half of
``evals/cases/safety/care.jsonl``, ``care-more.jsonl``, the development cases and
the questions of the sample city. It says which kind of emergency words tell of
that no phrase file holds. Its weights belong to one embedding model; with
another, or none, phrases alone decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "emergency_weights.json"

NONE = "none"
"""The kind of a question that tells of no emergency."""


@dataclass(frozen=True, slots=True)
class Signal:
    """The fitted weights: fp32 [kinds, dimension] on centred vectors, and [kinds] intercepts.

    `centres` are the means [dimension] of the questions of each language; the
    mean of them all serves a language that has none.
    """

    model: str
    kinds: tuple[str, ...]
    centres: dict[str, NDArray[np.float32]]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    threshold: float

    def probabilities(self, vectors: NDArray[np.float32], lang: str) -> NDArray[np.float32]:
        """Return fp32 [questions, kinds] of unit `vectors` [questions, dimension] in `lang`."""
        centre = self.centres.get(lang)
        if centre is None:
            centre = np.mean(list(self.centres.values()), axis=0)
        scores = (vectors - centre) @ self.weights.T + self.intercepts
        exps = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)

    def kind(self, vector: NDArray[np.float32], lang: str) -> str | None:
        """Return the kind of emergency that a question's unit `vector` tells of, or None."""
        each = self.probabilities(vector[None], lang)[0]
        none = self.kinds.index(NONE)
        if 1.0 - each[none] < self.threshold:
            return None
        each[none] = 0.0
        return self.kinds[int(each.argmax())]


@cache
def shipped() -> Signal:
    """Return the signal that the package ships."""
    entry = json.loads(resources.files("assistant").joinpath(FILE).read_text(encoding="utf-8"))
    return Signal(
        entry["model"],
        tuple(entry["kinds"]),
        {lang: np.array(mean, dtype=np.float32) for lang, mean in entry["centres"].items()},
        np.array(entry["weights"], dtype=np.float32),
        np.array(entry["intercepts"], dtype=np.float32),
        entry["threshold"],
    )


def kind(vector: NDArray[np.float32], lang: str, model: str) -> str | None:
    """Return the kind of emergency that `vector` of the embedding `model` tells of, or None.

    None too where the weights were fitted for another model.
    """
    signal = shipped()
    return signal.kind(vector, lang) if signal.model == model else None
