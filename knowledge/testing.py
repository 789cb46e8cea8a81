"""Stand-ins for the models, deterministic and without weights."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import (
    EmbeddingKind,
    Encoded,
    EncodingProgress,
    TokenVectors,
    unit_rows,
)

_TOKEN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff]+|[^\s]")


class FakeEmbedder:
    """An embedder of hashed character n-grams: texts that share letters are near.

    `calls` counts the texts encoded so far. With `tokens=False` it shows no
    token vectors, as a server does not.
    """

    def __init__(self, dimension: int = 64, *, tokens: bool = True, name: str = "fake") -> None:
        self.name = name
        self.dimension = dimension
        self.calls = 0
        self._tokens = tokens

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        progress: EncodingProgress | None = None,
    ) -> Encoded:
        """Encode `texts`; questions and passages alike."""
        pooled = np.zeros((len(texts), self.dimension), dtype=np.float32)
        tokens = []
        for number, text in enumerate(texts):
            self.calls += 1
            own = self._token_vectors(text)
            # The constant is what the texts of a real model have in common.
            pooled[number] = own.vectors.mean(axis=0) if len(own.vectors) else 0.0
            pooled[number] += _hashed("constant", self.dimension)
            tokens.append(own)
            if progress is not None:
                progress(number + 1, len(texts))
        return Encoded(unit_rows(pooled), tuple(tokens) if self._tokens else None)

    def _token_vectors(self, text: str) -> TokenVectors:
        matches = list(_TOKEN.finditer(text))
        words = [unicodedata.normalize("NFKC", match.group()).casefold() for match in matches]
        vectors = np.zeros((len(words), self.dimension), dtype=np.float32)
        for place, word in enumerate(words):
            near = words[place - 1] if place else ""
            for gram in (word, word[:3], near + word):
                vectors[place] += _hashed(gram, self.dimension)
        return TokenVectors(
            vectors,
            np.array([match.start() for match in matches], dtype=np.int32),
            np.array([match.end() for match in matches], dtype=np.int32),
        )


class FakeReranker:
    """A reranker that counts the characters a passage shares with the question."""

    name = "fake"

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the share of the question's characters that stand in each passage."""
        wanted = set(question)
        return np.array(
            [len(wanted & set(passage)) / max(len(wanted), 1) for passage in passages],
            dtype=np.float32,
        )


@lru_cache(maxsize=50_000)
def _hashed(text: str, dimension: int) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    vector.setflags(write=False)
    return vector
