"""Spoken clauses are kept within bounds, in memory and on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from speech.synthesis import Speech
from speech.voice_cache import VoiceCache


def sound(seconds: float, value: float = 0.25) -> Speech:
    return np.full(int(seconds * 1000), value, np.float32)


def test_what_was_put_is_found_and_cannot_be_changed() -> None:
    cache = VoiceCache()
    cache.put(("a",), sound(1))
    kept = cache.get(("a",))
    assert kept is not None and not kept.flags.writeable
    assert cache.get(("b",)) is None


def test_the_oldest_used_goes_first() -> None:
    cache = VoiceCache(memory_bytes=2 * sound(1).nbytes)
    cache.put(("a",), sound(1))
    cache.put(("b",), sound(1))
    cache.get(("a",))
    cache.put(("c",), sound(1))
    assert cache.get(("b",)) is None
    assert cache.get(("a",)) is not None


def test_speech_larger_than_the_memory_is_not_kept() -> None:
    cache = VoiceCache(memory_bytes=10)
    cache.put(("a",), sound(1))
    assert cache.get(("a",)) is None


def test_a_folder_outlives_the_process_and_stays_bounded(tmp_path: Path) -> None:
    cache = VoiceCache(folder=tmp_path / "voice", folder_bytes=5_000)
    for number in range(4):
        cache.put((str(number),), sound(1))
    files = list((tmp_path / "voice").iterdir())
    assert sum(file.stat().st_size for file in files) <= 5_000
    again = VoiceCache(folder=tmp_path / "voice")
    kept = again.get(("3",))
    assert kept is not None
    np.testing.assert_allclose(kept, sound(1), atol=1e-3)
    assert again.get(("0",)) is None


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    cache = VoiceCache(folder=tmp_path / "file")
    cache.put(("a",), sound(1))
    assert cache.get(("a",)) is not None


def test_no_file_name_tells_what_was_said(tmp_path: Path) -> None:
    VoiceCache(folder=tmp_path).put(("転入届",), sound(1))
    assert all(file.stem.isalnum() and file.stem.isascii() for file in tmp_path.iterdir())
