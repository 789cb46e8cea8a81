"""An embeddings server that speaks the OpenAI protocol (`POST /v1/embeddings`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import (
    EmbeddingKind,
    Encoded,
    EncodingProgress,
    encodable,
    unit_rows,
)
from knowledge.errors import EmbeddingFailed

BATCH = 64
ATTEMPTS = 4
"""How often a request is tried; between tries it waits .5, 1 and 2 seconds."""

_TRANSIENT = frozenset({408, 409, 429, 500, 502, 503, 504})


class OpenAIEmbedder:
    """A model behind an OpenAI-compatible server, vLLM or Ollama for instance.

    `url` ends in ``/v1``. Requests time out after `timeout` seconds and are
    repeated where that may help. It gives no token vectors, so late
    interaction is skipped. Raises EmbeddingFailed where the server cannot be
    reached, refuses, or answers something else.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        api_key: str = "",
        query_prefix: str = "",
        passage_prefix: str = "",
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/") + "/embeddings"
        self._model = model
        self._prefixes: dict[EmbeddingKind, str] = {
            "query": query_prefix,
            "passage": passage_prefix,
        }
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, timeout=timeout, transport=transport)
        self._sleep = sleep
        self._dimension: int | None = None
        self.name = f"{url}|{model}|{query_prefix}|{passage_prefix}"

    @property
    def dimension(self) -> int:
        """The length of a vector; asks the server the first time."""
        if self._dimension is None:
            self._dimension = self._request(["."]).shape[1]
        return self._dimension

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        progress: EncodingProgress | None = None,
    ) -> Encoded:
        """Encode `texts`, without token vectors."""
        prefix = self._prefixes[kind]
        parts = []
        for start in range(0, len(texts), BATCH):
            # A server may refuse an empty text.
            part = [
                prefix + (encodable(text).strip() or ".") for text in texts[start : start + BATCH]
            ]
            parts.append(self._request(part))
            if progress is not None:
                progress(start + len(part), len(texts))
        if not parts:
            return Encoded(np.zeros((0, self.dimension), dtype=np.float32))
        vectors = np.concatenate(parts)
        self._dimension = vectors.shape[1]
        return Encoded(unit_rows(vectors))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request(self, texts: list[str]) -> NDArray[np.float32]:
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(0.5 * 2 ** (attempt - 1))
            try:
                response = self._client.post(self._url, json=body)
            except httpx.HTTPError as error:
                reason = f"cannot be reached ({type(error).__name__})"
                continue
            if response.status_code in _TRANSIENT:
                reason = f"answers with status {response.status_code}"
                continue
            if response.is_error:
                raise EmbeddingFailed(
                    f"the embeddings server {self._url} refuses with status {response.status_code}"
                )
            return self._vectors(response, len(texts))
        raise EmbeddingFailed(f"the embeddings server {self._url} {reason}")

    def _vectors(self, response: httpx.Response, count: int) -> NDArray[np.float32]:
        try:
            rows: list[Any] = sorted(response.json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise EmbeddingFailed(
                f"the embeddings server {self._url} answers something else than vectors"
            ) from error
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise EmbeddingFailed(
                f"the embeddings server {self._url} gave other vectors than it was asked for"
            )
        return vectors
