"""What every embedder keeps to; run on the fake and on the real ones."""

from __future__ import annotations

import numpy as np

from knowledge.embedding import Embedder

NEAR = ("住民票の写しがほしい", "住民票の写しを取りたい")
FAR = "粗大ごみの収集を申し込む"


def check(embedder: Embedder) -> None:
    assert embedder.name
    texts = [*NEAR, FAR, "Where is the ward office?", "", "😀"]
    encoded = embedder.encode(texts, kind="passage")

    assert encoded.pooled.shape == (len(texts), embedder.dimension)
    assert encoded.pooled.dtype == np.float32
    assert np.isfinite(encoded.pooled).all()
    assert np.allclose(np.linalg.norm(encoded.pooled, axis=1), 1.0, atol=1e-3)
    assert encoded.pooled[0] @ encoded.pooled[1] > encoded.pooled[0] @ encoded.pooled[2]

    again = embedder.encode([NEAR[0]], kind="passage")
    assert again.pooled[0] @ encoded.pooled[0] > 0.99

    done: list[tuple[int, int]] = []
    many = embedder.encode([FAR] * 40, kind="query", progress=lambda n, of: done.append((n, of)))
    assert many.pooled.shape == (40, embedder.dimension)
    assert not done or done[-1] == (40, 40)

    if encoded.tokens is not None:
        assert len(encoded.tokens) == len(texts)
        for text, tokens in zip(texts, encoded.tokens, strict=True):
            assert tokens.vectors.shape == (len(tokens.starts), embedder.dimension)
            assert (tokens.starts < tokens.ends).all()
            assert (tokens.ends <= len(text)).all()
            assert (np.diff(tokens.starts) >= 0).all()
        assert len(encoded.tokens[0].starts) > 2
