"""`/api/speech` and the audio routes, on the fake ear and the fake voice."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
import time
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from assistant.http.app import create_app
from assistant.http.openai_audio import LONGEST_TEXT
from assistant.http.speech import MOST_MISTAKES
from assistant.settings import Settings
from assistant.speech_desk import MOST_WAITING, SpeechDesk
from assistant.speech_samples import SpeechSamples
from knowledge.article import languages
from speech import wire
from speech.audio import to_pcm16, to_wav
from speech.errors import RecognitionFailed
from speech.recognition import Recognition, Samples
from speech.testing import FakeRecognizer, FakeVoice, FakeVoiceActivity, silence, tone
from tests.assistant.conftest import SmallInstallation

TEXT = "転入届はいつまでですか"
COMPLETED = wire.TranscriptCompleted.type


class SpeakingInstallation(SmallInstallation):
    """The small city with a fake ear and a fake voice."""

    @cached_property
    def recognizer(self) -> FakeRecognizer:
        return FakeRecognizer(TEXT)

    @cached_property
    def voice(self) -> FakeVoice:
        return FakeVoice()

    def speech_desk(self) -> SpeechDesk:
        folder = self.settings.data / "samples" if self.settings.speech.samples else None
        samples = SpeechSamples(folder, self.settings.speech.samples_keep_days)
        return SpeechDesk(
            self.settings.speech,
            lambda: self.recognizer,
            FakeVoiceActivity,
            samples,
            lambda: self.voice,
        )


@contextmanager
def serving(
    installation: SmallInstallation, recognizer: FakeRecognizer | None = None, **settings: object
) -> Iterator[TestClient]:
    made = SpeakingInstallation(
        Settings(_env_file=None, data=installation.settings.data, **settings)  # type: ignore[arg-type]
    )
    if recognizer is not None:
        made.__dict__["recognizer"] = recognizer
    with TestClient(create_app(made), base_url="https://desk.example") as client:
        yield client
    made.store.close()


@pytest.fixture(scope="module")
def client(installation: SmallInstallation) -> Iterator[TestClient]:
    with serving(installation, server={"questions_per_minute": 0}) as client:
        yield client


class Speaker:
    """A tablet: numbers its frames, remembers what it was told."""

    def __init__(self, socket: WebSocketTestSession, number: int = 0) -> None:
        self.socket = socket
        self.number = number
        self.seen: list[dict[str, Any]] = []

    def say(self, *samples: Samples) -> None:
        together = np.concatenate(samples)
        for start in range(0, len(together), 1024):
            self.socket.send_bytes(
                wire.frame(self.number, to_pcm16(together[start : start + 1024]))
            )
            self.number += 1

    def send(self, **event: object) -> None:
        self.socket.send_json(event)

    def hear(self, *kinds: str) -> dict[str, Any]:
        """Read until an event of one of these types."""
        while True:
            event: dict[str, Any] = self.socket.receive_json()
            self.seen.append(event)
            if event["type"] in kinds:
                return event

    def error(self) -> tuple[str, str]:
        error = self.hear("error")["error"]
        return error["code"], error["message"]


@contextmanager
def speaking(client: TestClient, query: str = "") -> Iterator[Speaker]:
    with client.websocket_connect(f"/api/speech{query}") as socket:
        speaker = Speaker(socket)
        speaker.hear("session.created")
        yield speaker


UTTERANCE = (silence(0.6), tone(2), silence(1.2))


def test_what_was_said_comes_back(client: TestClient) -> None:
    with speaking(client) as speaker:
        speaker.say(*UTTERANCE)
        final = speaker.hear(COMPLETED)
    assert final["transcript"] == TEXT
    kinds = [event["type"] for event in speaker.seen]
    assert kinds.index("input_audio_buffer.speech_started") < kinds.index(COMPLETED)
    partials = [event for event in speaker.seen if event["type"] == "partial"]
    for event in partials:
        assert TEXT.startswith(event["stable"] + event["unstable"])
    numbers = [int(event["event_id"].removeprefix("event_")) for event in speaker.seen]
    assert numbers == sorted(set(numbers))


def test_the_voice_is_loaded_while_staff_read_what_was_said(
    installation: SmallInstallation,
) -> None:
    with serving(installation) as client, speaking(client) as speaker:
        voice: FakeVoice = client.app.state.installation.voice  # type: ignore[attr-defined]
        speaker.say(*UTTERANCE)
        speaker.hear(COMPLETED)
        speaker.say(*UTTERANCE)
        speaker.hear(COMPLETED)
        for _ in range(100):
            if voice.said:
                break
            time.sleep(0.01)
    assert len(voice.said) == 1


def test_a_lost_connection_loses_no_word(client: TestClient) -> None:
    with speaking(client) as speaker:
        session = speaker.seen[0]["session"]["id"]
        speaker.say(silence(0.6), tone(1))
        last = speaker.hear("input_audio_buffer.speech_started")["event_id"]
        speaker.socket.close(1006)
    with speaking(client) as again:
        again.send(type="resume", session_id=session, last_event_id=last)
        resumed = again.hear("resumed")
        assert resumed["session"]["id"] == session
        assert resumed["next_frame"] <= speaker.number
        again.number = resumed["next_frame"]
        again.say(tone((speaker.number - resumed["next_frame"]) * 0.064), tone(1), silence(1.2))
        final = again.hear(COMPLETED)
    assert final["item_id"] == "item_1"
    assert final["usage"]["seconds"] == pytest.approx(2 + 0.8, abs=0.15)
    replayed = [event["event_id"] for event in again.seen]
    assert last not in replayed


def test_a_text_that_was_ready_while_nobody_listened_is_sent_again(client: TestClient) -> None:
    with speaking(client) as speaker:
        session = speaker.seen[0]["session"]["id"]
        speaker.say(*UTTERANCE)
        speaker.hear("input_audio_buffer.speech_stopped")
        speaker.socket.close(1006)
    with speaking(client) as again:
        again.send(type="resume", session_id=session)
        assert again.hear(COMPLETED)["transcript"] == TEXT


def test_a_session_that_is_gone_is_told_and_a_new_one_goes_on(client: TestClient) -> None:
    with speaking(client, "?lang=vi") as speaker:
        session = speaker.seen[0]["session"]["id"]
        speaker.socket.close(1000)
    with speaking(client, "?lang=vi") as again:
        again.send(type="resume", session_id=session)
        assert again.error() == ("session_unknown", "Kết nối bị mất quá lâu. Vui lòng nói lại.")
        again.say(*UTTERANCE)
        assert again.hear(COMPLETED)["transcript"] == TEXT


def test_another_connection_takes_the_session_over(client: TestClient) -> None:
    with speaking(client) as speaker, speaking(client) as again:
        again.send(type="resume", session_id=speaker.seen[0]["session"]["id"])
        again.hear("resumed")
        with pytest.raises(WebSocketDisconnect):
            speaker.hear("nothing")
        again.say(*UTTERANCE)
        assert again.hear(COMPLETED)["transcript"] == TEXT


@pytest.mark.parametrize("lang", sorted(languages()))
def test_every_mistake_is_told_in_the_language_of_the_page(client: TestClient, lang: str) -> None:
    with speaking(client, f"?lang={lang}") as speaker:
        messages: list[str | bytes] = [
            "no json",
            '{"type": "response.create"}',
            b"this is a text and not a sound",
            wire.frame(0, b"RIFF....WAVE"),
            '{"type": "input_audio_buffer.commit"}',
        ]
        words = set()
        for message in messages:
            if isinstance(message, bytes):
                speaker.socket.send_bytes(message)
            else:
                speaker.socket.send_text(message)
            code, told = speaker.error()
            assert code and "{" not in told
            words.add(told)
        assert len(words) == 2
        speaker.say(*UTTERANCE)
        assert speaker.hear(COMPLETED)["transcript"] == TEXT


def test_a_client_that_only_makes_mistakes_is_closed(client: TestClient) -> None:
    with speaking(client) as speaker:
        for _ in range(MOST_MISTAKES + 5):
            speaker.socket.send_text("x")
        with pytest.raises(WebSocketDisconnect) as closed:
            speaker.hear("nothing")
    assert closed.value.code == 1008
    assert len(speaker.seen) == 1 + MOST_MISTAKES


def test_connections_are_bounded_and_refused_in_words(installation: SmallInstallation) -> None:
    with serving(installation, speech={"connections": 2}) as client:
        third = client.websocket_connect("/api/speech?lang=en")
        with speaking(client), speaking(client), third as refused:
            told = refused.receive_json()["error"]
            assert told["code"] == "too_many"
            assert told["message"].startswith("Many people are speaking")
            with pytest.raises(WebSocketDisconnect) as closed:
                refused.receive_json()
            assert closed.value.code == 1013
        with speaking(client) as speaker:
            speaker.say(*UTTERANCE)
            assert speaker.hear(COMPLETED)["transcript"] == TEXT


def test_one_visitor_cannot_take_all_connections(installation: SmallInstallation) -> None:
    with serving(installation, speech={"connections_per_visitor": 1}) as client:
        second = client.websocket_connect("/api/speech")
        with speaking(client), second as refused:
            assert refused.receive_json()["error"]["code"] == "too_many"


@pytest.mark.parametrize(
    "settings", [{"speech": {"enabled": False}}, {"server": {"assistant_enabled": False}}]
)
def test_speech_that_is_off_says_so(
    installation: SmallInstallation, settings: dict[str, Any]
) -> None:
    with serving(installation, **settings) as client:
        with client.websocket_connect("/api/speech?lang=en") as socket:
            told = socket.receive_json()["error"]
            assert told["message"].startswith("Speaking is switched off here.")
        reply = client.post("/v1/audio/speech", json={"input": "はい", "model": "x", "voice": "y"})
        assert reply.status_code == 503


SOCKET = "wss://desk.example/api/speech"


def test_pages_of_other_sites_do_not_get_the_microphone(client: TestClient) -> None:
    own = client.post("/api/visitor", headers={"origin": "https://desk.example"}).json()["token"]
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        socket = client.websocket_connect(SOCKET, headers=headers)
        with pytest.raises(WebSocketDisconnect), socket:
            pass
    page = {"origin": "https://desk.example"}
    with client.websocket_connect(SOCKET, headers=page) as socket:
        assert socket.receive_json()["error"]["code"] == "invalid_visitor"
    with client.websocket_connect(f"{SOCKET}?visitor={own}", headers=page) as socket:
        assert socket.receive_json()["type"] == "session.created"


class Slow(FakeRecognizer):
    """Waits for the test before it recognises."""

    def __init__(self) -> None:
        super().__init__(TEXT)
        self.go_on = Event()

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        assert self.go_on.wait(20)
        return super().recognize(audio, lang, langs, question)


def test_who_sends_faster_than_is_recognised_waits_and_loses_nothing(
    installation: SmallInstallation,
) -> None:
    slow = Slow()
    with serving(installation, slow) as client, speaking(client) as speaker:
        count = MOST_WAITING + 3
        for _ in range(count):
            speaker.say(tone(1), silence(1.2))
        for _ in range(MOST_WAITING):
            speaker.hear("input_audio_buffer.committed")
        assert any(event["type"] == "waiting" and event["position"] for event in speaker.seen)
        slow.go_on.set()
        finals = [speaker.hear(COMPLETED) for _ in range(count)]
        assert [final["item_id"] for final in finals] == [f"item_{n + 1}" for n in range(count)]


class Broken(FakeRecognizer):
    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        raise RecognitionFailed("the server is away")


def test_a_recogniser_that_fails_is_told_and_the_session_goes_on(
    installation: SmallInstallation,
) -> None:
    with serving(installation, Broken()) as client:
        with speaking(client, "?lang=en") as speaker:
            for _ in range(2):
                speaker.say(*UTTERANCE)
                error = speaker.hear(wire.TranscriptFailed.type)["error"]
                assert error["message"].startswith("I could not work out")
        reply = client.post("/v1/audio/transcriptions", files={"file": ("a.wav", RECORDING)})
        assert reply.status_code == 503


def test_a_session_has_an_end(installation: SmallInstallation) -> None:
    short = {"session_minutes": 0.01}
    with serving(installation, speech=short) as client, speaking(client) as speaker:
        assert speaker.error()[0] == "session_ended"
        with pytest.raises(WebSocketDisconnect):
            speaker.hear("nothing")


def test_every_event_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "speech.md").read_text("utf-8")
    events = [*wire.ClientEvent.__args__, *wire.ServerEvent.__args__]
    assert len(events) > 18
    for event in events:
        assert f"`{event.type}`" in text
        for name in event.__dataclass_fields__:
            assert f"`{name}" in text, (event.type, name)


def test_every_code_of_an_error_is_documented() -> None:
    root = Path(__file__).parents[2]
    text = (root / "docs" / "speech.md").read_text("utf-8")
    sources = [*(root / "speech").glob("*.py"), root / "assistant/http/speech.py"]
    from re import findall

    codes = {
        code
        for path in sources
        for code in findall(
            r'(?:WireError|problem|_refuse\(socket,)\(?\s*"(\w+)"', path.read_text()
        )
    }
    assert {"invalid_json", "frames_missing", "too_many", "session_unknown"} <= codes
    assert not [code for code in codes if f"`{code}`" not in text]


RECORDING = to_wav(np.concatenate([silence(1), tone(2), silence(2), tone(2), silence(1)]))


def transcribe(client: TestClient, file: bytes = RECORDING, **fields: str) -> Any:
    files = {"file": ("speech.wav", file)}
    return client.post("/v1/audio/transcriptions", files=files, data={"model": "x", **fields})


def test_a_recording_as_json_and_as_text(client: TestClient) -> None:
    reply = transcribe(client, language="ja")
    assert reply.json()["text"] == TEXT + TEXT
    assert reply.json()["usage"] == {"type": "duration", "seconds": 8}
    assert transcribe(client, response_format="text").text == TEXT + TEXT + "\n"


def test_a_recording_as_subtitles(client: TestClient) -> None:
    srt = transcribe(client, response_format="srt").text
    assert srt.startswith("1\n00:00:00,") and f"\n{TEXT}\n\n2\n00:00:0" in srt
    vtt = transcribe(client, response_format="vtt")
    assert vtt.text.startswith("WEBVTT\n\n00:00:00.")
    assert vtt.headers["content-type"].startswith("text/vtt")


def test_a_recording_with_its_segments(client: TestClient) -> None:
    body = transcribe(client, response_format="verbose_json").json()
    assert (body["language"], body["duration"], len(body["segments"])) == ("ja", 8.0, 2)
    first, second = body["segments"]
    assert first["start"] == pytest.approx(0.5, abs=0.1)
    assert second["start"] == pytest.approx(4.5, abs=0.1)


def test_silence_is_no_text(client: TestClient) -> None:
    assert transcribe(client, to_wav(silence(3))).json()["text"] == ""


@pytest.mark.parametrize(
    ("file", "fields", "words"),
    [
        (b"hello, this is a text", {"language": "en"}, "not a recording that can be read"),
        (b"", {"language": "en"}, "not a recording that can be read"),
        (RECORDING[:20], {"language": "ja"}, "録音として読めません"),
        (to_wav(silence(70)), {"language": "en"}, "longer than 1 minutes"),
        (RECORDING, {"language": "tlh"}, "not recognised here"),
        (RECORDING, {"response_format": "xml"}, "json, text, verbose_json"),
    ],
)
def test_recordings_that_cannot_be_used(
    installation: SmallInstallation, file: bytes, fields: dict[str, str], words: str
) -> None:
    with serving(installation, speech={"recording_minutes": 1}) as client:
        reply = transcribe(client, file, **fields)
        assert reply.status_code == 400
        assert words in reply.json()["error"]["message"]


def test_a_form_without_a_file_and_no_form_at_all(client: TestClient) -> None:
    for reply in (
        client.post("/v1/audio/transcriptions", data={"model": "x"}),
        client.post("/v1/audio/transcriptions", json={"model": "x"}),
        client.post(
            "/v1/audio/transcriptions",
            content=b"--x\r\n",
            headers={"content-type": "multipart/form-data"},
        ),
    ):
        assert reply.status_code == 400
        assert reply.json()["error"]["message"]


def test_a_recording_that_is_too_large(installation: SmallInstallation) -> None:
    with serving(installation, speech={"recording_bytes": 100_000}) as client:
        assert transcribe(client).status_code == 413
        assert client.post("/api/chat", json={"question": "x" * 90_000}).status_code == 413


SPOKEN = {"model": "kokoro", "voice": "alloy", "input": "こんにちは。窓口です。"}


def test_a_text_is_spoken(client: TestClient) -> None:
    reply = client.post("/v1/audio/speech", json={**SPOKEN, "response_format": "wav"})
    assert reply.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(reply.content)) as file:
        assert file.getframerate() == 24_000
    for name, begin in (("mp3", b"\xff"), ("opus", b"OggS"), ("flac", b"fLaC"), ("pcm", b"")):
        body = client.post("/v1/audio/speech", json={**SPOKEN, "response_format": name})
        assert body.status_code == 200 and len(body.content) > 1000
        assert body.content.startswith(begin) or body.content.startswith(b"ID3")


def test_slower_speech_is_longer(client: TestClient) -> None:
    lengths = [
        len(client.post("/v1/audio/speech", json={**SPOKEN, "response_format": "pcm",
                                                  "speed": speed}).content)
        for speed in (1.0, 0.8)
    ]  # fmt: skip
    assert lengths[1] > 1.1 * lengths[0]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"input": "Xin chào, tôi muốn hỏi"}, 400, "Ở đây không có giọng đọc"),
        ({"input": "あ" * (LONGEST_TEXT + 1)}, 400, "4096文字"),
        ({"response_format": "midi"}, 400, "wav, pcm"),
        ({"input": ""}, 422, "input"),
        ({"speed": 40}, 422, "speed"),
    ],
)
def test_texts_that_cannot_be_spoken(
    client: TestClient, changed: dict[str, object], status: int, words: str
) -> None:
    reply = client.post("/v1/audio/speech", json={**SPOKEN, **changed})
    assert reply.status_code == status
    assert words in reply.json()["error"]["message"]


def test_more_texts_can_be_spoken_after_a_failure(client: TestClient) -> None:
    for _ in range(5):
        bad = client.post("/v1/audio/speech", json={**SPOKEN, "language": "vi"})
        assert bad.status_code == 400
    assert client.post("/v1/audio/speech", json=SPOKEN).status_code == 200


written: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if written is None:
        return
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        written.append(str(arguments[0]))
    elif event in ("tempfile.mkstemp", "tempfile.mkdtemp", "os.rename"):
        written.append(f"{event} {arguments[0]}")


def test_audio_never_touches_the_disk(
    client: TestClient,
    installation: SmallInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    global written
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folders = (tmp_path, installation.settings.data)
    before = {path for folder in folders for path in folder.glob("*")}
    long = to_wav(np.concatenate([np.concatenate([tone(2), silence(2)])] * 15))
    assert len(long) > 1_800_000  # larger than what a form keeps in memory by itself
    sys.addaudithook(_watch)
    written = []
    try:
        with tempfile.TemporaryFile() as control:
            control.write(b"x")
        assert written, "the watch does not see what is written"
        written.clear()
        assert TEXT in transcribe(client, long).json()["text"]
        with speaking(client) as speaker:
            speaker.say(*UTTERANCE)
            speaker.hear(COMPLETED)
        assert client.post("/v1/audio/speech", json=SPOKEN).status_code == 200
        seen = [path for path in written if not path.startswith("/dev/")]
    finally:
        written = None
    assert not seen
    after = {path for folder in folders for path in folder.glob("*")}
    assert {path.name for path in after - before} <= {"visitor.key"}


@pytest.mark.parametrize(("wanted", "agreed"), [(True, True), (True, False), (False, True)])
def test_samples_are_kept_only_where_operator_and_speaker_agree(
    installation: SmallInstallation, wanted: bool, agreed: bool
) -> None:
    folder = installation.settings.data / "samples"
    shutil.rmtree(folder, ignore_errors=True)
    with serving(installation, speech={"samples": wanted}) as client, speaking(client) as speaker:
        if wanted:
            folder.mkdir()
            old = folder / "1-old.wav"
            old.touch()
            os.utime(old, (0, 0))
        speaker.send(type="session.update", session={"consent": agreed})
        assert speaker.hear("session.updated")["session"]["consent"] is agreed
        speaker.say(*UTTERANCE)
        speaker.hear(COMPLETED)
        for _ in range(100):
            kept = sorted(folder.glob("*.json"))
            if kept or not (wanted and agreed):
                break
            time.sleep(0.05)
    assert len(kept) == (1 if wanted and agreed else 0)
    for path in kept:
        assert json.loads(path.read_text("utf-8"))["text"] == TEXT
        assert path.stat().st_mode & 0o077 == 0
        with wave.open(str(path.with_suffix(".wav"))) as file:
            assert file.getnframes() > 32_000
        assert not old.exists()


def test_events_are_json_with_their_own_letters(client: TestClient) -> None:
    with speaking(client) as speaker:
        speaker.say(*UTTERANCE)
        while True:
            raw = speaker.socket.receive_text()
            if json.loads(raw)["type"] == COMPLETED:
                break
    assert TEXT in raw
