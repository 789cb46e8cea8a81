"""Recognition in two passes, the second told which terms the first may have misheard.

What was just asked is told to every pass: short answers are heard better by who knows it.
In Japanese an utterance is encoded once and decoded three times: greedily, as kana, and
with the terms of the knowledge base that sound like either. What the prompt brought is
taken where the kana bears it out (`speech.acceptance`), and what still sounds like a
term is written as one (`speech.correction`). Other languages take one pass.
docs/decisions/0008-recognition.md has the measurements.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

import yaml

from speech.acceptance import accepted
from speech.alignment import Spoken
from speech.correction import corrected
from speech.endpointing import EndpointSettings, Utterance, utterances
from speech.lexicon import Lexicon, Readings
from speech.recognition import SAMPLE_RATE, Recognition, Samples, Segment
from speech.sounds import sounds
from speech.suppression import (
    ANSWERED,
    MAX_COMPRESSION,
    MIN_RMS,
    MIN_SPEECH,
    closed_to_audio,
    closed_to_text,
    compression,
    echoes,
)
from speech.term_choice import chosen
from speech.voice_activity import VoiceActivity
from speech.whisper import Encoded, Hypothesis, WhisperModel, whisper_code

BEAMS = 5

PROMPTED, CORRECTED = 10, 30
"""Terms told to the second pass, and terms that a word may be corrected to."""

FEW = 3
"""Terms told to a second pass that went round in circles with all of them."""

LONGER, LONGER_BY = 1.5, 4
"""A second text of more than so many times the first, and so many characters, is a loop."""

PARTIAL_SECONDS = 20.0
"""How much of a long utterance a partial looks at: its end."""

ORIGINAL = "ja"

_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


class TwoPassRecognizer:
    """A Whisper model that the knowledge base teaches.

    `lexicon` is asked at each utterance, so that a new release is heard at once.
    """

    def __init__(
        self,
        model: WhisperModel,
        activity: VoiceActivity,
        lexicon: Callable[[], Lexicon],
        readings: Readings,
    ) -> None:
        self._model = model
        self._activity = activity
        self._lexicon = lexicon
        self._readings = readings

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        """Return the final text; a recording longer than the model's window is cut at silences."""
        if len(audio) > self._model.window * SAMPLE_RATE:
            return self._long(audio, lang, langs)
        clock = _Clock()
        closed = closed_to_audio(audio, self._activity, ANSWERED if question else MIN_SPEECH)
        clock.lap("activity")
        if closed:
            return Recognition(
                "", lang or next(iter(langs), ORIGINAL), 0.0, rejected=closed, timings_ms=clock.laps
            )
        encoded = self._model.encode(audio)
        clock.lap("encode")
        lang, probability = self._language(encoded, lang, langs)
        clock.lap("language")
        first = self._first(encoded, lang, question)
        if question and echoes(first.text, question):  # the question again, and no answer
            question = ""
            first = self._first(encoded, lang, question)
        clock.lap("first")
        closed = closed_to_text(first, lang, question)
        if closed:
            return Recognition(
                "",
                lang,
                probability,
                rejected=closed,
                log_probability=first.log_probability,
                timings_ms=clock.laps,
            )
        text, kana = first.text, ""
        terms: tuple[str, ...] = ()
        if _is_japanese(lang):
            text, kana, terms = self._taught(encoded, first, question, clock)
        return Recognition(
            text,
            lang,
            probability,
            kana,
            terms,
            (Segment(0.0, len(audio) / SAMPLE_RATE, text),),
            "",
            first.log_probability,
            clock.laps,
            first.text,
        )

    def partial(self, audio: Samples, lang: str | None = None) -> Recognition:
        """Return the greedy text of the end of an utterance; nothing where it is not likely."""
        clock = _Clock()
        encoded = self._model.encode(audio[-int(PARTIAL_SECONDS * SAMPLE_RATE) :])
        known, probability = self._language(encoded, lang, ())
        first = self._model.decode(encoded, whisper_code(known), prompt=prompt(known))
        clock.lap("first")
        closed = closed_to_text(first, known)
        return Recognition(
            "" if closed else first.text,
            known,
            probability,
            rejected=closed,
            log_probability=first.log_probability,
            timings_ms=clock.laps,
        )

    def _first(self, encoded: Encoded, lang: str, question: str) -> Hypothesis:
        return self._model.decode(
            encoded,
            whisper_code(lang),
            prompt=prompt(lang) + question,
            beams=1 if _is_japanese(lang) else BEAMS,
        )

    def _language(
        self, encoded: Encoded, lang: str | None, langs: Sequence[str]
    ) -> tuple[str, float]:
        """The language given, or the likeliest of `langs` with its share among them."""
        if lang is not None:
            return lang, 1.0
        found = self._model.languages(encoded)
        if not langs:
            code = max(found, key=lambda one: found[one])
            return code, found[code]
        allowed = {whisper_code(one): one for one in reversed(langs)}
        total = sum(found.get(code, 0.0) for code in allowed) or 1.0
        best = max(allowed, key=lambda code: found.get(code, 0.0))
        return allowed[best], found.get(best, 0.0) / total

    def _taught(
        self, encoded: Encoded, first: Hypothesis, question: str, clock: _Clock
    ) -> tuple[str, str, tuple[str, ...]]:
        """The text, the kana and the terms of a Japanese utterance."""
        lexicon = self._lexicon()
        code = whisper_code(ORIGINAL)
        asked = self._read(question)
        kana = self._model.decode(encoded, code, prompt=asked, kana=True).text
        if asked and echoes(kana, asked):
            kana = self._model.decode(encoded, code, kana=True).text
        clock.lap("kana")
        heard = [Spoken.of(first.text, self._readings).phonemes, sounds(kana)]
        terms = chosen(lexicon, heard, CORRECTED)
        clock.lap("terms")
        text = first.text
        for count in (PROMPTED, FEW):
            told = prompt(ORIGINAL, [term.surface for term in terms[:count]]) + question
            second = self._model.decode(encoded, code, prompt=told, beams=BEAMS)
            if not _loops(second.text, first.text):
                text = accepted(first.text, second.text, kana, lexicon, self._readings)
                break
        clock.lap("second")
        text = corrected(text, kana, terms, lexicon, self._readings)
        clock.lap("correction")
        return text, kana, lexicon.found(text)

    def _read(self, question: str) -> str:
        """The question in hiragana."""
        words = Spoken.of(question, self._readings).words
        return "".join(word.reading for word in words).translate(_HIRAGANA)

    def _long(self, audio: Samples, lang: str | None, langs: Sequence[str]) -> Recognition:
        parts = []
        for piece in utterances(audio, EndpointSettings(min_rms=MIN_RMS), self._activity):
            heard = self.recognize(piece.audio, lang, langs)
            if not heard.rejected:
                lang = heard.lang
                parts.append((piece, heard))
        if not parts:
            return Recognition("", lang or next(iter(langs), ORIGINAL), 0.0, rejected="no_speech")
        return _joined(parts)


class _Clock:
    """Milliseconds of each step, by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(1000 * (now - self._last), 1)
        self._last = now


def prompt(lang: str, terms: Sequence[str] = ()) -> str:
    """Return what the decoder is told was said before; nothing where there is nothing to tell."""
    sentence = _prompts().get("ja" if _is_japanese(lang) else lang, "")
    if "{terms}" not in sentence:
        return sentence
    return sentence.format(terms="、".join(terms)) if terms else ""


@cache
def _prompts() -> dict[str, str]:
    text = resources.files("speech").joinpath("prompts.yaml").read_text(encoding="utf-8")
    prompts: dict[str, str] = yaml.safe_load(text)
    return prompts


def _is_japanese(lang: str) -> bool:
    return whisper_code(lang) == ORIGINAL


def _loops(second: str, first: str) -> bool:
    return (
        not second
        or len(second) > LONGER * len(first) + LONGER_BY
        or compression(second) > MAX_COMPRESSION
    )


def _joined(parts: Sequence[tuple[Utterance, Recognition]]) -> Recognition:
    """The utterances of one recording as one recognition, a segment each."""
    last = parts[-1][1]
    space = "" if last.lang.split("-")[0] in ("ja", "zh", "th") else " "
    return Recognition(
        space.join(heard.text for _, heard in parts),
        last.lang,
        last.lang_probability,
        "".join(heard.kana for _, heard in parts),
        tuple(term for _, heard in parts for term in heard.terms),
        tuple(Segment(piece.start, piece.end, heard.text) for piece, heard in parts),
        "",
        min(heard.log_probability for _, heard in parts),
        {
            name: sum(heard.timings_ms.get(name, 0.0) for _, heard in parts)
            for name in last.timings_ms
        },
        space.join(heard.untaught for _, heard in parts),
    )
