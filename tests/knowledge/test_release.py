from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.index import IndexChunk, MemoryCache
from knowledge.late_interaction import Meetings, fused_passages
from knowledge.release import LiveRelease, Releases
from knowledge.store import Store
from knowledge.testing import FakeEmbedder
from knowledge.windows import LONGEST_PROSE, windows

from .corpus import documents
from .store_contract import article

ON = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


def test_what_this_process_built_is_answered_from_at_once(tmp_path: Path, store: Store) -> None:
    first = article(effective_from=date(2026, 1, 1))
    store.publish(first, author="test")
    releases, embedder, cache = Releases(tmp_path / "releases"), FakeEmbedder(), MemoryCache()
    releases.build(store, embedder, cache, on=ON)
    assert releases.is_current(store, embedder.name, ON)
    live = LiveRelease(releases, embedder)

    text = first.localizations["ja"]
    store.publish(
        replace(first, localizations={"ja": replace(text, summary="東屋で受け付けます。")}),
        author="test",
    )
    assert not releases.is_current(store, embedder.name, ON)
    info = releases.build(store, embedder, cache, on=ON, live=live)
    assert live.get().info == info
    assert live.get().index.passages("東屋", "moving-in", "ja")[0].sentence.startswith("東屋")
    assert live.refresh() is False
    assert releases.is_current(store, embedder.name, ON)
    assert not releases.is_current(store, "another model", ON)


def test_what_another_process_built_is_taken_up(tmp_path: Path, store: Store) -> None:
    store.publish(article(effective_from=date(2026, 1, 1)), author="test")
    releases, embedder, cache = Releases(tmp_path / "releases"), FakeEmbedder(), MemoryCache()
    releases.build(store, embedder, cache, on=ON)
    live = LiveRelease(releases, embedder)
    before = live.get()
    info = Releases(tmp_path / "releases").build(store, embedder, cache, on=ON, anew=True)
    assert live.get() is before
    assert live.refresh() is True
    assert live.get().info == info


def test_running_text_is_cut_into_shorter_windows() -> None:
    text = "".join(f"これは{number}番目の文で、窓口のことを述べています。" for number in range(20))
    chunks = (IndexChunk("sections.0.0", "section", "", text),)
    procedure = replace(documents()[0], chunks=chunks)
    report = replace(procedure, prose=True)
    assert len(windows(report)) > len(windows(procedure))
    for window in windows(report):
        assert len(window.text) - window.title_end <= LONGEST_PROSE + 20


def test_passages_are_told_apart_by_the_words_that_differ() -> None:
    # Two words of a question; the passages have a heading and a sentence each. All
    # meet the first word, only the second passage meets the other one.
    best = np.array(
        [[0.2, 0.9, 0.2, 0.8, 0.2, 0.9], [0.1, 0.1, 0.1, 0.6, 0.1, 0.1]], dtype=np.float32
    )
    found = Meetings(best, np.zeros(6, dtype=np.float32))
    is_title = np.array([True, False] * 3)
    scores = fused_passages(found, np.array([0, 2, 4]), is_title)
    assert scores.argmax() == 1
    assert scores[0] == pytest.approx(scores[2])
    assert fused_passages(found, np.array([0]), is_title).tolist() == [0.0]
