"""The settings of one session, as `session.update` changes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from speech.wire import WireError

RATES = (16_000, 24_000)
"""Samples a second that may be sent: ours, and the one of the Realtime protocol."""

LONGEST_QUESTION = 200
"""Characters of a question; the decoder sees the end of a longer one only."""

SILENCE_MS = (200, 5000)
"""The least and the most silence that may end an utterance."""


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What can be changed while a session goes on.

    `lang` is the language that is spoken, None where it is still to be found
    out; `lang_set` says that staff chose it. `push_to_talk` ends utterances by
    `input_audio_buffer.commit` only. `silence_ms` and `threshold` (0 to 1) are
    those of the voice activity; 0 stands for the endpointer's own. `consent`:
    the speaker agrees that what is said is kept as a sample. `question` is what the
    speaker was asked just before, in their language.
    """

    lang: str | None = None
    lang_set: bool = False
    push_to_talk: bool = False
    silence_ms: int = 0
    threshold: float = 0.0
    rate: int = RATES[0]
    consent: bool = False
    question: str = ""

    def updated(self, session: Mapping[str, Any], langs: Collection[str]) -> SessionOptions:
        """Return the options with what `session` names; raises `WireError` for what is not known.

        Fields of the protocol that mean nothing here (model, noise reduction, …)
        are passed over, so that a client for another server works.
        """
        given = _mapping(_mapping(session, "audio"), "input")
        changed = self
        if "consent" in session:
            if type(session["consent"]) is not bool:
                raise WireError("invalid_value", "session.consent")
            changed = replace(changed, consent=session["consent"])
        if (format_ := _mapping(given, "format")) and "rate" in format_:
            if format_["rate"] not in RATES or format_.get("type", "audio/pcm") != "audio/pcm":
                raise WireError("invalid_value", "session.audio.input.format")
            changed = replace(changed, rate=format_["rate"])
        transcription = _mapping(given, "transcription")
        if "language" in transcription:
            lang = transcription["language"] or None
            if lang is not None and lang not in langs:
                raise WireError("unknown_language", "session.audio.input.transcription.language")
            changed = replace(changed, lang=lang, lang_set=lang is not None)
        if "prompt" in transcription:
            question = transcription["prompt"] or ""
            if not isinstance(question, str) or len(question) > LONGEST_QUESTION:
                raise WireError("invalid_value", "session.audio.input.transcription.prompt")
            changed = replace(changed, question=question)
        if "turn_detection" in given:
            changed = changed._turns(given["turn_detection"])
        return changed

    def locked(self, lang: str) -> SessionOptions:
        """Return the options with the language that was found out."""
        return replace(self, lang=lang)

    def _turns(self, detection: Any) -> SessionOptions:
        if detection is None:
            return replace(self, push_to_talk=True)
        where = "session.audio.input.turn_detection"
        if not isinstance(detection, dict):
            raise WireError("invalid_value", where)
        silence = detection.get("silence_duration_ms", self.silence_ms)
        threshold = detection.get("threshold", self.threshold)
        if type(silence) is not int or not (silence == 0 or _within(silence, SILENCE_MS)):
            raise WireError("invalid_value", f"{where}.silence_duration_ms")
        if type(threshold) not in (int, float) or not 0 <= threshold < 1:
            raise WireError("invalid_value", f"{where}.threshold")
        return replace(self, push_to_talk=False, silence_ms=silence, threshold=float(threshold))

    def described(self, session_id: str) -> dict[str, Any]:
        """Return the settings in force, as the protocol writes them."""
        turns = {
            "type": "server_vad",
            "silence_duration_ms": self.silence_ms or None,
            "threshold": self.threshold or None,
        }
        return {
            "id": session_id,
            "object": "realtime.transcription_session",
            "type": "transcription",
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": self.rate},
                    "transcription": {"language": self.lang, "prompt": self.question},
                    "turn_detection": None if self.push_to_talk else turns,
                }
            },
            "language_set": self.lang_set,
            "consent": self.consent,
        }


def _within(value: int, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


def _mapping(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name) or {}
    if not isinstance(inner, dict):
        raise WireError("invalid_value", name)
    return inner
