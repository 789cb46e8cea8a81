"""Encodings of texts that are made once and kept by model and hash of the text."""

from __future__ import annotations

import hashlib
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder, EmbeddingKind, TokenVectors

BATCH = 256
"""Texts encoded, and kept, at a time: an interrupted build goes on from there."""


class VectorCache(Protocol):
    """Bytes kept by model, kind and hash of the text; the store has one too."""

    def get(self, model: str, kind: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return what is kept of `hashes`."""

    def put(self, model: str, kind: str, items: Mapping[str, bytes]) -> None:
        """Keep `items`, by hash; what is kept already may stay."""


class MemoryCache:
    """A cache that lives as long as the process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], bytes] = {}

    def get(self, model: str, kind: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return what is kept of `hashes`."""
        keys = {key: self._kept.get((model, kind, key)) for key in hashes}
        return {key: value for key, value in keys.items() if value is not None}

    def put(self, model: str, kind: str, items: Mapping[str, bytes]) -> None:
        """Keep `items`."""
        self._kept.update({(model, kind, key): value for key, value in items.items()})


class FileCache:
    """A cache in one SQLite file, which may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS kept (model TEXT, kind TEXT, hash TEXT, content BLOB,"
            " PRIMARY KEY (model, kind, hash)) WITHOUT ROWID;"
        )

    def get(self, model: str, kind: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return what is kept of `hashes`."""
        found: dict[str, bytes] = {}
        wanted = list(hashes)
        with self._lock:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                found.update(
                    self._connection.execute(
                        "SELECT hash, content FROM kept"
                        f" WHERE model = ? AND kind = ? AND hash IN ({marks})",
                        (model, kind, *part),
                    )
                )
        return found

    def put(self, model: str, kind: str, items: Mapping[str, bytes]) -> None:
        """Keep `items`."""
        with self._lock, self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)",
                [(model, kind, key, content) for key, content in items.items()],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def text_hash(text: str) -> str:
    """Return the hash that a text is kept by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """One text as a model sees it; `tokens` is None for models that show none."""

    pooled: NDArray[np.float32]
    tokens: TokenVectors | None


_HEADER = struct.Struct("<III")
"""Dimension, number of tokens, and 1 if token vectors are there at all."""


def pack(encoding: TextEncoding) -> bytes:
    """Return `encoding` as bytes; token vectors in 8 bits with a scale a token."""
    pooled = np.asarray(encoding.pooled, dtype="<f4")
    tokens = encoding.tokens
    if tokens is None:
        return _HEADER.pack(len(pooled), 0, 0) + pooled.tobytes()
    scale = np.maximum(np.abs(tokens.vectors).max(axis=1, initial=0.0), 1e-6) / 127.0
    bytes_ = np.rint(tokens.vectors / scale[:, None]).astype(np.int8)
    return b"".join(
        (
            _HEADER.pack(len(pooled), len(scale), 1),
            pooled.tobytes(),
            scale.astype("<f4").tobytes(),
            tokens.starts.astype("<u4").tobytes(),
            tokens.ends.astype("<u4").tobytes(),
            bytes_.tobytes(),
        )
    )


def unpack(content: bytes) -> TextEncoding:
    """Return what `pack` packed; ValueError where the bytes are not that."""
    dimension, count, has_tokens = _HEADER.unpack_from(content)
    place = _HEADER.size
    expected = place + 4 * dimension + has_tokens * count * (12 + dimension)
    if len(content) != expected:
        raise ValueError("kept encoding has a wrong size")
    pooled = np.frombuffer(content, "<f4", dimension, place)
    if not has_tokens:
        return TextEncoding(pooled, None)
    place += 4 * dimension
    scale = np.frombuffer(content, "<f4", count, place)
    starts = np.frombuffer(content, "<u4", count, place + 4 * count).astype(np.int32)
    ends = np.frombuffer(content, "<u4", count, place + 8 * count).astype(np.int32)
    raw = np.frombuffer(content, np.int8, count * dimension, place + 12 * count)
    vectors = raw.reshape(count, dimension).astype(np.float32) * scale[:, None]
    return TextEncoding(pooled, TokenVectors(vectors, starts, ends))


class Encodings:
    """An embedding model behind a cache.

    `ensure` encodes what is missing; `each` then yields encodings in order, a
    batch in memory at a time, since the token vectors of a whole knowledge
    base would not fit.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self.embedder = embedder
        self._cache = cache

    def ensure(
        self,
        texts: Sequence[str],
        kind: EmbeddingKind,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Encode those of `texts` that are not kept yet."""
        wanted = {text_hash(text): text for text in texts}
        known: set[str] = set()
        hashes = list(wanted)
        for start in range(0, len(hashes), BATCH):
            known |= self._cache.get(self.embedder.name, kind, hashes[start : start + BATCH]).keys()
        # Texts of like length share a batch, so that little of it is padding.
        missing = sorted((key for key in wanted if key not in known), key=lambda k: len(wanted[k]))
        for start in range(0, len(missing), BATCH):
            part = missing[start : start + BATCH]
            self._encode({key: wanted[key] for key in part}, kind)
            if progress is not None:
                progress(min(start + BATCH, len(missing)), len(missing))

    def each(self, texts: Sequence[str], kind: EmbeddingKind) -> Iterator[TextEncoding]:
        """Yield the encodings of `texts`, encoding what is missing or damaged."""
        for start in range(0, len(texts), BATCH):
            part = {text_hash(text): text for text in texts[start : start + BATCH]}
            kept = self._cache.get(self.embedder.name, kind, part)
            found: dict[str, TextEncoding] = {}
            for key, content in kept.items():
                try:
                    found[key] = unpack(content)
                except (ValueError, struct.error):
                    continue
            lost = {key: text for key, text in part.items() if key not in found}
            if lost:
                found.update(
                    (key, unpack(content)) for key, content in self._encode(lost, kind).items()
                )
            for text in texts[start : start + BATCH]:
                yield found[text_hash(text)]

    def _encode(self, texts: Mapping[str, str], kind: EmbeddingKind) -> dict[str, bytes]:
        encoded = self.embedder.encode(list(texts.values()), kind=kind)
        items = {
            key: pack(
                TextEncoding(
                    encoded.pooled[number], encoded.tokens[number] if encoded.tokens else None
                )
            )
            for number, key in enumerate(texts)
        }
        self._cache.put(self.embedder.name, kind, items)
        return items
