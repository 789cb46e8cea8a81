from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.fusion import OWN_WEIGHT, ColumnScores, fuse
from knowledge.index import Index, IndexChunk, MemoryCache, build
from knowledge.late_interaction import quantised, sentence_scores
from knowledge.reranker import rerank
from knowledge.search import EncodedQuery
from knowledge.standard_scores import FARTHEST, standardise
from knowledge.synonyms import expanded
from knowledge.testing import FakeEmbedder, FakeReranker

from .corpus import documents, indexed


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield indexed(tmp_path_factory.mktemp("search") / "i")


def slugs(index: Index, text: str, lang: str = "ja", **filters: object) -> list[str]:
    return [hit.slug for hit in index.search(text, lang, **filters).hits]  # type: ignore[arg-type]


def test_every_article_comes_once_and_best_first(index: Index) -> None:
    result = index.search("住民票を移したい", "ja")
    scores = [hit.score for hit in result.hits]
    assert result.hits[0].slug == "moving-in"
    assert scores == sorted(scores, reverse=True)
    assert len({hit.slug for hit in result.hits}) == len(result.hits) == 4
    assert result.top_cosine == pytest.approx(max(hit.cosine for hit in result.hits), abs=1e-5)


def test_a_question_in_english_finds_what_stands_in_japanese_only(index: Index) -> None:
    result = index.search("国民年金 exemption", "en")
    assert result.hits[0].slug == "pension-exemption"
    assert result.hits[0].lang == "ja"
    assert list(result.hits[0].z) == ["ja"]


def test_columns_are_those_of_the_language(index: Index) -> None:
    assert set(index.search("sofa", "en").cosines) == {"en", "ja"}
    assert set(index.search("ソファー", "ja").cosines) == {"ja"}
    assert set(index.search("sofá", "pt").cosines) == {"ja"}
    assert slugs(index, "ソファー", "unknown")[0] == "bulky-garbage"


def test_filters(index: Index) -> None:
    assert slugs(index, "ごみ", life_event="moving") == ["moving-in"]
    assert slugs(index, "ごみ", slugs={"child-allowance"}) == ["child-allowance"]
    assert slugs(index, "ごみ", slugs=()) == []
    assert slugs(index, "児童手当", on=date(2026, 3, 31)) == []
    assert "child-allowance" in slugs(index, "児童手当", on=date(2027, 3, 31))
    assert "child-allowance" not in slugs(index, "児童手当", on=date(2027, 4, 1))
    assert len(slugs(index, "児童手当", k=2)) == 2


def test_what_was_heard_helps_where_it_was_written_wrong(index: Index) -> None:
    wrong = index.search("点入とどけ", "ja")
    heard = index.search("点入とどけ", "ja", kana="てんにゅうとどけ")
    gain = {hit.slug: hit.score for hit in heard.hits}
    before = {hit.slug: hit.score for hit in wrong.hits}
    assert heard.hits[0].slug == "moving-in"
    assert gain["moving-in"] - before["moving-in"] > 0


def test_passages_name_the_chunk_and_quote_the_sentence(index: Index) -> None:
    asked = index.search("転入届はいつまでに届け出が必要ですか", "ja")
    best, *rest = index.passages(asked.query, "moving-in", "ja", k=5)
    assert best.chunk_id == "facts.deadline"
    assert best.sentence == "住み始めた日から14日以内に届け出てください。"
    assert all(-1 <= passage.score <= best.score <= 1 for passage in rest)
    assert index.passages("ID certificate", "moving-in", "en")[0].chunk_id == "facts.bring"


def test_passages_of_what_is_not_there(index: Index) -> None:
    assert index.passages("x", "no-such-article", "ja") == []
    assert index.passages("x", "zzz", "ja") == []
    assert index.passages("x", "pension-exemption", "en") == []
    assert index.passages("x", "moving-in", "th") == []


def test_passages_without_token_vectors(tmp_path: Path) -> None:
    index = indexed(tmp_path / "i", embedder=FakeEmbedder(tokens=False))
    found = index.passages("いつまで", "moving-in", "ja", k=9)
    assert {passage.chunk_id for passage in found} == {"facts.deadline", "facts.bring"}


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "😀😀", "\0\x07", "\ud800", "。", "あ" * 10_000, "mixed 混ぜ 섞기 ผสม"]
)
@pytest.mark.parametrize("lang", ["ja", "en", "th"])
def test_any_question_is_answered_with_finite_scores(index: Index, text: str, lang: str) -> None:
    result = index.search(text, lang)
    assert np.isfinite([hit.score for hit in result.hits]).all()
    assert np.isfinite(result.top_cosine)
    index.passages(text, "moving-in", lang)


def test_the_question_is_encoded_once_a_turn(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    index = indexed(tmp_path / "i", embedder=embedder)
    before = embedder.calls
    index.search("転入届", "ja")
    index.passages("転入届", "moving-in", "ja")
    index.search("転入届", "ja", kana="てんにゅうとどけ")
    assert embedder.calls == before + 1


def test_many_threads_at_once(index: Index) -> None:
    texts = [f"{number}番の家具を捨てたい" for number in range(40)]
    alone = [slugs(index, text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: slugs(index, text), texts)) == alone


def test_synonyms_are_looked_up_too(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    build(
        documents(),
        embedder,
        MemoryCache(),
        tmp_path / "i",
        synonyms={"ja": {"タンス": ["粗大ごみ", "家具"]}},
    )
    index = Index.load(tmp_path / "i", embedder)
    with_synonym = index.search("タンス", "ja", lexical_weight=1.0)
    assert with_synonym.hits[0].slug == "bulky-garbage"
    assert expanded("ＴＶの処分", {"tv": ["家電", "テレビ"]}) == "ＴＶの処分 家電 テレビ"


def test_units_of_one_slug_count_as_one_article(tmp_path: Path) -> None:
    parts = [
        replace(
            documents()[0],
            slug="report",
            unit=f"report#{number}",
            title=f"報告書 {number}",
            questions=(),
            prose=True,
            chunks=(IndexChunk(f"sections.{number}", "section", "", text),),
        )
        for number, text in enumerate(("公園の桜は四月に咲きます。", "図書館は月曜に休みます。"))
    ]
    index = indexed(tmp_path / "i", [*documents(), *parts])
    hits = index.search("図書館の休みは何曜日", "ja").hits
    assert [hit.slug for hit in hits].count("report") == 1
    assert hits[0].unit == "report#1"
    assert index.passages("図書館の休み", "report", "ja", k=1)[0].chunk_id == "sections.1"


def test_standardise() -> None:
    scores = standardise(np.array([5, 1, 2, 1, 2, 1, 2, 1, 2] * 30 + [9], dtype=np.float32))
    assert scores[:-1].mean() == pytest.approx(0, abs=1e-3)
    assert scores.max() <= FARTHEST
    one_word = np.zeros(1000, dtype=np.float32)
    one_word[3] = 7.0
    assert standardise(one_word)[3] == pytest.approx(FARTHEST)
    assert standardise(np.zeros(5, dtype=np.float32)).tolist() == [0] * 5
    assert np.isfinite(standardise(np.array([0.3], dtype=np.float32))).all()


def test_fuse_averages_articles_of_two_columns_and_keeps_the_others() -> None:
    own = ColumnScores("en", np.array([4, -np.inf], np.float32), np.array([0, 1]), np.array([0, 1]))
    other = ColumnScores(
        "ja", np.array([1, 2, 2.2, 3], np.float32), np.array([0, 1, 3]), np.array([0, 1, 2])
    )
    ranked = fuse([own, other], 4, 10)
    scores = {one.article: one.score for one in ranked}
    assert scores[0] == pytest.approx(4 * OWN_WEIGHT + 1 * (1 - OWN_WEIGHT))
    assert scores[1] == pytest.approx(2.2)
    assert scores[2] == pytest.approx(3)
    assert 3 not in scores
    by_article = {one.article: one for one in ranked}
    assert by_article[1].unit == 2
    assert by_article[0].lang == "en"


def test_sentence_scores_are_maxsim() -> None:
    rng = np.random.default_rng(3)
    tokens = rng.standard_normal((9, 16)).astype(np.float32)
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    query = tokens[[1, 5]]
    spans = np.array([[0, 4], [4, 9], [2, 6]])
    found = sentence_scores(query, quantised(tokens), spans)
    similarity = query @ tokens.T
    for place, (start, end) in enumerate(spans):
        part = similarity[:, start:end]
        assert found.forward[place] == pytest.approx(part.max(axis=1).mean(), abs=0.02)
        assert found.backward[place] == pytest.approx(part.max(axis=0).mean(), abs=0.02)


def test_rerank_moves_what_the_reranker_prefers(index: Index) -> None:
    hits = index.search("家具", "ja").hits
    passages = ["家具" if hit.slug == hits[-1].slug else "x" for hit in hits]
    done = rerank(FakeReranker(), "家具", hits, passages)
    assert {hit.slug for hit in done.hits} == {hit.slug for hit in hits}
    place = [hit.slug for hit in done.hits].index(hits[-1].slug)
    assert place < len(hits) - 1
    assert rerank(FakeReranker(), "家具", hits[:1], ["x"]).hits == hits[:1]


def test_a_query_may_be_encoded_beforehand(index: Index) -> None:
    query = index.encode("いつまで", "ja")
    assert isinstance(query, EncodedQuery)
    assert index.passages(query, "moving-in", "ja") == index.passages("いつまで", "moving-in", "ja")
