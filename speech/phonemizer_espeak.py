"""Phonemes by espeak-ng, for languages that nothing else here reads.

espeak-ng and `phonemizer` are under GPL-3 and therefore not among the
dependencies: they come with ``pip install 'madoguchi[voices]'``.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from speech.errors import VoiceUnavailable


class EspeakPhonemizer:
    """A language of espeak-ng, ``es`` or ``pt-br`` for instance, in the letters of Kokoro.

    Raises `VoiceUnavailable` where the extra is not installed.
    """

    def __init__(self, language: str) -> None:
        self._read = _espeak().EspeakG2P(language=language)

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a clause."""
        said, _ = self._read(clause)
        return str(said)


def english_word() -> Callable[[str], str]:
    """Return what reads an English word that stands in no lexicon, in the letters of Kokoro.

    Raises `VoiceUnavailable` where the extra is not installed.
    """
    read = _espeak().EspeakFallback(british=False)
    return lambda word: str(read(SimpleNamespace(text=word))[0] or "")


def _espeak() -> Any:
    try:
        from misaki import espeak
    except ImportError as error:
        raise VoiceUnavailable(
            "espeak-ng is not installed: pip install 'madoguchi[voices]'"
        ) from error
    return espeak
