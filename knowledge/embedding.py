"""The role of an embedding model: texts in, unit vectors out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

_SURROGATE = re.compile(r"[\ud800-\udfff]")

EmbeddingKind = Literal["query", "passage"]
"""What a text is to the model: retrieval models put different words before the two."""

EncodingProgress = Callable[[int, int], None]
"""Called with the number of texts done and the number of texts in all."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of one text's own tokens, without prompt and special tokens.

    `vectors` is fp32 [tokens, dimension] and not normalised; `starts` and `ends`
    are int32 [tokens], character offsets in the text.
    """

    vectors: NDArray[np.float32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a model made of some texts, in their order.

    `pooled` is fp32 [texts, dimension], rows of length one. `tokens` is None
    for a model that shows no token vectors.
    """

    pooled: NDArray[np.float32]
    tokens: tuple[TokenVectors, ...] | None = None


class Embedder(Protocol):
    """A model that turns texts into vectors.

    Safe to call from several threads. `name` identifies the model and
    everything that changes its vectors; it is part of cache keys.
    """

    @property
    def name(self) -> str:
        """The name and version of the model."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        progress: EncodingProgress | None = None,
    ) -> Encoded:
        """Encode `texts`; EmbeddingFailed where the model gives no vectors."""


def encodable(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which no encoding takes, as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `vectors` [n, d] with rows of length one; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
