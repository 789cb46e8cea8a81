"""Audio in and out, and everything that is none."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest

from speech.audio import decode, from_pcm16, resampled, to_pcm16, to_wav
from speech.errors import AudioInvalid
from speech.levels import FLOOR, clipped_share, rms_dbfs
from speech.testing import silence, tone


def encoded(container: str, codec: str, seconds: float = 1.0, rate: int = 48_000) -> bytes:
    """A tone in some format, in stereo."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="stereo")
        time = np.arange(int(seconds * rate)) / rate
        wave = (0.1 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        frame.rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return buffer.getvalue()


def video(with_sound: bool) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="matroska") as file:
        picture = file.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        sound = file.add_stream("aac", rate=16_000, layout="mono") if with_sound else None
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            for packet in picture.encode(frame):
                file.mux(packet)
        for packet in picture.encode(None):
            file.mux(packet)
        if sound is not None:
            audio = av.AudioFrame.from_ndarray(tone(1.0)[None], format="fltp", layout="mono")
            audio.rate = 16_000
            for packet in (*sound.encode(audio), *sound.encode(None)):
                file.mux(packet)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("container", "codec"),
    [("wav", "pcm_s16le"), ("wav", "pcm_f32le"), ("mp3", "libmp3lame"), ("ogg", "libopus"),
     ("webm", "libopus"), ("flac", "flac"), ("mp4", "aac")],
)  # fmt: skip
def test_common_formats_become_mono_at_16_khz(container: str, codec: str) -> None:
    samples = decode(encoded(container, codec), 10)
    assert samples.dtype == np.float32 and samples.ndim == 1
    assert abs(len(samples) - 16_000) < 2_000
    assert rms_dbfs(samples) == pytest.approx(-23, abs=2)


def test_a_file_a_path_and_bytes_are_the_same(tmp_path: Path) -> None:
    data = to_wav(tone(0.5))
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    whole = decode(data, 10)
    assert np.array_equal(whole, decode(path, 10))
    assert np.array_equal(whole, decode(io.BytesIO(data), 10))


def test_the_sound_of_a_video_is_taken_and_a_silent_film_refused() -> None:
    assert len(decode(video(True), 10)) > 10_000
    with pytest.raises(AudioInvalid, match="holds no sound"):
        decode(video(False), 10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "これは文章であって音ではありません。".encode() * 100,
        b"RIFF",
        to_wav(tone(1.0))[:20],
        encoded("ogg", "libopus")[:30],
        bytes(1000),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_what_is_no_audio_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(AudioInvalid) as caught:
        decode(data, 10)
    assert str(caught.value).count(".") == 1


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioInvalid, match=r"gone\.wav cannot be read"):
        decode(tmp_path / "gone.wav", 10)


def test_a_recording_that_is_too_long_is_not_decoded_to_its_end() -> None:
    half_an_hour = to_wav(np.zeros(30 * 60 * 16_000, dtype=np.float32))
    with pytest.raises(AudioInvalid, match="longer than 60 seconds"):
        decode(half_an_hour, 60)
    # A stream that hides its length is cut off as well.
    with pytest.raises(AudioInvalid, match="longer than 1 seconds"):
        decode(encoded("webm", "libopus", 5.0), 1)


def test_pcm_goes_there_and_back() -> None:
    samples = tone(0.1)
    assert np.abs(from_pcm16(to_pcm16(samples)) - samples).max() < 1e-4
    assert from_pcm16(to_pcm16(np.array([2.0, -2.0], np.float32))).tolist() == [
        32767 / 32768,
        -1.0,
    ]
    with pytest.raises(AudioInvalid, match="odd number of bytes"):
        from_pcm16(b"abc")


def test_resampling_keeps_the_length_in_seconds() -> None:
    assert len(resampled(tone(1.0), 48_000)) == pytest.approx(16_000 / 3, abs=2)
    samples = tone(0.1)
    assert resampled(samples, 16_000) is samples


def test_levels() -> None:
    assert rms_dbfs(tone(1.0, level=-20)) == pytest.approx(-20, abs=0.1)
    assert rms_dbfs(silence(1.0)) == rms_dbfs(silence(0)) == FLOOR
    assert clipped_share(np.clip(10 * tone(1.0), -1, 1)) > 0.2
    assert clipped_share(tone(1.0)) == clipped_share(silence(0)) == 0
