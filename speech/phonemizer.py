"""What writes a clause in the phonemes of a voice, as a protocol."""

from __future__ import annotations

from typing import Protocol


class Phonemizer(Protocol):
    """Writes clauses of one language in the International Phonetic Alphabet of Kokoro."""

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a clause written in words; empty where there is none."""
        ...
