"""Mandarin phonemes by `misaki`: jieba cuts words, pypinyin reads them."""

from __future__ import annotations

import logging
import re
import warnings

_LATIN = re.compile(r"[A-Za-z]")


class ChinesePhonemizer:
    """Reads simplified and traditional characters; tones are arrows, as Kokoro has them."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # jieba is older than the rules on escapes in strings.
            warnings.simplefilter("ignore")
            import jieba
            from misaki.zh import ZHG2P
        jieba.setLogLevel(logging.WARNING)
        self._read = ZHG2P()

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a clause; Latin letters are left out."""
        said, _ = self._read("".join(char for char in clause if not _LATIN.match(char)))
        return str(said)
