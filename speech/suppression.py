"""What keeps text from being written where nobody spoke.

Whisper was trained on the subtitles of videos and writes their last sentences on
silence and noise; with a prompt it writes words of the prompt. So somebody must
speak, loud enough, before anything is recognised, and a text must be likely,
not repeat itself, and not be one of the phrases in `speech/phrases/`.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import yaml

from speech.levels import rms_dbfs
from speech.recognition import Samples
from speech.voice_activity import FRAME, FRAME_SECONDS, VoiceActivity, probabilities
from speech.whisper import Hypothesis

NO_SPEECH, TOO_QUIET, UNLIKELY, REPEATED, PHRASE = (
    "no_speech",
    "too_quiet",
    "unlikely",
    "repeated",
    "phrase",
)
"""The gates, as `Recognition.rejected` names them."""

SPEECH = 0.6
MIN_SPEECH = 0.4
"""Probability of speech in a frame, and seconds of such frames in an utterance."""

ANSWERED = 0.25
"""Seconds of speech that an answer must have: はい, a name."""

MIN_RMS = -70.0
"""Level of the frames with speech, in dB of full scale. Recordings of people are found as low
as -63; how loud somebody must be at the counter is for `speech.endpointing` to say."""

MIN_LOG_PROBABILITY = -1.0
"""Mean over the tokens of the unprompted text. At -.8 two of a hundred questions in dialect
were dropped."""

ANSWER_LOG_PROBABILITY = -1.5
"""The same for the answer to a question, which is short: はい alone is never sure."""

MAX_NO_SPEECH = 0.5
SURE_LOG_PROBABILITY = -0.5
"""The model's own probability that nobody speaks closes the gate only where it is not
sure of its text either."""

ECHO = 6
"""Characters from which on a part of the question is no answer: 世帯全員 may be one."""

MAX_COMPRESSION = 2.4
"""Bytes of a text for one of its compressed form, as in the reference implementation of
Whisper: above, it says the same over and over."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of one language that Whisper writes where nobody speaks.

    `always` are said by nobody at a counter; `unsure` may be said and are dropped
    only where the model is not sure.
    """

    always: frozenset[str]
    unsure: frozenset[str]


def closed_to_audio(audio: Samples, activity: VoiceActivity, least: float = MIN_SPEECH) -> str:
    """Return the gate that a recording does not pass, or nothing; `least` is in seconds."""
    voiced = [
        audio[number * FRAME : (number + 1) * FRAME]
        for number, probability in enumerate(probabilities(activity, audio))
        if probability >= SPEECH
    ]
    if len(voiced) * FRAME_SECONDS < least:
        return NO_SPEECH
    if rms_dbfs(np.concatenate(voiced)) < MIN_RMS:
        return TOO_QUIET
    return ""


def closed_to_text(heard: Hypothesis, lang: str, question: str = "") -> str:
    """Return the gate that a text does not pass, or nothing.

    `question` is what was asked just before, if anything.
    """
    unsure = heard.log_probability < SURE_LOG_PROBABILITY
    if heard.log_probability < (ANSWER_LOG_PROBABILITY if question else MIN_LOG_PROBABILITY):
        return UNLIKELY
    if heard.no_speech > MAX_NO_SPEECH and unsure:
        return NO_SPEECH
    if compression(heard.text) > MAX_COMPRESSION:
        return REPEATED
    bare = plain(heard.text)
    known = phrases(lang)
    doubted = unsure and not question  # はい is likely where something was asked
    if not bare or bare in known.always or (doubted and bare in known.unsure):
        return PHRASE
    return ""


def echoes(text: str, question: str) -> bool:
    """Say whether `text` begins or ends with a part of the question that the decoder was told."""
    said, asked = plain(text), plain(question)
    return len(said) >= ECHO and (said[-ECHO:] in asked or said[:ECHO] in asked)


def compression(text: str) -> float:
    """Return how many bytes of `text` one byte of its compressed form holds."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


@cache
def phrases(lang: str) -> Phrases:
    """Return the phrases of a language; none where it has no file."""
    file = resources.files("speech").joinpath("phrases", f"{lang.removesuffix('-x-easy')}.yaml")
    if not file.is_file():
        return Phrases(frozenset(), frozenset())
    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return Phrases(
        *(frozenset(map(plain, entries.get(name) or ())) for name in ("always", "unsure"))
    )


def plain(text: str) -> str:
    """Return `text` without case, spaces and punctuation, as phrases are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        letter for letter in folded if unicodedata.category(letter)[0] not in ("P", "S", "Z", "C")
    )
