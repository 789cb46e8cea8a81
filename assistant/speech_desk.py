"""The ear of the desk: one recogniser behind one queue, and what every session needs."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import replace

from assistant.settings import SpeechSettings
from assistant.speech_samples import SpeechSamples
from knowledge.article import languages
from knowledge.japanese import analyse, nfkc
from speech.endpointing import Endpointer, EndpointSettings
from speech.errors import SpeechError
from speech.recognition import Recognizer
from speech.recognition_queue import RecognitionQueue
from speech.session import Session
from speech.session_options import SessionOptions
from speech.stabilizing import word_ends_by_script
from speech.synthesis import NoVoice, Voice
from speech.voice_activity import VoiceActivity

MOST_WAITING = 4
"""Utterances of one session that wait; a client that sends faster is read more slowly."""

MOST_RECORDINGS = 8
"""Recordings that wait at the same time."""

WARMING = "1"
"""What is said to nobody, in any language, to load a voice."""

_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")


class SpeechDesk:
    """Makes sessions; the model is loaded when `queue` is first used or warmed."""

    def __init__(
        self,
        settings: SpeechSettings,
        recognizer: Callable[[], Recognizer],
        activity: Callable[[], VoiceActivity],
        samples: SpeechSamples,
        voice: Callable[[], Voice] = NoVoice,
    ) -> None:
        self.settings = settings
        self.samples = samples
        waiting = MOST_WAITING * settings.connections + MOST_RECORDINGS
        self.queue = RecognitionQueue(recognizer, waiting)
        self._activity = activity
        self._voice = voice
        self._warmed = set[str]()
        # やさしい日本語 is a way of writing: whoever speaks it is heard as Japanese.
        self.langs = tuple(tag for tag in languages() if tag != "ja-x-easy")

    def session(self) -> Session:
        """Return a new session under an identifier that nobody can guess."""
        name = f"sess_{secrets.token_urlsafe(24)}"
        return Session(name, self.endpointer, self.langs, word_ends)

    def endpointer(self, options: SessionOptions | None = None) -> Endpointer:
        """Return an endpointer for one stream."""
        settings = EndpointSettings()
        if options is not None:
            settings = replace(
                settings,
                push_to_talk=options.push_to_talk,
                silence=options.silence_ms / 1000 or settings.silence,
                threshold=options.threshold or settings.threshold,
            )
        if settings.hold > settings.threshold:
            settings = replace(settings, hold=settings.threshold)
        return Endpointer(settings, self._activity())

    def warm_voice(self, lang: str) -> None:
        """Load the voice of a language that somebody spoke: an answer follows, and is to be
        heard at once. Takes seconds the first time, nothing later; what fails is told then.
        """
        if lang in self._warmed:
            return
        self._warmed.add(lang)
        with contextlib.suppress(SpeechError):
            next(self._voice().speak(WARMING, lang, personal=True), None)

    def heard_as(self, lang: str | None) -> str | None:
        """Return the language in which somebody speaks who reads `lang`; None where unknown."""
        spoken = "ja" if lang == "ja-x-easy" else lang
        return spoken if spoken in self.langs else None


def word_ends(text: str) -> list[int]:
    """Return where the words of `text` end: in Japanese, which has kana, after Sudachi.

    >>> word_ends("転入届を")
    [2, 3, 4]
    """
    if not _KANA.search(text):
        return word_ends_by_script(text)
    lengths = [len(nfkc(sign)) for sign in text]
    if sum(lengths) != len(nfkc(text)):
        return word_ends_by_script(text)
    ends = {word.end for word in analyse(text)}
    return [index for index in range(1, len(text) + 1) if sum(lengths[:index]) in ends]
