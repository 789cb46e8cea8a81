"""Speech is written in the formats of the speech API."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import av
import numpy as np
import pytest

from speech.encoding import FORMATS, encode, encode_stream
from speech.errors import AudioInvalid
from speech.synthesis import Speech

RATE = 24_000


def tone(seconds: float) -> Speech:
    samples: Speech = (0.5 * np.sin(np.arange(int(seconds * RATE)) * 0.1)).astype(np.float32)
    return samples


def seconds(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as container:
        return sum(
            frame.samples / frame.sample_rate
            for frame in container.decode(container.streams.audio[0])
        )


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"pcm"}))
def test_a_file_and_a_stream_hold_the_whole_speech(name: str) -> None:
    chunks = [tone(1), tone(0.01), tone(0.5)]
    assert seconds(encode(chunks, RATE, name)) == pytest.approx(1.51, abs=0.1)
    assert seconds(b"".join(encode_stream(chunks, RATE, name))) == pytest.approx(1.51, abs=0.1)


def test_pcm_is_16_bit_little_endian() -> None:
    samples = np.frombuffer(encode([tone(1)], RATE, "pcm"), "<i2")
    np.testing.assert_allclose(samples / 32_767, tone(1), atol=1e-4)


def test_a_wav_file_states_its_length() -> None:
    with wave.open(io.BytesIO(encode([tone(1)], RATE, "wav"))) as file:
        assert (file.getnframes(), file.getframerate(), file.getnchannels()) == (RATE, RATE, 1)


def test_a_stream_gives_the_first_chunk_before_the_second_is_made() -> None:
    made = []

    def chunks() -> Iterator[Speech]:
        for number in range(3):
            made.append(number)
            yield tone(1)

    stream = encode_stream(chunks(), RATE, "mp3")
    assert next(stream)
    assert made == [0]


def test_an_unknown_format_is_refused_at_once() -> None:
    with pytest.raises(AudioInvalid, match="aiff"):
        encode_stream([], RATE, "aiff")
    with pytest.raises(AudioInvalid, match="aiff"):
        encode([], RATE, "aiff")


def test_loud_speech_is_limited_not_wrapped() -> None:
    samples = np.frombuffer(encode([np.full(10, 1.7, np.float32)], RATE, "pcm"), "<i2")
    assert samples.min() == 32_767
