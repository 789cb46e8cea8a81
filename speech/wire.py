"""The events of `/api/speech`, in the names of the OpenAI Realtime protocol.

`docs/speech.md` describes every one. What that protocol does not have is an
extension: binary audio frames, `resume` and `resumed`, `playback.started` and
`playback.stopped`, `partial`, `level`, `waiting`.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

LARGEST_FRAME = 256_000
"""Bytes of audio in one frame: eight seconds at 16 kHz."""

LONGEST_SPOKEN = 20_000
"""Characters of a text that the desk says aloud."""

FRAME_NUMBER = struct.Struct("<I")
"""What a binary frame begins with: its number, little-endian; PCM16 follows."""

FILE_HEADS = (
    b"RIFF",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"\x1aE\xdf\xa3",
    b"\xff\xfb",
    b"\x00\x00\x00 ftyp",
)
"""How audio files begin that are not the bare samples that are wanted here."""


class WireError(Exception):
    """A message that cannot be used; `code` names the sentence that is sent back."""

    def __init__(self, code: str, param: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.param = param


@dataclass(frozen=True, slots=True)
class SessionUpdate:
    """Change the settings of the session; only what is named changes."""

    type: ClassVar[str] = "session.update"
    session: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AudioAppend:
    """PCM16 audio; frames without a number count as the next one."""

    type: ClassVar[str] = "input_audio_buffer.append"
    audio: bytes
    number: int | None = None


@dataclass(frozen=True, slots=True)
class AudioCommit:
    """The utterance ends here."""

    type: ClassVar[str] = "input_audio_buffer.commit"


@dataclass(frozen=True, slots=True)
class AudioClear:
    """Forget the utterance that is under way."""

    type: ClassVar[str] = "input_audio_buffer.clear"


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a session whose connection was lost (extension)."""

    type: ClassVar[str] = "resume"
    session_id: str
    last_event_id: str = ""


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The device begins to say `text` aloud (extension)."""

    type: ClassVar[str] = "playback.started"
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlaybackStopped:
    """The device is silent again (extension)."""

    type: ClassVar[str] = "playback.stopped"


ClientEvent = (
    SessionUpdate
    | AudioAppend
    | AudioCommit
    | AudioClear
    | Resume
    | PlaybackStarted
    | PlaybackStopped
)


@dataclass(frozen=True, slots=True)
class SessionCreated:
    """The first event of a new session."""

    type: ClassVar[str] = "session.created"
    session: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SessionUpdated:
    """The settings in force: after `session.update`, and when the language was recognised."""

    type: ClassVar[str] = "session.updated"
    session: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The session goes on; send the frames from `next_frame` on (extension)."""

    type: ClassVar[str] = "resumed"
    session: Mapping[str, Any]
    next_frame: int


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak."""

    type: ClassVar[str] = "input_audio_buffer.speech_started"
    item_id: str
    audio_start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The utterance is over."""

    type: ClassVar[str] = "input_audio_buffer.speech_stopped"
    item_id: str
    audio_end_ms: int


@dataclass(frozen=True, slots=True)
class Committed:
    """The utterance waits for its recognition."""

    type: ClassVar[str] = "input_audio_buffer.committed"
    item_id: str
    previous_item_id: str | None


@dataclass(frozen=True, slots=True)
class Cleared:
    """The utterance that was under way is forgotten."""

    type: ClassVar[str] = "input_audio_buffer.cleared"


@dataclass(frozen=True, slots=True)
class TranscriptDelta:
    """Words that will hardly change any more; `completed` replaces them all."""

    type: ClassVar[str] = "conversation.item.input_audio_transcription.delta"
    item_id: str
    delta: str
    content_index: int = 0


@dataclass(frozen=True, slots=True)
class Partial:
    """What has been understood so far (extension)."""

    type: ClassVar[str] = "partial"
    item_id: str
    seq: int
    stable: str
    unstable: str


@dataclass(frozen=True, slots=True)
class TranscriptCompleted:
    """The final text; empty where nothing was said that counts, with the reason in `rejected`."""

    type: ClassVar[str] = "conversation.item.input_audio_transcription.completed"
    item_id: str
    transcript: str
    usage: Mapping[str, Any]
    language: str
    kana: str
    terms: tuple[str, ...]
    rejected: str
    content_index: int = 0


@dataclass(frozen=True, slots=True)
class TranscriptFailed:
    """The utterance could not be recognised."""

    type: ClassVar[str] = "conversation.item.input_audio_transcription.failed"
    item_id: str
    error: Mapping[str, Any]
    content_index: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """How loud the microphone is, in dB under full scale (extension)."""

    type: ClassVar[str] = "level"
    rms_db: float
    peak_db: float
    clipped: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An utterance waits: `position` others are before it; 0, its turn has come (extension)."""

    type: ClassVar[str] = "waiting"
    item_id: str
    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong, in words for the speaker; the session goes on unless it is closed."""

    type: ClassVar[str] = "error"
    error: Mapping[str, Any] = field(default_factory=dict)


ServerEvent = (
    SessionCreated
    | SessionUpdated
    | Resumed
    | SpeechStarted
    | SpeechStopped
    | Committed
    | Cleared
    | TranscriptDelta
    | Partial
    | TranscriptCompleted
    | TranscriptFailed
    | Level
    | Waiting
    | Problem
)


def problem(code: str, param: str | None = None) -> Problem:
    """Return an error event; whoever sends it adds the words, in the language of the page."""
    kind = "server_error" if code in SERVER_FAULTS else "invalid_request_error"
    return Problem({"type": kind, "code": code, "param": param})


SERVER_FAULTS = frozenset({"busy", "recognition_failed", "speech_off"})
"""The codes for which the client is not to blame."""


def parse(message: str | bytes) -> ClientEvent:
    """Read one message of a client; raises `WireError` where it cannot be used."""
    if isinstance(message, bytes):
        if len(message) < FRAME_NUMBER.size:
            raise WireError("invalid_audio")
        (number,) = FRAME_NUMBER.unpack_from(message)
        if _is_text(message):
            raise WireError("text_as_audio")
        return AudioAppend(_pcm16(message[FRAME_NUMBER.size :]), number)
    try:
        body = json.loads(message)
    except (ValueError, RecursionError):
        raise WireError("invalid_json") from None
    if not isinstance(body, dict):
        raise WireError("invalid_json")
    return _event(body)


def _event(body: dict[str, Any]) -> ClientEvent:
    kind = body.get("type")
    if kind == AudioAppend.type:
        return _append(body)
    if kind == SessionUpdate.type:
        if not isinstance(body.get("session"), dict):
            raise WireError("invalid_value", "session")
        return SessionUpdate(body["session"])
    if kind == Resume.type:
        return Resume(_text(body, "session_id"), _text(body, "last_event_id", ""))
    if kind == PlaybackStarted.type:
        return PlaybackStarted(_text(body, "text", ""))
    for plain in (AudioCommit, AudioClear, PlaybackStopped):
        if kind == plain.type:
            return plain()
    raise WireError("unknown_event", str(kind)[:60])


def _append(body: dict[str, Any]) -> AudioAppend:
    number = body.get("number")
    if number is not None and (type(number) is not int or not 0 <= number < 2**32):
        raise WireError("invalid_value", "number")
    audio = body.get("audio")
    if not isinstance(audio, str):
        raise WireError("invalid_value", "audio")
    try:
        decoded = base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError):
        raise WireError("invalid_audio", "audio") from None
    if _is_text(decoded):
        raise WireError("text_as_audio", "audio")
    return AudioAppend(_pcm16(decoded), number)


def _text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > LONGEST_SPOKEN:
        raise WireError("invalid_value", name)
    return value


def _pcm16(audio: bytes) -> bytes:
    if len(audio) > LARGEST_FRAME:
        raise WireError("frame_too_large")
    if len(audio) % 2:
        raise WireError("invalid_audio")
    if audio.startswith(FILE_HEADS):
        raise WireError("file_as_audio")
    return audio


def _is_text(payload: bytes) -> bool:
    """Say whether `payload` is written text: samples hardly ever are valid UTF-8 without signs."""
    if len(payload) < 16:
        return False
    try:
        return payload.decode().replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False


def frame(number: int, pcm16: bytes) -> bytes:
    """Return a binary frame."""
    return FRAME_NUMBER.pack(number) + pcm16
