"""What `madoguchi listen` does: it speaks to a running desk as a tablet would."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
import websockets
from rich.console import Console
from rich.text import Text
from websockets.asyncio.client import ClientConnection, connect

from speech.audio import to_pcm16
from speech.recognition import SAMPLE_RATE, Samples
from speech.session_client import SessionClient

FRAME_SAMPLES = 1024
FRAME_BYTES = 2 * FRAME_SAMPLES

AWAY_SECONDS = 1.0
"""How long a connection that was cut on purpose stays away."""

RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""How long is waited before each attempt to come back."""

LAST_SECONDS = 60.0
"""How long the final texts are waited for when everything was said."""


class ListenFailed(Exception):
    """The desk cannot be reached or refuses; the text says why."""


@dataclass(slots=True)
class Finals:
    """The final texts, in order."""

    texts: list[str] = field(default_factory=list)
    kana: list[str] = field(default_factory=list)
    lang: str = ""


async def frames_of(samples: Samples) -> AsyncIterator[bytes]:
    """Yield a recording at the speed at which it was spoken."""
    started = time.monotonic()
    for start in range(0, len(samples), FRAME_SAMPLES):
        due = started + (start + FRAME_SAMPLES) / SAMPLE_RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        piece = to_pcm16(samples[start : start + FRAME_SAMPLES])
        yield piece.ljust(FRAME_BYTES, b"\0")


async def frames_of_stdin() -> AsyncIterator[bytes]:
    """Yield raw PCM16 from standard input, as it comes."""
    while piece := await asyncio.to_thread(sys.stdin.buffer.read, FRAME_BYTES):
        yield piece.ljust(FRAME_BYTES, b"\0")


class Listener:
    """One speaker at a running desk.

    `show` gets every event; after `cut` seconds of audio the connection is
    dropped on purpose, to show that nothing is lost.
    """

    def __init__(
        self,
        url: str,
        lang: str | None,
        show: Callable[[dict[str, Any]], None],
        cut: float | None = None,
    ) -> None:
        self._url = _socket_url(url, lang)
        self._show = show
        self._cut = cut
        chosen = {"transcription": {"language": lang}} if lang else None
        self._client = SessionClient(settings=chosen)
        self._socket: ClientConnection | None = None
        self._connected = asyncio.Event()
        self.refused = ""
        """The words with which the desk refused the speaker."""
        self.finals = Finals()

    async def run(self, frames: AsyncIterator[bytes]) -> Finals:
        """Send all of `frames`; return what was said."""
        reader = asyncio.create_task(self._stay())
        sender = asyncio.create_task(self._speak(frames))
        try:
            done, _ = await asyncio.wait({reader, sender}, return_when=asyncio.FIRST_COMPLETED)
            if sender in done:
                sender.result()
                try:
                    await asyncio.wait_for(reader, LAST_SECONDS)
                except TimeoutError:
                    raise ListenFailed("The desk did not finish in time.") from None
            reader.result()
        finally:
            for task in (reader, sender):
                task.cancel()
        return self.finals

    async def _speak(self, frames: AsyncIterator[bytes]) -> None:
        seconds = 0.0
        await self._connected.wait()
        async for frame in frames:
            await self._send(self._client.send(frame))
            seconds += FRAME_SAMPLES / SAMPLE_RATE
            if self._cut is not None and seconds >= self._cut and self._socket is not None:
                self._cut = None
                self._show({"type": "cut"})
                self._socket.transport.abort()
        await self._send(self._client.commit())

    async def _send(self, messages: list[str | bytes]) -> None:
        socket = self._socket
        for message in messages:
            if socket is None:
                return
            try:
                await socket.send(message)
            except websockets.ConnectionClosed:
                return

    async def _stay(self) -> None:
        """Keep a connection, again and again, until everything said has its text."""
        lost = False
        for wait in RETRY_SECONDS:
            if lost:
                await asyncio.sleep(max(wait, AWAY_SECONDS if wait == RETRY_SECONDS[0] else 0))
            try:
                async with connect(self._url, max_size=2**20) as socket:
                    await self._read(socket)
                    if self._client.finished:
                        return
            except (OSError, websockets.WebSocketException) as error:
                if not lost and not self._connected.is_set():
                    raise ListenFailed(f"The desk cannot be reached: {error}.") from error
            finally:
                self._socket = None
            if self.refused:
                raise ListenFailed(self.refused)
            lost = True
        raise ListenFailed("The connection was lost and did not come back.")

    async def _read(self, socket: ClientConnection) -> None:
        self._socket = socket
        await self._send(self._client.connected())
        async for message in socket:
            event = json.loads(message)
            await self._send(self._client.received(event))
            self._connected.set()
            self._take(event)
            self._show(event)
            if self._client.finished:
                return

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"].endswith("transcription.completed") and event["transcript"]:
            self.finals.texts.append(event["transcript"])
            self.finals.kana.append(event["kana"])
            self.finals.lang = event["language"]
        elif event["type"] == "error" and event["error"]["code"] in ("too_many", "speech_off"):
            self.refused = event["error"]["message"]


def _socket_url(url: str, lang: str | None) -> str:
    parts = urlsplit(url.rstrip("/"))
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    query = urlencode({"lang": lang}) if lang else ""
    return urlunsplit((scheme, parts.netloc, f"{parts.path}/api/speech", query, ""))


class Shown:
    """Writes events to a terminal: partial texts grow in one line, elsewhere in lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._growing = False

    def __call__(self, event: dict[str, Any]) -> None:
        """Show one event."""
        match event["type"]:
            case "partial":
                self._grow(Text(event["stable"], "bold") + Text(event["unstable"], "dim"))
            case "conversation.item.input_audio_transcription.completed":
                heard = event["transcript"] or f"({event['rejected'] or 'nothing'})"
                self._line(Text(heard, "bold green"))
            case "conversation.item.input_audio_transcription.failed" | "error":
                if event["error"]["code"] != "input_audio_buffer_commit_empty":
                    self._line(Text(event["error"]["message"], "red"))
            case "waiting":
                self._line(Text(f"waiting: {event['position']} before", "yellow"))
            case "cut":
                self._line(Text("-- the connection is cut --", "yellow"))
            case "resumed":
                self._line(Text(f"-- resumed at frame {event['next_frame']} --", "yellow"))

    def _grow(self, text: Text) -> None:
        if self._console.is_terminal:
            self._console.print(Text("\r… ") + text, end="\033[K", soft_wrap=True)
            self._growing = True
        else:
            self._console.print(Text("… ") + text, soft_wrap=True)

    def _line(self, text: Text) -> None:
        if self._growing:
            self._console.print("\r\033[K", end="")
            self._growing = False
        self._console.print(text, soft_wrap=True)


def ask(url: str, finals: Finals) -> dict[str, Any]:
    """Ask the desk what was said; raises `ListenFailed` where it does not answer."""
    body = {
        "question": " ".join(finals.texts),
        "lang": finals.lang or None,
        "kana": "".join(finals.kana)[:2000] or None,
    }
    headers = {"accept": "application/json"}
    try:
        reply = httpx.post(f"{url.rstrip('/')}/api/chat", json=body, headers=headers, timeout=60)
        answer: dict[str, Any] = reply.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ListenFailed(f"The desk does not answer: {error}.") from error
    if reply.is_error:
        raise ListenFailed(answer.get("error", {}).get("message", f"status {reply.status_code}"))
    return answer
