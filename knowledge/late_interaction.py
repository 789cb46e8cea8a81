"""Late interaction: how well the words of a question meet the words of a sentence.

MaxSim (Khattab and Zaharia 2020) over token vectors half-whitened on the
knowledge base. Of a sentence both directions count: does it speak of
everything asked, and is what it speaks of asked. A passage of running text is
read as a whole besides, by the words of the question that tell passages apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import unit_rows

SCALE = 127.0
"""Token vectors have length one and are kept as int8 of this many steps."""

BACKWARD = 0.5
"""Weight of the direction from the sentence, and from the title, to the question."""


def projected(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], projection: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return token vectors [t, d] centred, half-whitened and of length one, [t, m]."""
    return unit_rows(np.asarray((vectors - mean) @ projection, dtype=np.float32))


def quantised(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return unit vectors [t, m] in 8 bits."""
    return np.asarray(np.rint(vectors * SCALE).clip(-SCALE, SCALE), dtype=np.int8)


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """For each span: does it meet the question (`forward`), and does the question meet it."""

    forward: NDArray[np.float32]
    backward: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meetings:
    """How well each word of a question meets each span, [q, s], and the way back, [s]."""

    best: NDArray[np.float32]
    backward: NDArray[np.float32]

    def scores(self) -> SentenceScores:
        """Return the scores of the spans, every word of the question counting alike."""
        return SentenceScores(self.best.mean(axis=0), self.backward)


def sentence_scores(
    query: NDArray[np.float32], tokens: NDArray[np.int8], spans: NDArray[np.int64]
) -> SentenceScores:
    """Score spans of tokens against a question; arguments as those of `meetings`."""
    return meetings(query, tokens, spans).scores()


def meetings(
    query: NDArray[np.float32], tokens: NDArray[np.int8], spans: NDArray[np.int64]
) -> Meetings:
    """Compare a question with spans of tokens.

    `query` is fp32 [q, m] and `tokens` int8 [t, m], both projected; `spans` is
    [s, 2], first and last + 1 of the tokens of each span, not empty. Scores are
    mean cosines between -1 and 1.
    """
    # One column more, so that a span may end at the last token.
    similarity = np.full((len(query), len(tokens) + 1), -1.0, dtype=np.float32)
    # Tokens first: with the long side in front the product takes a third less time.
    similarity[:, :-1] = (tokens.astype(np.float32) @ (query.T / np.float32(SCALE))).T
    edges = spans.reshape(-1)
    best = np.maximum.reduceat(similarity, edges, axis=1)[:, ::2]
    per_token = similarity.max(axis=0)
    per_token[-1] = 0.0
    sums = np.add.reduceat(per_token, edges)[::2]
    lengths = np.maximum(spans[:, 1] - spans[:, 0], 1)
    return Meetings(best, np.asarray(sums / lengths, dtype=np.float32))


def fused_passages(
    found: Meetings, starts: NDArray[np.int64], is_title: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return one score for each passage, in standard deviations over the passages.

    Half of it is the best sentence, half the passage as a whole with its heading.
    A word counts by the variance of how well the passages meet it: who asks in
    words of their own uses many that every passage meets alike. `starts` [p]
    says where the spans of a passage begin.
    """
    if len(starts) < 2:
        return np.zeros(len(starts), dtype=np.float32)
    whole = np.maximum.reduceat(found.best, starts, axis=1)
    telling = whole.var(axis=1)
    telling /= max(float(telling.sum()), 1e-12)
    # A heading stands in only for a passage without sentences.
    sentence = np.maximum.reduceat(telling @ found.best - 2 * is_title, starts)
    sentence += 2 * (sentence < -1)
    return _over(_over(sentence) + _over(telling @ whole))


def fused(sentence: SentenceScores, title: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one score for each candidate, in standard deviations over the candidates.

    `sentence` holds the best sentence of each, `title` the score from its title
    to the question.
    """
    if len(title) < 2:
        return np.zeros(len(title), dtype=np.float32)
    total = _over(sentence.forward) + BACKWARD * _over(title) + BACKWARD * _over(sentence.backward)
    return _over(total)


def _over(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((values - values.mean()) / (values.std() + 1e-6), dtype=np.float32)
