"""Writes speech as WAV, raw PCM, Opus or MP3, by PyAV (FFmpeg)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from speech.errors import AudioInvalid
from speech.synthesis import Speech

if TYPE_CHECKING:
    from typing_extensions import Buffer


@dataclass(frozen=True, slots=True)
class Format:
    """A container and a codec of FFmpeg; `rate` where the codec prescribes one."""

    media_type: str
    container: str
    codec: str
    rate: int | None = None


FORMATS = MappingProxyType(
    {
        "wav": Format("audio/wav", "wav", "pcm_s16le"),
        "pcm": Format("audio/pcm", "s16le", "pcm_s16le"),
        "mp3": Format("audio/mpeg", "mp3", "libmp3lame"),
        "opus": Format("audio/ogg", "ogg", "libopus", rate=48_000),
        "flac": Format("audio/flac", "flac", "flac"),
    }
)
"""By the names that the OpenAI speech API uses; ``pcm`` is 16-bit little-endian mono."""


def encode(chunks: Iterable[Speech], rate: int, name: str) -> bytes:
    """Return the chunks as one file of the format `name`, complete with its lengths."""
    return b"".join(_encoded(chunks, rate, _format(name), streaming=False))


def encode_stream(chunks: Iterable[Speech], rate: int, name: str) -> Iterator[bytes]:
    """Yield the bytes of each chunk as soon as it is there; a WAV states no length.

    Raises `AudioInvalid` at once for a format that is not in `FORMATS`.
    """
    return _encoded(chunks, rate, _format(name), streaming=True)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise AudioInvalid(f"There is no format {name}; there are {', '.join(FORMATS)}.")
    return FORMATS[name]


class _Drain(io.RawIOBase):
    """A file that can only be written on, and whose bytes are taken out in between."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        written = bytes(data)
        self._bytes += written
        return len(written)

    def take(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken


def _encoded(
    chunks: Iterable[Speech], rate: int, shape: Format, *, streaming: bool
) -> Iterator[bytes]:
    sink = _Drain() if streaming else io.BytesIO()
    # Without a way back the container is told not to correct its header at the end.
    with av.open(sink, "w", format=shape.container) as container:
        stream = cast(
            av.AudioStream,
            container.add_stream(shape.codec, rate=shape.rate or rate, layout="mono"),
        )
        position = 0
        for chunk in chunks:
            frame = _frame(chunk, rate, position)
            position += len(chunk)
            for packet in stream.encode(frame):
                container.mux(packet)
            if isinstance(sink, _Drain) and (ready := sink.take()):
                yield ready
        for packet in stream.encode(None):
            container.mux(packet)
    yield sink.take() if isinstance(sink, _Drain) else sink.getvalue()


def _frame(chunk: Speech, rate: int, position: int) -> av.AudioFrame:
    samples = (np.clip(chunk, -1.0, 1.0) * 32_767).astype("<i2")
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate = rate
    frame.pts = position
    return frame
