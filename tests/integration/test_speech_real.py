"""Speech over the network with the real models: OpenAI's client, a terminal, many at once."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import socket
import threading
import time
import wave
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from openai import BadRequestError, OpenAI
from rapidfuzz import fuzz
from websockets.asyncio.client import connect

from assistant.cli_listen import Listener, frames_of
from assistant.composition import Installation
from assistant.http.app import create_app
from assistant.settings import Settings
from knowledge.embedding import Embedder
from knowledge.testing import FakeEmbedder
from speech.audio import decode
from speech.recognition import Samples

pytestmark = pytest.mark.integration

SAID = "マイナンバーカードをなくしました。再発行の手続きを教えてください。"
CONNECTIONS = 8
SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
SLUG = "my-number-card-loss"


class HearingInstallation(Installation):
    """The real ear and the real voice; finding articles is not what is tested."""

    @cached_property
    def embedder(self) -> Embedder:
        return FakeEmbedder()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(SAMPLE / "city", folder / "city")
    shutil.copytree(SAMPLE / "articles" / SLUG, folder / "articles" / SLUG)
    settings = Settings(
        _env_file=None,
        data=tmp_path_factory.mktemp("data"),
        server={"questions_per_minute": 0},
        speech={"connections": CONNECTIONS, "connections_per_visitor": 0},
    )
    installation = HearingInstallation(settings)
    installation.import_paths([folder])
    installation.build_release()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(installation), log_level="warning")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join(30)
    installation.store.close()


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def recording(client: OpenAI) -> bytes:
    made = client.audio.speech.create(
        model="kokoro", voice="alloy", input=SAID, response_format="wav"
    )
    return made.content


@pytest.fixture(scope="module")
def samples(recording: bytes) -> Samples:
    return decode(recording, 60)


def test_openais_client_speaks(client: OpenAI, recording: bytes) -> None:
    with wave.open(io.BytesIO(recording)) as file:
        assert file.getframerate() == 24_000
    began = time.monotonic()
    pieces = client.audio.speech.with_streaming_response.create(
        model="kokoro", voice="alloy", input="はい。転入届です。", response_format="opus", speed=0.8
    )
    with pieces as reply:
        arrived = [(time.monotonic() - began, piece) for piece in reply.iter_bytes(1024)]
    assert b"".join(piece for _, piece in arrived).startswith(b"OggS")
    assert arrived[0][0] < arrived[-1][0]
    with pytest.raises(BadRequestError, match="no voice"):
        client.audio.speech.create(
            model="x", voice="alloy", input="안녕", extra_body={"language": "tlh"}
        )


def test_openais_client_transcribes_in_every_form(client: OpenAI, recording: bytes) -> None:
    def transcribe(form: Any) -> Any:
        file = ("said.wav", recording)
        return client.audio.transcriptions.create(
            model="whisper", file=file, language="ja", response_format=form
        )

    plain = transcribe("json").text
    assert fuzz.ratio(plain, SAID) > 80
    assert transcribe("text").strip() == plain
    verbose = transcribe("verbose_json")
    assert verbose.language == "ja"
    assert verbose.segments[-1].end <= verbose.duration + 0.5
    assert "".join(segment.text for segment in verbose.segments) == plain
    assert "-->" in transcribe("srt")
    assert transcribe("vtt").startswith("WEBVTT")
    with pytest.raises(BadRequestError, match="not a recording"):
        client.audio.transcriptions.create(model="whisper", file=("a.wav", b"RIFF"))


def test_a_terminal_hears_partials_and_loses_nothing_when_it_is_cut(
    server: str, samples: Samples
) -> None:
    events: list[dict[str, Any]] = []
    speaker = Listener(server, None, events.append, cut=2.0)
    finals = asyncio.run(speaker.run(frames_of(samples)))
    assert fuzz.ratio("".join(finals.texts), SAID) > 80
    kinds = [event["type"] for event in events]
    assert kinds.index("cut") < kinds.index("resumed")
    assert "partial" in kinds


def test_four_speakers_at_once_lose_nothing(server: str, samples: Samples) -> None:
    async def together() -> list[list[str]]:
        speakers = [Listener(server, "ja", lambda event: None) for _ in range(4)]
        finals = await asyncio.gather(*(one.run(frames_of(samples)) for one in speakers))
        return [one.texts for one in finals]

    for texts in asyncio.run(together()):
        assert fuzz.ratio("".join(texts), SAID) > 80


def test_fifty_connections_are_bounded_and_the_rest_is_told(server: str) -> None:
    async def first_event() -> str:
        async with connect(f"{server.replace('http', 'ws')}/api/speech?lang=en") as one:
            event = json.loads(await one.recv())
            if event["type"] == "session.created":
                await asyncio.sleep(2)
                return "taken"
            return str(event["error"]["message"])

    async def fifty() -> list[str]:
        return await asyncio.gather(*(first_event() for _ in range(50)))

    told = asyncio.run(fifty())
    assert told.count("taken") == CONNECTIONS
    assert {words[:24] for words in told} == {"taken", "Many people are speaking"}
