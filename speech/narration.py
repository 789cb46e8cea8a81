"""Speaks a text: cut into clauses, written as it is read, made, kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from speech.clauses import clauses
from speech.errors import VoiceUnavailable
from speech.readings import as_read, base_language
from speech.synthesis import Speech, Synthesizer
from speech.voice_cache import VoiceCache


class Narration:
    """A `Voice` made of a synthesizer, a reading dictionary and a cache.

    `readings` returns terms of Japanese with their readings in kana; they are those
    of the city's glossary as it is in force, and go before those of the dictionary.
    Several threads may speak; they take turns clause by clause.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        cache: VoiceCache | None = None,
        readings: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._synthesizer = synthesizer
        self._cache = VoiceCache() if cache is None else cache
        self._readings = readings
        self._turn = threading.Lock()
        self.sample_rate = synthesizer.sample_rate
        self.langs = synthesizer.langs

    def speak(
        self, text: str, lang: str, speed: float = 1.0, *, personal: bool = False
    ) -> Iterator[Speech]:
        """Yield the speech of `text` clause by clause, with the pauses between them."""
        base = base_language(lang)
        if base not in self.langs:
            raise VoiceUnavailable(f"No voice speaks {lang}.")
        return self._spoken(text, base, speed, personal)

    def _spoken(self, text: str, lang: str, speed: float, personal: bool) -> Iterator[Speech]:
        written = as_read(text, lang, self._readings())
        for clause in clauses(written):
            speech = self._clause(clause.text, lang, speed, personal)
            if speech.size:
                silence = np.zeros(int(clause.pause / speed * self.sample_rate), np.float32)
                yield np.concatenate([speech, silence])

    def _clause(self, clause: str, lang: str, speed: float, personal: bool) -> Speech:
        key = (self._synthesizer.name, lang, f"{speed:.2f}", clause)
        speech = None if personal else self._cache.get(key)
        if speech is None:
            with self._turn:
                speech = self._synthesizer.synthesize(clause, lang, speed)
            if not personal:
                self._cache.put(key, speech)
        return speech
