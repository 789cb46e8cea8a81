from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import numpy as np
import pytest

from knowledge.embedding import Embedder
from knowledge.embedding_openai import ATTEMPTS, BATCH, OpenAIEmbedder
from knowledge.errors import EmbeddingFailed
from knowledge.testing import FakeEmbedder

from . import embedder_contract

Handler = Callable[[httpx.Request], httpx.Response]


def served(handler: Handler, **settings: str) -> OpenAIEmbedder:
    return OpenAIEmbedder(
        "http://embeddings.test/v1",
        "some-model",
        transport=httpx.MockTransport(handler),
        sleep=lambda seconds: None,
        **settings,
    )


def with_fake_vectors(request: httpx.Request) -> httpx.Response:
    texts = json.loads(request.content)["input"]
    vectors = FakeEmbedder(16).encode(texts, kind="passage").pooled * 3
    rows = [{"index": n, "embedding": row.tolist()} for n, row in enumerate(vectors)]
    return httpx.Response(200, json={"data": rows[::-1]})


@pytest.mark.parametrize(
    "embedder",
    [FakeEmbedder(), FakeEmbedder(tokens=False), served(with_fake_vectors)],
    ids=["fake", "fake without tokens", "server"],
)
def test_contract(embedder: Embedder) -> None:
    embedder_contract.check(embedder)


def test_server_gets_prefixes_key_and_batches() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return with_fake_vectors(request)

    embedder = served(handler, api_key="secret", query_prefix="query: ")
    encoded = embedder.encode(["水道"] * (BATCH + 1), kind="query")

    assert encoded.pooled.shape == (BATCH + 1, 16)
    assert encoded.tokens is None
    assert [len(json.loads(request.content)["input"]) for request in seen] == [BATCH, 1]
    assert json.loads(seen[1].content)["input"] == ["query: 水道"]
    assert seen[0].headers["Authorization"] == "Bearer secret"
    assert "secret" not in embedder.name


def test_server_is_asked_again_after_a_passing_failure() -> None:
    answers = iter([httpx.Response(503), httpx.Response(429)])

    def handler(request: httpx.Request) -> httpx.Response:
        return next(answers, None) or with_fake_vectors(request)

    assert len(served(handler).encode(["水道"], kind="query").pooled) == 1


def test_server_that_stays_away_is_one_clear_error() -> None:
    tries = []

    def handler(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ConnectTimeout("too slow")

    with pytest.raises(EmbeddingFailed, match="cannot be reached"):
        served(handler).encode(["水道"], kind="query")
    assert len(tries) == ATTEMPTS


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "no"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={"data": [{"index": 0, "embedding": [None, 1.0]}]}),
        httpx.Response(200, json={"data": [{"index": 0, "embedding": 5}]}),
    ],
)
def test_wrong_answers_are_refused(answer: httpx.Response) -> None:
    with pytest.raises(EmbeddingFailed):
        served(lambda request: answer).encode(["水道"], kind="query")


def test_fake_is_the_same_everywhere() -> None:
    vector = FakeEmbedder(8).encode(["転入届"], kind="query").pooled[0]
    again = FakeEmbedder(8).encode(["x", "転入届"], kind="passage").pooled[1]
    assert np.array_equal(vector, again)
