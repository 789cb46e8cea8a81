"""A second signal for emergencies: what the vector of a question is near to.

A softmax regression over the embedding of the question, fitted by
``python -m evals safety_fit`` on the development half of
``evals/cases/safety/care.jsonl``, the development cases and the questions of
the sample city. It says which kind of emergency words tell of that no phrase
file holds. Its weights belong to one embedding model; with another, or none,
phrases alone decide.
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
    """The fitted weights: fp32 [kinds, dimension] on centred vectors, and [kinds] intercepts."""

    model: str
    kinds: tuple[str, ...]
    centre: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    threshold: float

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return fp32 [questions, kinds] of unit `vectors` [questions, dimension]."""
        scores = (vectors - self.centre) @ self.weights.T + self.intercepts
        exps = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)

    def kind(self, vector: NDArray[np.float32]) -> str | None:
        """Return the kind of emergency that a question's unit `vector` tells of, or None."""
        each = self.probabilities(vector[None])[0]
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
        np.array(entry["centre"], dtype=np.float32),
        np.array(entry["weights"], dtype=np.float32),
        np.array(entry["intercepts"], dtype=np.float32),
        entry["threshold"],
    )


def kind(vector: NDArray[np.float32], model: str) -> str | None:
    """Return the kind of emergency that `vector` of the embedding `model` tells of, or None.

    None too where the weights were fitted for another model.
    """
    signal = shipped()
    return signal.kind(vector) if signal.model == model else None
