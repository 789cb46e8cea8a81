"""The adapter of a transcription server, against a server in the same process."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from speech.errors import RecognitionFailed
from speech.lexicon import Lexicon, Word
from speech.recognition_openai import OpenAIRecognizer
from speech.testing import FakeVoiceActivity, silence, tone

LEXICON = Lexicon.of([("罹災証明", "リサイショウメイ", 3)])


def readings(text: str) -> list[Word]:
    known = {"理財証明": "リザイショウメイ", "罹災証明": "リサイショウメイ", "を出せ": "ヲダセ"}
    words = []
    while text:
        word = next((one for one in known if text.startswith(one)), text[0])
        words.append(Word(word, known.get(word, "")))
        text = text[len(word) :]
    return words


def recognizer(
    answer: Any, status: int = 200, seen: list[httpx.Request] | None = None
) -> OpenAIRecognizer:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        if seen is not None:
            seen.append(request)
        body = answer if isinstance(answer, str) else json.dumps(answer)
        return httpx.Response(status, text=body)

    return OpenAIRecognizer(
        "http://server/v1",
        "whisper",
        FakeVoiceActivity(),
        lambda: LEXICON,
        readings,
        api_key="k",
        transport=httpx.MockTransport(respond),
    )


def test_what_the_server_heard_is_corrected_by_sound() -> None:
    seen: list[httpx.Request] = []
    segments = [
        {"start": 0.0, "end": 1.5, "text": " 理財証明を出せ", "avg_logprob": -0.2,
         "no_speech_prob": 0.01}
    ]  # fmt: skip
    answer = {"text": "理財証明を出せ", "language": "japanese", "segments": segments}
    heard = recognizer(answer, seen=seen).recognize(tone(2), None, ("en", "ja"))
    assert (heard.text, heard.lang, heard.terms) == ("罹災証明を出せ", "ja", ("罹災証明",))
    assert heard.segments[0].text == "罹災証明を出せ" and heard.segments[0].end == 1.5
    assert heard.log_probability == -0.2
    (request,) = seen
    assert request.headers["authorization"] == "Bearer k"
    assert request.url == "http://server/v1/audio/transcriptions"
    assert b"RIFF" in request.content and b"verbose_json" in request.content


def test_silence_does_not_leave_the_machine() -> None:
    seen: list[httpx.Request] = []
    heard = recognizer({"text": "x"}, seen=seen).recognize(silence(2), "ja")
    assert (heard.text, heard.rejected, seen) == ("", "no_speech", [])


def test_a_server_that_tells_no_segments_will_do() -> None:
    heard = recognizer({"text": "Hello there."}).recognize(tone(2), "en")
    assert heard.text == heard.segments[0].text == "Hello there."
    assert heard.segments[0].end == 2.0


def test_phrases_of_silence_are_dropped() -> None:
    heard = recognizer({"text": "ご視聴ありがとうございました"}).recognize(tone(2), "ja")
    assert (heard.text, heard.rejected) == ("", "phrase")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (httpx.ConnectError("down"), 200, "cannot be reached"),
        ({}, 500, "refuses with status 500"),
        ({"error": "?"}, 200, "something else than a text"),
        ("<html>", 200, "something else than a text"),
        ({"text": 3}, 200, "something else than a text"),
    ],
)
def test_a_server_that_fails_is_told(answer: Any, status: int, words: str) -> None:
    with pytest.raises(RecognitionFailed, match=words):
        recognizer(answer, status).recognize(tone(2), "ja")
