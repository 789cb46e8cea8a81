"""Spoken clauses, kept in memory and, where a folder is given, on disk.

The sentences of a help desk repeat: the same deadline and the same counter are
said many times a day. Both stores are bounded, the oldest used goes first.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

from speech.synthesis import Speech

_SUFFIX = ".f16"


class VoiceCache:
    """Speech by what it says; safe in several threads.

    `memory_bytes` bounds what is kept in memory, `folder_bytes` what is kept in
    `folder`, if one is given. On disk a sample takes two bytes. A file that
    cannot be written or read is no failure: the clause is spoken anew.
    """

    def __init__(
        self,
        memory_bytes: int = 64_000_000,
        folder: Path | None = None,
        folder_bytes: int = 500_000_000,
    ) -> None:
        self._memory_bytes = memory_bytes
        self._folder = folder
        self._folder_bytes = folder_bytes
        self._kept: OrderedDict[str, Speech] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Speech | None:
        """Return the speech kept under `key`."""
        name = _name(key)
        with self._lock:
            speech = self._kept.get(name)
            if speech is not None:
                self._kept.move_to_end(name)
                return speech
        speech = self._read(name)
        if speech is not None:
            self._remember(name, speech)
        return speech

    def put(self, key: tuple[str, ...], speech: Speech) -> None:
        """Keep `speech` under `key`, and drop the oldest used where there is no room."""
        name = _name(key)
        self._remember(name, speech)
        self._write(name, speech)

    def _remember(self, name: str, speech: Speech) -> None:
        if speech.nbytes > self._memory_bytes:
            return
        speech.flags.writeable = False
        with self._lock:
            before = self._kept.pop(name, None)
            self._held += speech.nbytes - (0 if before is None else before.nbytes)
            self._kept[name] = speech
            while self._held > self._memory_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._held -= dropped.nbytes

    def _read(self, name: str) -> Speech | None:
        if self._folder is None:
            return None
        path = self._folder / (name + _SUFFIX)
        try:
            samples = np.frombuffer(path.read_bytes(), dtype="<f2").astype(np.float32)
            path.touch()
        except (OSError, ValueError):
            return None
        return samples

    def _write(self, name: str, speech: Speech) -> None:
        if self._folder is None:
            return
        path = self._folder / (name + _SUFFIX)
        part = path.with_suffix(f".{threading.get_ident()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        try:
            part.write_bytes(speech.astype("<f2").tobytes())
            part.replace(path)
            with self._lock:
                self._sweep()
        except OSError:
            part.unlink(missing_ok=True)

    def _sweep(self) -> None:
        assert self._folder is not None
        files = [(path.stat(), path) for path in self._folder.glob(f"*{_SUFFIX}")]
        size = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda item: item[0].st_mtime):
            if size <= self._folder_bytes:
                return
            path.unlink(missing_ok=True)
            size -= stat.st_size


def _name(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:40]
