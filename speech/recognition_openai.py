"""A transcription server that speaks the OpenAI protocol (`POST /v1/audio/transcriptions`).

The server hears; what the knowledge base knows is written in afterwards, by sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx

from speech.alignment import Spoken
from speech.audio import to_wav
from speech.correction import corrected
from speech.errors import RecognitionFailed
from speech.lexicon import Lexicon, Readings
from speech.recognition import SAMPLE_RATE, Recognition, Samples, Segment
from speech.suppression import ANSWERED, MIN_SPEECH, closed_to_audio, closed_to_text
from speech.term_choice import chosen
from speech.voice_activity import VoiceActivity
from speech.whisper import Hypothesis, whisper_code

CORRECTED = 30
"""Terms that a word may be corrected to."""

NAMES = {
    "japanese": "ja", "english": "en", "chinese": "zh", "korean": "ko", "vietnamese": "vi",
    "portuguese": "pt", "spanish": "es", "tagalog": "tl", "nepali": "ne", "indonesian": "id",
    "thai": "th",
}  # fmt: skip
"""Languages as servers name them in `verbose_json`."""


class OpenAIRecognizer:
    """A model behind an OpenAI-compatible server; `url` ends in ``/v1``.

    Raises `RecognitionFailed` where the server cannot be reached, refuses, or
    answers something else.
    """

    def __init__(
        self,
        url: str,
        model: str,
        activity: VoiceActivity,
        lexicon: Callable[[], Lexicon],
        readings: Readings,
        *,
        api_key: str = "",
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/") + "/audio/transcriptions"
        self._model = model
        self._activity = activity
        self._lexicon = lexicon
        self._readings = readings
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, timeout=timeout, transport=transport)

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        """Return the final text; audio in which nobody speaks does not leave the machine."""
        closed = closed_to_audio(audio, self._activity, ANSWERED if question else MIN_SPEECH)
        if closed:
            return Recognition("", lang or next(iter(langs), "ja"), 0.0, rejected=closed)
        answer = self._ask(audio, lang, question)
        known = lang or _language(answer, langs)
        segments = _segments(answer, len(audio) / SAMPLE_RATE)
        heard = Hypothesis(
            str(answer["text"]).strip(),
            _mean(answer, "avg_logprob"),
            _mean(answer, "no_speech_prob"),
        )
        closed = closed_to_text(heard, known, question)
        if closed:
            return Recognition("", known, rejected=closed, log_probability=heard.log_probability)
        if whisper_code(known) != "ja":
            return Recognition(
                heard.text, known, segments=segments, log_probability=heard.log_probability
            )
        lexicon = self._lexicon()
        kana = "".join(word.reading for word in Spoken.of(heard.text, self._readings).words)
        terms = chosen(lexicon, [Spoken.of(heard.text, self._readings).phonemes], CORRECTED)

        def written(text: str) -> str:
            return corrected(text, "", terms, lexicon, self._readings)

        text = written(heard.text)
        return Recognition(
            text,
            known,
            kana=kana,
            terms=lexicon.found(text),
            segments=tuple(Segment(one.start, one.end, written(one.text)) for one in segments),
            log_probability=heard.log_probability,
            untaught=heard.text,
        )

    def partial(self, audio: Samples, lang: str | None = None) -> Recognition:
        """Return the text so far; it costs the server as much as a final one."""
        return self.recognize(audio, lang)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, audio: Samples, lang: str | None, question: str) -> dict[str, Any]:
        data = {"model": self._model, "response_format": "verbose_json", "temperature": "0"}
        if lang is not None:
            data["language"] = whisper_code(lang)
        if question:
            data["prompt"] = question
        files = {"file": ("speech.wav", to_wav(audio), "audio/wav")}
        try:
            response = self._client.post(self._url, data=data, files=files)
        except httpx.HTTPError as error:
            raise RecognitionFailed(
                f"The transcription server {self._url} cannot be reached ({type(error).__name__})."
            ) from error
        if response.is_error:
            raise RecognitionFailed(
                f"The transcription server {self._url} refuses with status {response.status_code}."
            )
        try:
            answer: Any = response.json()
            if not isinstance(answer["text"], str):
                raise TypeError("text")
        except (ValueError, KeyError, TypeError) as error:
            raise RecognitionFailed(
                f"The transcription server {self._url} answers something else than a text."
            ) from error
        return dict(answer)


def _language(answer: dict[str, Any], langs: Sequence[str]) -> str:
    """The language the server names, as one of `langs`; the first of them for any other."""
    named = str(answer.get("language") or "").casefold()
    code = NAMES.get(named, named)
    for lang in langs:
        if whisper_code(lang) == code:
            return lang
    return next(iter(langs), code or "ja")


def _segments(answer: dict[str, Any], seconds: float) -> tuple[Segment, ...]:
    found = [
        Segment(float(one["start"]), float(one["end"]), str(one["text"]).strip())
        for one in answer.get("segments") or ()
        if {"start", "end", "text"} <= one.keys()
    ]
    return tuple(found) or (Segment(0.0, seconds, str(answer["text"]).strip()),)


def _mean(answer: dict[str, Any], name: str) -> float:
    """A value of the segments, their mean; 0 where the server gives none."""
    values = [float(one[name]) for one in answer.get("segments") or () if one.get(name) is not None]
    return sum(values) / len(values) if values else 0.0
