"""`/v1/audio/transcriptions` and `/v1/audio/speech`, for clients that speak that protocol.

Recordings are read in memory and recognised utterance by utterance, behind the
people who speak just now. Speech is sent clause by clause while it is made.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from assistant import language
from assistant.http.memory_form import FormInvalid, MemoryForm, read_form
from assistant.http.protection import Refusal, refused
from assistant.http.visitor_token import KnownVisitor
from assistant.replies import replies
from assistant.settings import Settings
from assistant.speech_desk import SpeechDesk
from knowledge.article import languages
from knowledge.ruby import strip
from speech.audio import decode
from speech.encoding import FORMATS, encode_stream
from speech.errors import (
    AudioInvalid,
    AudioTooLong,
    RecognitionFailed,
    SpeechError,
    VoiceUnavailable,
)
from speech.recognition import Recognition, Samples
from speech.recognition_queue import Hearing, QueueFull
from speech.synthesis import Voice
from speech.transcription import Transcription, srt, utterances, vtt

router = APIRouter(tags=["OpenAI-compatible"], dependencies=[KnownVisitor])

READING = 2
"""Recordings that are read and recognised at the same time; each may take 200 MB."""

SPEAKING = 2
"""Texts that are spoken at the same time."""

WAITING = 16
"""Recordings, and texts, that wait for their turn; more are refused."""

BUSY_SECONDS = 10
"""When somebody who was refused may come back."""

LONGEST_TEXT = 4096
"""Characters of a text that is spoken, as in the protocol."""

SPEEDS = (0.5, 2.0)
"""Faster or slower speech is not understood any more; the protocol allows more."""

ResponseFormat = Literal["json", "text", "verbose_json", "srt", "vtt"]


class Places:
    """So many work at a time, some wait, and the rest is sent away."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._waiting = 0

    async def take(self) -> bool:
        """Wait for a place; False at once where too many wait."""
        if self._waiting >= WAITING:
            return False
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        return True

    def leave(self) -> None:
        """Give the place to the next one."""
        self._free.release()


class AudioWork:
    """What one process does at a time with recordings and texts."""

    def __init__(self) -> None:
        self.reading = Places(READING)
        self.speaking = Places(SPEAKING)


class SpeechRequest(BaseModel):
    """The part of the protocol that is used, `language` and `keep`; other fields are ignored."""

    input: str = Field(min_length=1)
    model: str = ""
    response_format: str = "mp3"
    speed: float = Field(1.0, ge=0.25, le=4.0)
    language: str | None = Field(None, description="language of the text; found out if not given")
    keep: bool = Field(False, description="the text is nobody's own: its sound may be kept")


def _says(lang: str | None, status: int, key: str, **values: object) -> JSONResponse:
    """Return a refusal in the language of whoever sent the request."""
    reader = lang if lang in languages() else "en"
    words = strip(replies(reader)(f"speech.{key}", **values))
    kind = "server_error" if status >= 500 else "invalid_request_error"
    headers = {"Retry-After": str(values["seconds"])} if "seconds" in values else {}
    body = {"error": {"message": words, "type": kind, "code": key, "param": None}}
    return JSONResponse(body, status_code=status, headers=headers)


def _refused(request: Request, lang: str | None) -> Response | None:
    settings: Settings = request.app.state.installation.settings
    if not settings.speech.enabled:
        return _says(lang, 503, "switched_off")
    refusal: Refusal | None = refused(request, lang if lang in languages() else "en")
    return refusal.response() if refusal else None


@router.post("/v1/audio/transcriptions")
async def transcriptions(request: Request) -> Response:
    """Write down a recording: fields `file`, `language`, `response_format`."""
    refusal = _refused(request, None)
    if refusal is not None:
        return refusal
    work: AudioWork = request.app.state.audio_work
    if not await work.reading.take():
        return _says(None, 503, "busy", seconds=BUSY_SECONDS)
    try:
        form = await read_form(request)
        return await _transcribed(request, form)
    except FormInvalid as error:
        detail = {"message": str(error), "type": "invalid_request_error", "param": "file"}
        return JSONResponse({"error": detail}, status_code=400)
    finally:
        work.reading.leave()


async def _transcribed(request: Request, form: MemoryForm) -> Response:
    lang, style = form.fields.get("language") or None, form.fields.get("response_format", "json")
    desk: SpeechDesk = request.app.state.speech_sessions.desk
    spoken = desk.heard_as(lang)
    if lang is not None and spoken is None:
        return _says(lang, 400, "language")
    if style not in ("json", "text", "verbose_json", "srt", "vtt"):
        words = "response_format is one of json, text, verbose_json, srt, vtt."
        detail = {"message": words, "type": "invalid_request_error", "param": "response_format"}
        return JSONResponse({"error": detail}, status_code=400)
    minutes = request.app.state.installation.settings.speech.recording_minutes
    try:
        samples = await asyncio.to_thread(decode, form.file, minutes * 60)
    except AudioTooLong:
        return _says(lang, 400, "too_long", minutes=f"{minutes:g}")
    except AudioInvalid:
        return _says(lang, 400, "file")
    try:
        made = await _recognised(request, desk, samples, spoken)
    except QueueFull as full:
        return _says(lang, 503, "busy", seconds=int(full.seconds))
    except SpeechError:
        return _says(lang, 503, "failed")
    return _as(style, made)


async def _recognised(
    request: Request, desk: SpeechDesk, samples: Samples, lang: str | None
) -> Transcription:
    made = Transcription(len(samples) / 16_000, lang, lang is not None)
    found = utterances(samples, desk.endpointer())
    while (utterance := await asyncio.to_thread(next, found, None)) is not None:
        if await request.is_disconnected():
            break
        heard = await _hear(desk, utterance.audio, made.lang if made.lang_given else None)
        made.add(utterance, heard)
    return made


async def _hear(desk: SpeechDesk, audio: Samples, lang: str | None) -> Recognition:
    """Wait in the queue, among the recordings."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Recognition] = loop.create_future()

    def finish(outcome: Recognition | SpeechError | None) -> None:
        if answer.done():
            return
        if isinstance(outcome, Recognition):
            answer.set_result(outcome)
        else:
            answer.set_exception(outcome or RecognitionFailed("The recording was dropped."))

    def done(outcome: Recognition | SpeechError | None) -> None:
        loop.call_soon_threadsafe(finish, outcome)

    desk.queue.submit(
        Hearing(f"recording/{id(answer)}", "recording", audio, lang, desk.langs, done)
    )
    return await answer


def _as(style: str, made: Transcription) -> Response:
    usage = {"type": "duration", "seconds": round(made.seconds)}
    if style == "text":
        return PlainTextResponse(made.text + "\n")
    if style == "srt":
        return PlainTextResponse(srt(made.segments))
    if style == "vtt":
        return PlainTextResponse(vtt(made.segments), media_type="text/vtt")
    if style == "json":
        return JSONResponse({"text": made.text, "usage": usage})
    segments: list[dict[str, Any]] = [
        {
            "id": number,
            "seek": 0,
            "start": round(part.start, 2),
            "end": round(part.end, 2),
            "text": part.text,
            "tokens": [],
            "temperature": 0.0,
            "avg_logprob": 0.0,
            "compression_ratio": 1.0,
            "no_speech_prob": 0.0,
        }
        for number, part in enumerate(made.segments)
    ]
    return JSONResponse(
        {
            "task": "transcribe",
            "language": made.lang or "",
            "duration": round(made.seconds, 2),
            "text": made.text,
            "segments": segments,
            "usage": usage,
            "kana": "".join(made.kana),
            "terms": made.terms,
        }
    )


@router.post("/v1/audio/speech")
async def speech(request: Request, body: SpeechRequest) -> Response:
    """Say a text, clause by clause, as WAV, raw PCM, MP3, Opus or FLAC."""
    lang = body.language or language.identify(body.input)
    refusal = _refused(request, lang)
    if refusal is not None:
        return refusal
    if len(body.input) > LONGEST_TEXT:
        return _says(lang, 400, "text_too_long", limit=LONGEST_TEXT)
    if body.response_format not in FORMATS:
        words = f"response_format is one of {', '.join(FORMATS)}."
        detail = {"message": words, "type": "invalid_request_error", "param": "response_format"}
        return JSONResponse({"error": detail}, status_code=400)
    work: AudioWork = request.app.state.audio_work
    if not await work.speaking.take():
        return _says(lang, 503, "busy", seconds=BUSY_SECONDS)
    try:
        sound = await asyncio.to_thread(_begin, request, body, lang)
    except VoiceUnavailable:
        work.speaking.leave()
        return _says(lang, 400, "no_voice")
    except BaseException:
        work.speaking.leave()
        raise
    return _Spoken(sound, FORMATS[body.response_format].media_type, work)


def _begin(request: Request, body: SpeechRequest, lang: str) -> Iterator[bytes]:
    """Make the first clause, so that a failure is still told as one."""
    voice: Voice = request.app.state.installation.voice
    speed = min(max(body.speed, SPEEDS[0]), SPEEDS[1])
    chunks = voice.speak(body.input, lang, speed, personal=not body.keep)
    sound = encode_stream(chunks, voice.sample_rate, body.response_format)
    first = next(sound, b"")
    return itertools.chain([first], sound)


class _Spoken(StreamingResponse):
    """Sends speech while it is made; another text may be spoken when this one is sent."""

    def __init__(self, sound: Iterator[bytes], media_type: str, work: AudioWork) -> None:
        super().__init__(sound, media_type=media_type, headers={"Cache-Control": "no-store"})
        self._work = work

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send, and make room whatever happens."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._work.speaking.leave()
