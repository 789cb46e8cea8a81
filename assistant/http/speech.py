"""WebSocket `/api/speech`: a resident speaks, the desk writes along; see docs/speech.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from assistant.http.speech_sessions import LiveSession, SpeechSessions, Words
from assistant.http.visitor_limit import network
from assistant.http.visitor_token import known_socket
from assistant.replies import replies
from assistant.settings import Settings
from knowledge.article import languages
from knowledge.ruby import strip
from speech import wire

router = APIRouter(tags=["speech"])

MOST_MISTAKES = 20
"""Messages that cannot be used, after which a connection is closed."""

BUSY_SECONDS = 10
"""When somebody who was refused may come back."""

TRY_LATER, POLICY, GOING = 1013, 1008, 1000
"""Close codes of WebSocket: too many, refused, over."""

_WORDS = {
    "busy": "busy",
    "too_many": "busy",
    "speech_off": "switched_off",
    "recognition_failed": "failed",
    "frames_missing": "missing",
    "input_audio_buffer_commit_empty": "nothing",
    "session_unknown": "lost",
    "session_ended": "ended",
    "unknown_language": "language",
}
"""The sentence for each code; all others are of a device that does not work rightly."""


def words_in(lang: str | None) -> Words:
    """Return what puts codes of errors into the language of the reader."""
    reader = lang if lang in languages() else "ja"

    def words(code: str, _: Mapping[str, Any]) -> str:
        key = _WORDS.get(code, "unusable")
        return strip(replies(reader)(f"speech.{key}", seconds=BUSY_SECONDS))

    return words


class Connections:
    """Counts the connections, together and by visitor."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._visitors: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Connections that are open."""
        return self._visitors.total()

    @contextlib.contextmanager
    def one_more(self, address: str) -> Iterator[bool]:
        """Count a connection while it lasts; False where it is one too many."""
        visitor = network(address)
        full = self.count >= self._most
        if full or (self._most_of_one and self._visitors[visitor] >= self._most_of_one):
            yield False
            return
        self._visitors[visitor] += 1
        try:
            yield True
        finally:
            self._visitors[visitor] -= 1
            self._visitors += Counter()  # forgets those at nought


@router.websocket("/api/speech")
async def speech(socket: WebSocket, lang: str = "ja", visitor: str = "") -> None:
    """Take the audio of one speaker, and send what is understood."""
    state = socket.app.state
    settings: Settings = state.installation.settings
    words = words_in(lang)
    await socket.accept()
    if not (settings.speech.enabled and settings.server.assistant_enabled):
        await _refuse(socket, "speech_off", words, POLICY)
        return
    if not known_socket(socket, visitor):
        await _refuse(socket, "invalid_visitor", words, POLICY)
        return
    address = socket.client.host if socket.client else ""
    with state.speech_connections.one_more(address) as taken:
        if not taken:
            state.metrics.refused.inc()
            await _refuse(socket, "too_many", words, TRY_LATER)
            return
        state.metrics.speaking.set(state.speech_connections.count)
        try:
            await _converse(socket, state.speech_sessions, words)
        finally:
            state.metrics.speaking.set(state.speech_connections.count - 1)


async def _refuse(socket: WebSocket, code: str, words: Words, close: int) -> None:
    error = wire.problem(code).error
    body = {"event_id": "event_0", "type": "error", "error": {**error, "message": words(code, {})}}
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(json.dumps(body, ensure_ascii=False))
        await socket.close(close)


async def _converse(socket: WebSocket, sessions: SpeechSessions, words: Words) -> None:
    """Serve one connection until either side ends it."""
    sessions.expire()
    live = sessions.begin(words)
    sessions.desk.queue.warm()
    connection = _Connection(socket, sessions, live)
    live.tell(wire.SessionCreated(live.session.described()))
    try:
        await connection.read()
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        await connection.leave()


class _Connection:
    """One connection, which may change over to the session that it lost."""

    def __init__(self, socket: WebSocket, sessions: SpeechSessions, live: LiveSession) -> None:
        self._socket = socket
        self._sessions = sessions
        self._words = live.words
        self._mistakes = 0
        self._over = False
        self._use(live)

    def _use(self, live: LiveSession) -> None:
        self._live = live
        outbox = live.attach()
        self._outbox: asyncio.Queue[dict[str, Any] | None] | None = outbox
        self._writer = asyncio.create_task(self._write(outbox))

    async def read(self) -> None:
        """Take messages, no faster than the session can follow."""
        while True:
            message = await self._receive()
            if message is None:
                return
            try:
                event = wire.parse(message)
                if isinstance(event, wire.Resume):
                    await self._resume(event)
                else:
                    await self._live.take(event)
                    await self._live.room()
            except wire.WireError as error:
                self._live.tell(wire.problem(error.code, error.param))
                self._mistakes += 1
                if self._mistakes >= MOST_MISTAKES:
                    return

    async def leave(self) -> None:
        """Close the connection; the session goes on for a while where it was only lost."""
        if not self._live.sends_to(self._outbox):
            pass  # another connection has taken the session over
        elif self._over or self._mistakes >= MOST_MISTAKES:
            self._sessions.end(self._live)
        else:
            self._live.detach()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(self._writer, 5)

    async def _receive(self) -> str | bytes | None:
        left = self._sessions.desk.settings.session_minutes * 60 - (
            time.monotonic() - self._live.began
        )
        try:
            message = await asyncio.wait_for(self._socket.receive(), max(0.0, left))
        except TimeoutError:
            self._live.tell(wire.problem("session_ended"))
            self._over = True
            return None
        if message["type"] == "websocket.disconnect":
            self._over = message.get("code") == GOING
            return None
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def _resume(self, event: wire.Resume) -> None:
        found = self._sessions.find(event.session_id)
        if found is None:
            self._live.tell(wire.problem("session_unknown"))
            return
        if found is not self._live:
            self._outbox = None  # the writer ends, the connection stays
            self._sessions.end(self._live)
            await self._writer
            found.words = self._words
            self._use(found)
        await found.replay(event)

    async def _write(self, outbox: asyncio.Queue[dict[str, Any] | None]) -> None:
        """Send what is in `outbox` until its end, and close if the session has moved on."""
        try:
            while (body := await outbox.get()) is not None:
                await self._socket.send_text(json.dumps(body, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError):
            return
        if outbox is self._outbox and self._socket.application_state == WebSocketState.CONNECTED:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._socket.close(POLICY if self._mistakes >= MOST_MISTAKES else GOING)
