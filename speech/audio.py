"""Audio in and out: files of any common format, raw PCM from a browser, WAV."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from speech.errors import AudioInvalid, AudioTooLong
from speech.recognition import SAMPLE_RATE, Samples

FORMATS = (
    "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,gsm,matroska,webm,mov,mp3,mp4,m4a,3gp,3g2,"
    "mpeg,mpegts,oga,ogg,opus,w64,wav"
)
"""Containers that are read. Playlists and scripts that name other files are not among
them, so that an upload can make the server open neither a file nor an address."""

PCM_PEAK = 32_768
"""What 16-bit samples are divided by."""


def decode(source: bytes | BinaryIO | Path, max_seconds: float) -> Samples:
    """Return the sound of a recording, or of a video, as mono at 16 kHz.

    Raises `AudioInvalid` where it is no audio, damaged, silent by having no
    sound track, or longer than `max_seconds`; nothing past that is decoded.
    """
    import av

    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                return decode(file, max_seconds)
        except OSError as error:
            raise AudioInvalid(f"The file {source.name} cannot be read.") from error
    opened: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        # `opened` rather than a name: FFmpeg would take a name for a protocol.
        container = av.open(
            opened,
            mode="r",
            container_options={"format_whitelist": FORMATS, "protocol_whitelist": "none"},
        )
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise AudioInvalid("The file is not audio, or its beginning is damaged.") from error
    with container:
        if not container.streams.audio:
            raise AudioInvalid("The file holds no sound.")
        pieces, total = [], 0
        limit = int(max_seconds * SAMPLE_RATE)
        if container.duration and container.duration / av.time_base > max_seconds + 1:
            raise _too_long(max_seconds)
        try:
            for piece in _resampled(container):
                total += len(piece)
                if total > limit:
                    raise _too_long(max_seconds)
                pieces.append(piece)
        except (av.FFmpegError, ValueError, EOFError) as error:
            raise AudioInvalid("The recording is damaged or breaks off in the middle.") from error
    if not total:
        raise AudioInvalid("The file holds no sound.")
    return _clean(np.concatenate(pieces))


def from_pcm16(data: bytes) -> Samples:
    """Return raw 16-bit little-endian mono PCM at 16 kHz as samples.

    Raises `AudioInvalid` for half a sample, which shows that frames were mixed up.
    """
    if len(data) % 2:
        raise AudioInvalid("The audio has an odd number of bytes; 16-bit samples were expected.")
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(PCM_PEAK)


def to_pcm16(samples: Samples) -> bytes:
    """Return samples as raw 16-bit little-endian PCM; what is too loud is clipped."""
    scaled = np.clip(np.round(samples * PCM_PEAK), -PCM_PEAK, PCM_PEAK - 1)
    return scaled.astype("<i2").tobytes()


def to_wav(samples: Samples, sample_rate: int = SAMPLE_RATE) -> bytes:
    """Return samples as the bytes of a 16-bit mono WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(to_pcm16(samples))
    return buffer.getvalue()


def resampled(samples: Samples, sample_rate: int, wanted: int = SAMPLE_RATE) -> Samples:
    """Return mono samples of one rate at another."""
    if sample_rate == wanted or not len(samples):
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, sample_rate, wanted), dtype=np.float32)


def _resampled(container: Any) -> Iterator[Samples]:
    import av

    # Channels are averaged here: FFmpeg adds them up by 3 dB, which clips loud stereo.
    resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE)
    for frame in container.decode(container.streams.audio[0]):
        for piece in resampler.resample(frame):
            yield _mono(piece)
    for piece in resampler.resample(None):
        yield _mono(piece)


def _mono(frame: Any) -> Samples:
    return np.asarray(frame.to_ndarray().mean(axis=0), dtype=np.float32)


def _clean(samples: Samples) -> Samples:
    """Files of floats may hold anything."""
    return np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0)


def _too_long(max_seconds: float) -> AudioTooLong:
    return AudioTooLong(f"The recording is longer than {max_seconds:g} seconds.")
