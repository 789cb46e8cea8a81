"""A speaker's side of `/api/speech`, without input or output: what to send, what was heard.

It numbers the frames and keeps the last minute of them, so that a connection
may be lost at any moment: after `connected` it says by itself what has to be
sent again.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from speech import wire
from speech.recognition import SAMPLE_RATE

KEEP_SECONDS = 60.0
"""How much audio is kept for a connection that comes back."""

_BYTES_A_SECOND = 2 * SAMPLE_RATE

Message = str | bytes


class SessionClient:
    """One speaker; `send` and `commit` return nothing to send while there is no session.

    `settings` are sent to every new session, under `session.audio.input`.
    """

    def __init__(
        self, keep_seconds: float = KEEP_SECONDS, settings: Mapping[str, Any] | None = None
    ) -> None:
        self._settings = settings or {}
        self._keep_bytes = int(keep_seconds * _BYTES_A_SECOND)
        self._frames: deque[tuple[int, bytes]] = deque()
        self._kept = 0
        self._number = 0
        self._session_id: str | None = None
        self._fresh_id = ""
        self._last_event = ""
        self._flowing = False
        self._committing = False
        self._committed = False
        self._base_ms = 0.0
        """Where the audio of the present session begins, in that of the speaker."""
        self._done_ms = 0.0
        self._open: dict[str, float] = {}
        """Utterances without a final text, with their ends in milliseconds of the speaker."""

    @property
    def finished(self) -> bool:
        """Whether everything that was said has its final text."""
        return self._committed and not self._open

    def connected(self) -> list[Message]:
        """Return what is sent first over a new connection."""
        self._flowing = False
        if self._session_id is None:
            return []
        return [_json("resume", session_id=self._session_id, last_event_id=self._last_event)]

    def send(self, pcm16: bytes) -> list[Message]:
        """Take the next audio; return what can be sent now."""
        frame = wire.frame(self._number, pcm16)
        self._frames.append((self._number, frame))
        self._number += 1
        self._kept += len(pcm16)
        while self._kept > self._keep_bytes:
            _, dropped = self._frames.popleft()
            self._kept -= len(dropped) - wire.FRAME_NUMBER.size
        return [frame] if self._flowing else []

    def commit(self) -> list[Message]:
        """End the utterance: nothing more is said."""
        self._committing = True
        return [_json("input_audio_buffer.commit")] if self._flowing else []

    def received(self, event: dict[str, Any]) -> list[Message]:
        """Take one event of the server; return what has to be sent because of it."""
        kind = event["type"]
        if kind == wire.SessionCreated.type:
            self._fresh_id = event["session"]["id"]
            return self._begin() if self._session_id is None else []
        if kind == wire.Resumed.type:
            return self._flow([item for item in self._frames if item[0] >= event["next_frame"]])
        code = event["error"].get("code") if kind == wire.Problem.type else None
        if code == "session_unknown":
            return self._begin()
        if self._flowing:
            self._last_event = event["event_id"]
        if code == "input_audio_buffer_commit_empty" and self._committing:
            self._committed = True
        self._follow(event)
        return []

    def _follow(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case wire.SpeechStarted.type:
                self._open[event["item_id"]] = 0.0
            case wire.SpeechStopped.type:
                self._open[event["item_id"]] = self._base_ms + event["audio_end_ms"]
            case wire.Committed.type:
                self._committed = self._committing
            case wire.TranscriptCompleted.type | wire.TranscriptFailed.type:
                self._done_ms = max(self._done_ms, self._open.pop(event["item_id"], 0.0))

    def _begin(self) -> list[Message]:
        """Go on in a new session, with everything that has no final text yet."""
        self._session_id = self._fresh_id
        self._last_event = ""
        self._open.clear()
        left = [item for item in self._frames if self._end_ms(item[0]) > self._done_ms]
        first = left[0][0] if left else self._number
        self._base_ms = self._end_ms(first - 1)
        changed = {"type": "transcription", "audio": {"input": self._settings}}
        first_said = [_json("session.update", session=changed)] if self._settings else []
        return [*first_said, *self._flow(left)]

    def _flow(self, frames: list[tuple[int, bytes]]) -> list[Message]:
        self._flowing = True
        messages: list[Message] = [frame for _, frame in frames]
        if self._committing and not self._committed:
            messages.append(_json("input_audio_buffer.commit"))
        return messages

    def _end_ms(self, number: int) -> float:
        """Where a frame ends, in milliseconds; all frames but the last are of one length."""
        first = self._frames[0] if self._frames else (0, b"")
        length = len(first[1]) - wire.FRAME_NUMBER.size if first[1] else 0
        return (number + 1) * length * 1000 / _BYTES_A_SECOND


def _json(kind: str, **fields: object) -> str:
    return json.dumps({"type": kind, **fields}, ensure_ascii=False)
