from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.encodings import Encodings, FileCache, MemoryCache, TextEncoding, pack, unpack
from knowledge.errors import ReleaseInvalid
from knowledge.index import Index, IndexChunk, build
from knowledge.testing import FakeEmbedder
from knowledge.windows import LONGEST, windows

from .corpus import documents, indexed, many


def first(index: Index, text: str, lang: str = "ja") -> str:
    return index.search(text, lang).hits[0].slug


@pytest.mark.parametrize("tokens", [True, False])
def test_built_and_loaded_it_finds(tmp_path: Path, tokens: bool) -> None:
    index = indexed(tmp_path / "i", embedder=FakeEmbedder(tokens=tokens))
    assert first(index, "転入届はいつまで") == "moving-in"
    assert first(index, "粗大ごみを捨てたい") == "bulky-garbage"
    assert first(index, "throw away a sofa", "en") == "bulky-garbage"


def test_unchanged_texts_are_not_encoded_again(tmp_path: Path) -> None:
    cache, first_time, second_time = MemoryCache(), FakeEmbedder(), FakeEmbedder()
    build(documents(), first_time, cache, tmp_path / "a")
    build(documents(), second_time, cache, tmp_path / "b")
    assert first_time.calls > 0
    assert second_time.calls == 0


def test_one_edit_encodes_one_unit_and_keeps_the_fit(tmp_path: Path) -> None:
    units = many(60)
    build(units, FakeEmbedder(), MemoryCache(), tmp_path / "a")
    edited = [
        replace(one, chunks=(IndexChunk("summary", "summary", "", "会場は中央図書館です。"),))
        if one.slug == "notice-0030"
        else one
        for one in units
    ]
    embedder = FakeEmbedder()
    build(edited, embedder, MemoryCache(), tmp_path / "b", parent=tmp_path / "a")
    assert embedder.calls <= 3

    old, new = (Index.load(tmp_path / name, FakeEmbedder()) for name in "ab")
    assert np.array_equal(old.columns["ja"].fit.ridge, new.columns["ja"].fit.ridge)
    passage = new.passages("会場はどこ", "notice-0030", "ja")[0]
    assert passage.sentence == "会場は中央図書館です。"
    for text in ("7番の説明会", "転入届", "中央図書館"):
        anew = tmp_path / f"anew-{text}"
        build(edited, FakeEmbedder(), MemoryCache(), anew)
        fresh = Index.load(anew, FakeEmbedder())
        assert first(new, text) == first(fresh, text)


def test_a_language_without_a_change_is_linked_and_shared(tmp_path: Path) -> None:
    build(documents(), FakeEmbedder(), MemoryCache(), tmp_path / "a")
    edited = [
        replace(one, questions=("新しい質問",))
        if (one.slug, one.lang) == ("moving-in", "ja")
        else one
        for one in documents()
    ]
    build(edited, FakeEmbedder(), MemoryCache(), tmp_path / "b", parent=tmp_path / "a")
    units = [tmp_path / name / lang / "units.json" for name in "ab" for lang in ("en", "ja")]
    assert units[0].samefile(units[2])
    assert not units[1].samefile(units[3])

    old = Index.load(tmp_path / "a", FakeEmbedder())
    new = Index.load(tmp_path / "b", FakeEmbedder(), old)
    assert new.columns["en"] is old.columns["en"]
    assert new.columns["ja"] is not old.columns["ja"]
    assert first(new, "新しい質問") == "moving-in"
    shutil.rmtree(tmp_path / "a")
    assert first(Index.load(tmp_path / "b", FakeEmbedder()), "throw away a sofa", "en")


def test_nothing_is_taken_from_a_damaged_parent(tmp_path: Path) -> None:
    build(documents(), FakeEmbedder(), MemoryCache(), tmp_path / "a")
    (tmp_path / "a" / "en" / "units.json").write_text("[]", encoding="utf-8")
    build(documents(), FakeEmbedder(), MemoryCache(), tmp_path / "b", parent=tmp_path / "a")
    index = Index.load(tmp_path / "b", FakeEmbedder())
    assert first(index, "throw away a sofa", "en") == "bulky-garbage"


def test_units_that_come_and_go(tmp_path: Path) -> None:
    units = many(60)
    build(units, FakeEmbedder(), MemoryCache(), tmp_path / "a")
    without = [one for one in units if one.slug != "notice-0007"]
    build(without, FakeEmbedder(), MemoryCache(), tmp_path / "b", parent=tmp_path / "a")
    build(units, FakeEmbedder(), MemoryCache(), tmp_path / "c", parent=tmp_path / "b")
    gone = Index.load(tmp_path / "b", FakeEmbedder())
    assert all(hit.slug != "notice-0007" for hit in gone.search("第7号", "ja", k=100).hits)
    assert first(Index.load(tmp_path / "c", FakeEmbedder()), "お知らせ第7号") == "notice-0007"


def test_many_changes_fit_anew(tmp_path: Path) -> None:
    build(many(20), FakeEmbedder(), MemoryCache(), tmp_path / "a")
    build(many(40), FakeEmbedder(), MemoryCache(), tmp_path / "b", parent=tmp_path / "a")
    old, new = (Index.load(tmp_path / name, FakeEmbedder()) for name in "ab")
    assert old.columns["ja"].fit.fitted_on < new.columns["ja"].fit.fitted_on


@pytest.mark.parametrize("broken", ["missing", "empty", "other model"])
def test_a_parent_that_cannot_be_used_is_ignored(tmp_path: Path, broken: str) -> None:
    parent = tmp_path / "parent"
    if broken == "empty":
        parent.mkdir()
    if broken == "other model":
        build(documents(), FakeEmbedder(name="other"), MemoryCache(), parent)
    build(documents(), FakeEmbedder(), MemoryCache(), tmp_path / "i", parent=parent)
    assert first(Index.load(tmp_path / "i", FakeEmbedder()), "転入届") == "moving-in"


@pytest.mark.parametrize("damage", ["changed", "removed", "manifest", "format", "model"])
def test_a_damaged_index_is_refused(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "i"
    indexed(folder)
    embedder = FakeEmbedder()
    manifest = folder / "manifest.json"
    units = folder / "ja" / "units.json"
    if damage == "changed":
        units.write_text(units.read_text(encoding="utf-8").replace("14", "15"), encoding="utf-8")
    elif damage == "removed":
        units.unlink()
    elif damage == "manifest":
        manifest.write_text("{", encoding="utf-8")
    elif damage == "format":
        content = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({**content, "format": 0}), encoding="utf-8")
    else:
        embedder = FakeEmbedder(name="another")
    with pytest.raises(ReleaseInvalid):
        Index.load(folder, embedder)


def test_two_units_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two units are called moving-in"):
        build([*documents(), documents()[0]], FakeEmbedder(), MemoryCache(), tmp_path / "i")


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no known language"):
        build([replace(documents()[0], lang="tlh")], FakeEmbedder(), MemoryCache(), tmp_path / "i")


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_knowledge_bases(tmp_path: Path, size: int) -> None:
    index = indexed(tmp_path / "i", documents()[:size])
    result = index.search("転入届", "ja")
    assert len(result.hits) == size
    if size:
        assert result.hits[0].slug == "moving-in"
        assert np.isfinite([hit.score for hit in result.hits]).all()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("題だけ", ""),
        ("", "本文だけです。"),
        ("😀", "。。。"),
        ("長い" * 200, "あ" * 2000),
    ],
)
def test_odd_units(tmp_path: Path, title: str, text: str) -> None:
    odd = replace(
        documents()[0],
        slug="odd",
        unit="odd",
        title=title,
        questions=(),
        chunks=(IndexChunk("c", "section", "", text),) if text else (),
    )
    index = indexed(tmp_path / "i", [*documents(), odd])
    assert first(index, "転入届") == "moving-in"
    assert {hit.slug for hit in index.search(title or text or "x", "ja").hits} >= {"odd"}
    assert all(passage.sentence for passage in index.passages("本文", "odd", "ja"))


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(
        documents(),
        FakeEmbedder(),
        MemoryCache(),
        tmp_path / "i",
        lambda stage, done, of: told.append((stage, done, of)),
    )
    assert {stage for stage, _, _ in told} == {"questions", "passages", "words", "columns"}
    assert all(0 <= done <= of for _, done, of in told)


def test_windows_hold_whole_chunks_and_know_their_sentences() -> None:
    chunks = tuple(
        IndexChunk(
            f"c{number}", "section", f"見出し{number}", "一つ目の文です。二つ目の文です。" * 6
        )
        for number in range(5)
    )
    long = IndexChunk("long", "section", "", "とても長い文章の一部です。" * 60)
    found = windows(replace(documents()[0], chunks=(*chunks, long)))
    for window in found:
        assert len(window.text) <= LONGEST + window.title_end + 100
        assert window.text.startswith("転入届")
        for sentence in window.sentences:
            assert window.text[sentence.start : sentence.end] == sentence.text
    holders = [{sentence.chunk for sentence in window.sentences} for window in found]
    for number in range(5):
        assert sum(number in holder for holder in holders) == 1


def test_encodings_survive_packing() -> None:
    encoded = FakeEmbedder(32).encode(["転入届の期限", ""], kind="passage")
    assert encoded.tokens is not None
    for pooled, tokens in zip(encoded.pooled, encoded.tokens, strict=True):
        back = unpack(pack(TextEncoding(pooled, tokens)))
        assert np.array_equal(back.pooled, pooled)
        assert back.tokens is not None
        assert np.array_equal(back.tokens.ends, tokens.ends)
        assert np.allclose(back.tokens.vectors, tokens.vectors, atol=0.05)
    assert unpack(pack(TextEncoding(encoded.pooled[0], None))).tokens is None


def test_a_damaged_cache_entry_is_encoded_again(tmp_path: Path) -> None:
    cache, embedder = FileCache(tmp_path / "c" / "vectors.sqlite"), FakeEmbedder()
    encodings = Encodings(embedder, cache)
    whole = list(encodings.each(["転入届"], "query"))
    key = next(iter(cache.get("fake", "query", [_hash("転入届")])))
    cache.put("fake", "query", {key: b"\0\1"})
    again = list(encodings.each(["転入届"], "query"))
    assert np.array_equal(whole[0].pooled, again[0].pooled)
    cache.close()


def _hash(text: str) -> str:
    from knowledge.encodings import text_hash

    return text_hash(text)


def test_runs_without_torch_faiss_and_onnxruntime(tmp_path: Path) -> None:
    script = f"""
import sys
for name in ("torch", "faiss", "onnxruntime", "onnx", "sentence_transformers", "transformers"):
    sys.modules[name] = None
from pathlib import Path
from tests.knowledge.corpus import indexed
index = indexed(Path({str(tmp_path / "i")!r}))
print(index.search("転入届", "ja").hits[0].slug)
import knowledge.weights, knowledge.unigram, knowledge.packed_model, knowledge.reranker
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "moving-in", done.stderr
