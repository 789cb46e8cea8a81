"""The role of a vector index: the cosine of a query with every vector kept."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class VectorIndex(Protocol):
    """Unit vectors that are searched; safe to use from several threads."""

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inner product of `query` [d] with each vector, [n]."""

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors `numbers` [k] as [k, d]."""


class VectorFiles(Protocol):
    """A kind of vector index, kept as one file."""

    name: str

    def write(self, vectors: NDArray[np.float32], path: Path) -> None:
        """Write an index of `vectors` [n, d] to `path`."""

    def read(self, path: Path) -> VectorIndex:
        """Open what `write` wrote, mapped from disk where that is possible."""


class ExactVectors:
    """A plain array, for places where no other index is installed."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inner product of `query` with each vector."""
        return np.asarray(self._vectors @ query, dtype=np.float32)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors `numbers`."""
        return np.asarray(self._vectors[numbers], dtype=np.float32)


class ExactFiles:
    """Keeps an `ExactVectors` as a NumPy file."""

    name = "exact"

    def write(self, vectors: NDArray[np.float32], path: Path) -> None:
        """Write `vectors`."""
        with path.open("wb") as file:
            np.save(file, vectors)

    def read(self, path: Path) -> ExactVectors:
        """Map the file."""
        return ExactVectors(np.load(path, mmap_mode="r"))


def vector_files(name: str | None = None) -> VectorFiles:
    """Return the kind of index called `name`; by default FAISS where it is installed.

    Raises ImportError where the named kind needs what is not installed.
    """
    if name == ExactFiles.name:
        return ExactFiles()
    try:
        from knowledge.vectors_faiss import FaissFiles
    except ImportError:
        if name is None:
            return ExactFiles()
        raise
    return FaissFiles()
