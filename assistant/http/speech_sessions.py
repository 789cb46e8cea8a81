"""The sessions by voice of one process: their queue, their events, and their lost connections.

A session outlives its connection for a while, so that a tablet that walked
through a dead spot goes on where it was.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from assistant.http.metrics import Metrics
from assistant.speech_desk import MOST_WAITING, SpeechDesk
from speech import wire
from speech.errors import SpeechError
from speech.recognition import Recognition
from speech.recognition_queue import Hearing, QueueFull
from speech.session import Hear, Heard, Input, Moved, Output, Sample, Session, Unheard
from speech.session_log import EventLog

log = logging.getLogger(__name__)

UNREAD_EVENTS = 500
"""Events that wait for a client to read them; then its connection counts as lost."""

Words = Callable[[str, Mapping[str, Any]], str]
"""Puts the code of an error into the words of the speaker."""


class LiveSession:
    """A session with its events, its utterances in the queue and, mostly, a connection."""

    def __init__(self, session: Session, desk: SpeechDesk, words: Words, metrics: Metrics) -> None:
        self.session = session
        self.words = words
        self.began = time.monotonic()
        self.left: float | None = None
        """When the connection was lost; None while there is one."""
        self._desk = desk
        self._metrics = metrics
        self._log = EventLog(max(desk.settings.resume_seconds, 60.0))
        self._lock = asyncio.Lock()
        self._room = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._outbox: asyncio.Queue[dict[str, Any] | None] | None = None
        self._ended: dict[str, float] = {}
        """When the utterances ended that have no final text yet."""

    def attach(self) -> asyncio.Queue[dict[str, Any] | None]:
        """Take a new connection; return what is to be sent over it, None for its end."""
        self.detach()
        self.left = None
        self._outbox = asyncio.Queue(UNREAD_EVENTS)
        return self._outbox

    def sends_to(self, outbox: asyncio.Queue[dict[str, Any] | None] | None) -> bool:
        """Say whether `outbox` is still that of the current connection."""
        return outbox is not None and outbox is self._outbox

    def detach(self) -> None:
        """Note that the connection is lost."""
        if self._outbox is not None:
            outbox, self._outbox = self._outbox, None
            while outbox.full():
                outbox.get_nowait()
            outbox.put_nowait(None)
        self.left = time.monotonic()

    def close(self) -> None:
        """End the session: nobody waits for its utterances any more."""
        self.detach()
        self._desk.queue.forget(f"{self.session.id}/")
        for task in self._tasks:
            task.cancel()

    async def take(self, event: Input) -> None:
        """Give one event to the session and do what follows from it."""
        async with self._lock:
            if isinstance(event, wire.AudioAppend):
                # Voice activity is computed here: a few tenths of a millisecond.
                outputs = await asyncio.to_thread(self.session.handle, event)
            else:
                outputs = self.session.handle(event)
            for output in outputs:
                self._do(output)
        if self.session.waiting < MOST_WAITING:
            self._room.set()

    async def room(self) -> None:
        """Wait until so few utterances wait that more audio may come."""
        while self.session.waiting >= MOST_WAITING:
            self._room.clear()
            await self._room.wait()

    async def replay(self, event: wire.Resume) -> None:
        """Go on over a new connection: say where to go on, send what was missed."""
        async with self._lock:
            for output in self.session.handle(event):
                self._do(output)
            for body in self._log.after(event.last_event_id):
                self._send(body)

    def tell(self, event: wire.ServerEvent) -> None:
        """Send one event; errors get their words here."""
        if isinstance(event, wire.Committed):
            self._ended[event.item_id] = time.monotonic()
        elif isinstance(event, wire.TranscriptCompleted) and event.item_id in self._ended:
            waited = time.monotonic() - self._ended.pop(event.item_id)
            self._metrics.final_seconds.observe(waited)
            if event.transcript:
                self._loop.run_in_executor(None, self._desk.warm_voice, event.language)
        if isinstance(event, wire.Problem | wire.TranscriptFailed):
            event = replace(event, error={**event.error, "message": self._message(event.error)})
        self._send(self._log.add(event, time.monotonic()))

    def _message(self, error: Mapping[str, Any]) -> str:
        return self.words(str(error["code"]), error)

    def _send(self, body: dict[str, Any]) -> None:
        if self._outbox is None:
            return
        try:
            self._outbox.put_nowait(body)
        except asyncio.QueueFull:
            log.info("a client does not read its events; its connection is closed")
            self.detach()

    def _do(self, output: Output) -> None:
        if isinstance(output, Sample):
            self._loop.run_in_executor(None, self._desk.samples.keep, output)
            return
        if not isinstance(output, Hear):
            self.tell(output)
            return

        def done(outcome: Recognition | SpeechError | None) -> None:
            if isinstance(outcome, SpeechError):
                event: Input = Unheard(output, "recognition_failed")
            else:
                event = Heard(output, outcome)
            self._later(event)

        def moved(position: int, seconds: float) -> None:
            self._later(Moved(output.item_id, position, seconds))

        hearing = Hearing(
            f"{self.session.id}/{output.item_id}",
            output.kind,
            output.audio,
            output.lang,
            self._desk.langs,
            done,
            moved if output.kind == "final" else None,
            output.question,
        )
        try:
            self._desk.queue.submit(hearing)
        except QueueFull:
            self._later(Unheard(output, "busy"))
        except SpeechError:
            self._later(Unheard(output, "recognition_failed"))

    def _later(self, event: Input) -> None:
        """Let the loop take `event`; called in the thread of the queue as well."""

        def start() -> None:
            task = self._loop.create_task(self.take(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(start)


class SpeechSessions:
    """All live sessions, with a connection or waiting for one."""

    def __init__(self, desk: SpeechDesk, metrics: Metrics) -> None:
        self.desk = desk
        self.metrics = metrics
        self._sessions: dict[str, LiveSession] = {}

    def begin(self, words: Words) -> LiveSession:
        """Return a new session; where too many are waiting for connections, the oldest ends."""
        live = LiveSession(self.desk.session(), self.desk, words, self.metrics)
        self._sessions[live.session.id] = live
        lost = [one for one in self._sessions.values() if one.left is not None]
        for old in sorted(lost, key=lambda one: one.left or 0.0)[: -self.desk.settings.connections]:
            self.end(old)
        return live

    def find(self, session_id: str) -> LiveSession | None:
        """Return the session under an identifier, if it has not ended."""
        self.expire()
        return self._sessions.get(session_id)

    def end(self, live: LiveSession) -> None:
        """End one session and forget it."""
        self._sessions.pop(live.session.id, None)
        live.close()

    def expire(self) -> None:
        """End the sessions whose connection did not come back."""
        limit = time.monotonic() - self.desk.settings.resume_seconds
        for live in list(self._sessions.values()):
            if live.left is not None and live.left < limit:
                self.end(live)

    def close(self) -> None:
        """End everything, as the server ends."""
        for live in list(self._sessions.values()):
            self.end(live)
        self.desk.queue.close()
