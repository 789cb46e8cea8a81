"""A sentence-transformers CrossEncoder as reranker, by hub name or path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbeddingFailed


class CrossEncoderReranker:
    """Any CrossEncoder with one score a pair.

    Raises EmbeddingFailed where the model cannot be loaded or fails.
    """

    def __init__(self, model: str, *, device: str | None = None, max_length: int = 512) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(model, device=device, max_length=max_length)
        except (OSError, ValueError, RuntimeError) as error:
            raise EmbeddingFailed(f"the reranker {model} cannot be loaded: {error}") from error
        self.name = model

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the model's score for each passage."""
        pairs = [(question, passage) for passage in passages]
        try:
            given = self._model.predict(pairs, show_progress_bar=False)
        except (RuntimeError, ValueError) as error:
            raise EmbeddingFailed(f"the reranker {self.name} failed: {error}") from error
        scores = np.asarray(given, dtype=np.float32)
        return scores if scores.ndim == 1 else np.asarray(scores[:, -1], dtype=np.float32)
