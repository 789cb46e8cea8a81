"""What is fitted on the knowledge base itself, for one language.

Never on anybody's questions: only on its texts and the questions that its
editors wrote. A release inherits the fit of the one before it as long as few
units changed, so that one edit moves nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import unit_rows

RIDGE = 10.0
"""Strength with which the map from questions to answers is held to the identity."""

TOKEN_DIMENSION = 256
"""Dimensions kept of token vectors for late interaction."""

WHITENING = 0.25
"""Power by which the variance of a direction is levelled: half-way to white."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of one language.

    Means are fp32 [d]: of windows, of answers, of questions, and of the tokens
    of questions. `ridge` is [d, d]. `token_mean` [d] and `projection` [d, m]
    turn token vectors into those of late interaction; m is 0 for a model
    without token vectors. `fitted_on` names the units it was fitted on.
    """

    window_mean: NDArray[np.float32]
    answer_mean: NDArray[np.float32]
    question_mean: NDArray[np.float32]
    ridge: NDArray[np.float32]
    token_mean: NDArray[np.float32]
    question_token_mean: NDArray[np.float32]
    projection: NDArray[np.float32]
    fitted_on: frozenset[str]

    def save(self, folder: Path) -> None:
        """Write the fit to `folder`."""
        for name in _ARRAYS:
            np.save(folder / f"fit.{name}.npy", getattr(self, name))
        (folder / "fit.json").write_text(json.dumps(sorted(self.fitted_on)), encoding="ascii")

    @classmethod
    def load(cls, folder: Path) -> Fit:
        """Read what `save` wrote."""
        arrays = {name: np.load(folder / f"fit.{name}.npy") for name in _ARRAYS}
        names = json.loads((folder / "fit.json").read_text(encoding="ascii"))
        return cls(**arrays, fitted_on=frozenset(names))

    def changed_by(self, units: frozenset[str]) -> float:
        """Return the part of the units that came or went since the fit."""
        return len(units ^ self.fitted_on) / max(len(units), len(self.fitted_on), 1)


_GATHERED = 16_384

_ARRAYS = tuple(field.name for field in fields(Fit) if field.name != "fitted_on")


def mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of `vectors` [n, d], as if a zero vector were among them.

    That keeps the only vector of a knowledge base of one article from vanishing.
    """
    return np.asarray(vectors.sum(axis=0) / (len(vectors) + 1), dtype=np.float32)


def centred(vectors: NDArray[np.float32], of: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `vectors` [n, d] less the mean `of` [d], at length one."""
    return unit_rows(vectors - of)


def ridge_map(
    questions: NDArray[np.float32], answers: NDArray[np.float32], strength: float = RIDGE
) -> NDArray[np.float32]:
    """Return the map W [d, d] that takes questions to their answers.

    Closed form of min |QW - A|^2 + strength |W - I|^2, both [n, d] and centred.
    """
    identity = np.eye(questions.shape[1])
    inner = questions.T.astype(np.float64) @ questions + strength * identity
    target = questions.T.astype(np.float64) @ answers + strength * identity
    return np.asarray(np.linalg.solve(inner, target), dtype=np.float32)


class TokenMoments:
    """Sums over token vectors, from which mean and whitening come in one pass.

    Vectors are gathered first: a few large products are much faster than many
    small ones.
    """

    def __init__(self, dimension: int) -> None:
        self.count = 0
        self._sum = np.zeros(dimension)
        self._squares = np.zeros((dimension, dimension))
        self._waiting: list[NDArray[np.float32]] = []
        self._size = 0

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Take in `vectors` [t, d]."""
        self.count += len(vectors)
        self._waiting.append(vectors)
        self._size += len(vectors)
        if self._size >= _GATHERED:
            self._take_in()

    def mean(self) -> NDArray[np.float32]:
        """Return the mean [d]."""
        self._take_in()
        return np.asarray(self._sum / max(self.count, 1), dtype=np.float32)

    def _take_in(self) -> None:
        if self._waiting:
            vectors = np.concatenate(self._waiting)
            self._waiting, self._size = [], 0
            self._sum += vectors.sum(axis=0, dtype=np.float64)
            self._squares += vectors.T @ vectors

    def projection(self, size: int = TOKEN_DIMENSION) -> NDArray[np.float32]:
        """Return the half-whitening map [d, m] on the first principal directions."""
        self._take_in()
        dimension = len(self._sum)
        if not self.count:
            return np.zeros((dimension, 0), dtype=np.float32)
        middle = self._sum / self.count
        covariance = self._squares / self.count - np.outer(middle, middle)
        # A little of the average variance everywhere: a small text spans few directions.
        covariance += np.eye(dimension) * max(np.trace(covariance) / dimension, 1e-9) * 0.01
        values, directions = np.linalg.eigh(covariance)
        first = np.argsort(-values)[: min(size, dimension)]
        scaled = directions[:, first] * values[first] ** -WHITENING
        return np.asarray(scaled, dtype=np.float32)
