"""Any sentence-transformers model, by hub name or path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import (
    EmbeddingKind,
    Encoded,
    EncodingProgress,
    TokenVectors,
    encodable,
    unit_rows,
)
from knowledge.errors import EmbeddingFailed

BATCH = 32


class SentenceTransformersEmbedder:
    """A sentence-transformers model.

    `query_prefix` and `passage_prefix` stand before the texts as the model's
    card asks for; where both are empty, the prompts named ``query`` and
    ``passage`` of the model itself are used, if it has them. Token vectors are
    the last hidden states of the texts' own tokens, where the tokenizer gives
    offsets. Raises EmbeddingFailed where the model cannot be loaded.
    """

    def __init__(
        self,
        model: str,
        *,
        query_prefix: str = "",
        passage_prefix: str = "",
        device: str | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(
                model, device=device, trust_remote_code=trust_remote_code
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise EmbeddingFailed(
                f"the embedding model {model} cannot be loaded: {_first_line(error)}"
            ) from error
        prompts = getattr(self._model, "prompts", None) or {}
        if not query_prefix and not passage_prefix:
            query_prefix = prompts.get("query", "")
            passage_prefix = prompts.get("passage", prompts.get("document", ""))
        self._prefixes: dict[EmbeddingKind, str] = {
            "query": query_prefix,
            "passage": passage_prefix,
        }
        self.dimension = _dimension(self._model)
        self.name = f"{model}|{query_prefix}|{passage_prefix}|{self.dimension}"

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        progress: EncodingProgress | None = None,
    ) -> Encoded:
        """Encode `texts`; with token vectors where the model shows them."""
        prefix = self._prefixes[kind]
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        pooled = np.zeros((len(texts), self.dimension), dtype=np.float32)
        tokens: list[TokenVectors | None] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            prompted = [prefix + encodable(texts[number]) for number in batch]
            try:
                outputs = self._model.encode(
                    prompted,
                    prompt="",
                    batch_size=BATCH,
                    output_value=None,
                    show_progress_bar=False,
                )
            except (RuntimeError, ValueError) as error:
                raise EmbeddingFailed(
                    f"the embedding model failed: {_first_line(error)}"
                ) from error
            offsets = self._offsets(prompted)
            for row, number in enumerate(batch):
                pooled[number] = _array(outputs[row]["sentence_embedding"])
                states = outputs[row].get("token_embeddings")
                if states is not None and offsets is not None:
                    tokens[number] = _content(_array(states), offsets[row], len(prefix))
            if progress is not None:
                progress(min(start + BATCH, len(order)), len(order))
        shown = [each for each in tokens if each is not None]
        return Encoded(unit_rows(pooled), tuple(shown) if len(shown) == len(texts) else None)

    def _offsets(self, texts: list[str]) -> list[NDArray[np.int32]] | None:
        tokenizer = self._model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            return None
        encoded = tokenizer(
            texts,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
        )
        return [
            np.array(offsets, dtype=np.int32).reshape(-1, 2)
            for offsets in encoded["offset_mapping"]
        ]


def _content(
    states: NDArray[np.float32], offsets: NDArray[np.int32], prefix: int
) -> TokenVectors | None:
    """The text's own tokens, where states and offsets are of the same tokens."""
    if len(states) < len(offsets):
        return None
    starts, ends = offsets[:, 0] - prefix, offsets[:, 1] - prefix
    own = np.flatnonzero((ends > 0) & (ends > starts))
    return TokenVectors(states[own], np.maximum(starts[own], 0), ends[own])


def _array(value: Any) -> NDArray[np.float32]:
    return np.asarray(value.float().cpu().numpy(), dtype=np.float32)


def _dimension(model: Any) -> int:
    get = getattr(model, "get_embedding_dimension", None) or (
        model.get_sentence_embedding_dimension
    )
    return int(get())


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
