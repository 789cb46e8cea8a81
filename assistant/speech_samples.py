"""Utterances that are kept because the operator wants samples and the speaker agreed."""

from __future__ import annotations

import json
import logging
import secrets
import time
from pathlib import Path

from speech.audio import to_wav
from speech.session import Sample

log = logging.getLogger(__name__)

_DAY = 86_400


class SpeechSamples:
    """A folder of samples; without one, nothing is kept."""

    def __init__(self, folder: Path | None, keep_days: float) -> None:
        self._folder = folder
        self._keep_seconds = keep_days * _DAY

    def keep(self, sample: Sample) -> None:
        """Write one sample, and delete those that are too old; a full disk is no failure."""
        if self._folder is None:
            return
        heard = sample.recognition
        told = {"text": heard.text, "lang": heard.lang, "rejected": heard.rejected}
        name = f"{int(time.time())}-{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._expire()
            _write(self._folder / f"{name}.wav", to_wav(sample.audio))
            _write(self._folder / f"{name}.json", json.dumps(told, ensure_ascii=False).encode())
        except OSError as error:
            log.error("a speech sample could not be kept: %s", error)

    def _expire(self) -> None:
        assert self._folder is not None
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - self._keep_seconds:
                path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
