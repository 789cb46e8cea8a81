"""The second stage of the signal for emergencies: is a question nearer to one, or to none.

A softmax regression draws one border around a kind; 「不法投棄」 and a cry for help may
lie on its same side. So what it takes for an emergency is one only if no ordinary
question, and nothing that only sounds like an emergency, is clearly nearer than the
nearest line that tells of one (nearest neighbours by class, by the cosine of centred
vectors). The lines are those that ``python -m evals safety_fit`` fits on, as vectors
along the `WIDTH` axes on which they differ most (a singular value decomposition).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "emergency_neighbours.npz"

WIDTH = 128
"""Axes that are kept: with 384 as many emergencies are noticed, and no fewer false alarms."""

SLACK = 0.06
"""How much nearer, in cosine, an ordinary question has to be; 0 costs three emergencies of 100."""

ORDINARY = 3000
"""Ordinary questions that are kept, those nearest to an emergency; the others never win."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Lines with and without an emergency.

    `axes` are fp32 [dimension, `WIDTH`], `lines` fp32 unit vectors [lines, `WIDTH`],
    `tells` [lines] is true for those that tell of an emergency.
    """

    axes: NDArray[np.float32]
    lines: NDArray[np.float32]
    tells: NDArray[np.bool_]

    def emergency_nearer(self, centred: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Say of each row of `centred` [questions, dimension] whether an emergency is near enough.

        `centred` are vectors less the mean of the questions in their language.
        """
        cosines = unit(centred @ self.axes) @ self.lines.T
        told, calm = cosines[:, self.tells].max(axis=1), cosines[:, ~self.tells].max(axis=1)
        return np.asarray(told > calm - SLACK, dtype=np.bool_)


def fitted(
    centred: NDArray[np.float32], tells: NDArray[np.bool_], ordinary: NDArray[np.bool_]
) -> Neighbours:
    """Return the neighbours among `centred` [lines, dimension], all but most `ordinary` ones."""
    rows = unit(centred)
    _, _, directions = np.linalg.svd(rows[~ordinary], full_matrices=False)
    axes = np.asarray(directions[:WIDTH].T, dtype=np.float32)
    lines = unit(rows @ axes)
    nearest = (lines[ordinary] @ lines[tells].T).max(axis=1)
    kept = ~ordinary
    kept[np.flatnonzero(ordinary)[np.argsort(-nearest)[:ORDINARY]]] = True
    return Neighbours(axes, lines[kept], tells[kept])


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows of `vectors` at length one; rows of nothing stay so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def write(neighbours: Neighbours, path: Path) -> None:
    """Write the file: a byte for a number of a line, two for one of an axis."""
    np.savez_compressed(
        path,
        axes=neighbours.axes.astype(np.float16),
        lines=np.round(neighbours.lines * 127).astype(np.int8),
        tells=neighbours.tells,
    )


def read(path: Path) -> Neighbours:
    """Return what `write` wrote; OSError or ValueError where there is no such file."""
    with np.load(path) as kept:
        return Neighbours(
            kept["axes"].astype(np.float32),
            unit(kept["lines"].astype(np.float32)),
            kept["tells"].astype(np.bool_),
        )


@cache
def shipped() -> Neighbours:
    """Return the neighbours that the package ships."""
    with resources.as_file(resources.files("assistant").joinpath(FILE)) as path:
        return read(path)
