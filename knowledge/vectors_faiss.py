"""Vectors in a FAISS index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray


class FaissVectors:
    """An exact inner-product index.

    The score of every vector is wanted, since scores are standardised over the
    whole column; a range search that nothing falls out of gives them unsorted.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inner product of `query` with each vector."""
        faiss.omp_set_num_threads(1)  # of this thread: a query is too small to share out
        found = np.empty(self._index.ntotal, dtype=np.float32)
        _, values, numbers = self._index.range_search(
            np.ascontiguousarray(query, dtype=np.float32)[None], -1e30
        )
        found[numbers] = values
        return found

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors `numbers`."""
        return np.asarray(self._index.reconstruct_batch(numbers), dtype=np.float32)


class FaissFiles:
    """Keeps a FAISS index as a file that is mapped into memory."""

    name = "faiss"

    def write(self, vectors: NDArray[np.float32], path: Path) -> None:
        """Write a flat inner-product index of `vectors`."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        faiss.write_index(index, str(path))

    def read(self, path: Path) -> FaissVectors:
        """Map the file."""
        return FaissVectors(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
