"""What `python -m evals speech` listens to: synthesised questions, recordings, and nothing said.

Synthesised speech is easier than people: it is marked as such wherever it is reported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from speech.audio import decode, resampled, to_wav
from speech.narration import Narration
from speech.recognition import SAMPLE_RATE, Samples
from speech.synthesis_kokoro import TIMBRES, KokoroSynthesizer

CASES = Path(__file__).parent / "cases" / "speech.jsonl"
LONGEST_SECONDS = 120.0


@dataclass(frozen=True)
class Clip:
    """A recording, or one to be made: `source` says which; `slugs` answer its question."""

    text: str
    lang: str
    source: str
    audio: Samples
    slugs: tuple[str, ...] = ()


def synthesised(folder: Path, half: str, limit: int = 0, cases: Path = CASES) -> Iterator[Clip]:
    """Yield the questions of one half as clips; what was made before is read from `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    voices: dict[str, Narration] = {}
    for case in chosen(cases, half, limit):
        timbre = TIMBRES[_number(case["text"], 0) % len(TIMBRES)]
        name = hashlib.sha256(f"{timbre}|{case['text']}".encode()).hexdigest()[:24]
        path = folder / f"synthesised-{name}.wav"
        if not path.is_file():
            if timbre not in voices:
                voices[timbre] = _voice(timbre)
            path.write_bytes(to_wav(_spoken(voices[timbre], case["text"])))
        audio = decode(path, LONGEST_SECONDS)
        yield Clip(case["text"], case["lang"], f"synthesised:{timbre}", audio, tuple(case["slugs"]))


def chosen(cases: Path, half: str, limit: int = 0) -> list[dict[str, str]]:
    """Return the cases of a half, ``dev``, ``test`` or ``all``, which a hash of the text tells."""
    lines = cases.read_text(encoding="utf-8").splitlines()
    every = [json.loads(line) for line in lines if line.strip()]
    wanted = [one for one in every if half in ("all", half_of(one["text"]))]
    return wanted[: limit or None]


def half_of(text: str) -> str:
    """Return the half a question is in; constants were chosen on ``dev``."""
    return ("dev", "test")[_number(text, 8, 2) % 2]


def recorded(manifest: Path, limit: int = 0) -> Iterator[Clip]:
    """Yield the clips of a manifest: JSON lines with audio_filepath, lang and text."""
    lines = manifest.read_text(encoding="utf-8").splitlines()
    for line in [line for line in lines if line.strip()][: limit or None]:
        entry = json.loads(line)
        path = manifest.parent / entry["audio_filepath"]
        yield Clip(entry["text"], entry["lang"], "recorded", decode(path, LONGEST_SECONDS))


def noises(folder: Path | None) -> list[Samples]:
    """Return background noises: the files of a folder, else generated ones."""
    if folder is None:
        random = np.random.default_rng(3)
        return [_coloured(random, 20.0, power) for power in (0.5, 1.0)]
    return [decode(path, LONGEST_SECONDS) for path in sorted(folder.glob("noise*"))]


def mixed(clip: Clip, noise: Samples, decibels: float) -> Clip:
    """Return a clip with noise under it, so many dB below the speech."""
    start = _number(clip.text, 16) % len(noise)
    under = np.resize(np.roll(noise, -start), len(clip.audio))
    power = float(np.mean(np.square(clip.audio))) / max(float(np.mean(np.square(under))), 1e-12)
    under = under * np.sqrt(power / 10 ** (decibels / 10))
    both = np.clip(clip.audio + under, -1.0, 1.0).astype(np.float32)
    return replace(clip, audio=both)


def unspoken(count: int, recordings: Sequence[Samples] = ()) -> Iterator[Samples]:
    """Yield `count` clips in which nobody speaks, the same ones each time.

    In turn: silence, faint noise, noise of three colours, hum, chords, knocks, and
    pieces of `recordings` at several levels.
    """
    for number in range(count):
        random = np.random.default_rng(1000 + number)
        seconds = float(random.uniform(1.0, 8.0))
        level = 10 ** (float(random.uniform(-50, -12)) / 20)
        kind = number % (8 if recordings else 7)
        if kind == 0:
            yield np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
        elif kind == 1:
            yield 0.001 * _coloured(random, seconds, 0.0)
        elif kind in (2, 3, 4):
            yield level * _coloured(random, seconds, (0.0, 0.5, 1.0)[kind - 2])
        elif kind == 5:
            yield level * _chords(random, seconds)
        elif kind == 6:
            yield level * _knocks(random, seconds)
        else:
            source = recordings[number % len(recordings)]
            start = int(random.integers(max(1, len(source) - SAMPLE_RATE)))
            piece = np.resize(np.roll(source, -start), int(seconds * SAMPLE_RATE))
            yield np.clip(float(random.uniform(0.1, 2.0)) * piece, -1, 1).astype(np.float32)


def _coloured(random: np.random.Generator, seconds: float, power: float) -> Samples:
    """Noise whose amplitude falls with frequency to the `power`: white, pink, brown."""
    size = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(random.standard_normal(size))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1.0) ** power
    noise = np.fft.irfft(spectrum, size)
    return np.asarray(noise / max(float(np.abs(noise).max()), 1e-9), dtype=np.float32)


def _chords(random: np.random.Generator, seconds: float) -> Samples:
    """Music of a sort: three tones with overtones, a new chord every half second."""
    pieces = []
    for _ in range(int(seconds * 2) + 1):
        time = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
        root = float(random.uniform(110, 440))
        tones = [
            np.sin(2 * np.pi * root * step * part * time) / part
            for step in (1.0, 1.26, 1.5)
            for part in (1, 2, 3)
        ]
        pieces.append(np.sum(tones, axis=0) * np.exp(-3 * time) / 6)
    return np.concatenate(pieces).astype(np.float32)


def _knocks(random: np.random.Generator, seconds: float) -> Samples:
    audio = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
    decay = np.exp(-np.arange(2000) / 200).astype(np.float32)
    for place in random.integers(0, max(1, len(audio) - 2000), int(seconds * 2) + 1):
        end = min(len(audio), int(place) + 2000)
        knock = random.standard_normal(end - place).astype(np.float32) * decay[: end - place]
        audio[place:end] += 0.3 * knock
    return np.clip(audio, -1, 1)


def _voice(timbre: str) -> Narration:
    from speech.phonemizer_openjtalk import OpenJTalkPhonemizer

    return Narration(KokoroSynthesizer({"ja": OpenJTalkPhonemizer}, timbre))


def _spoken(voice: Narration, text: str) -> Samples:
    pieces: Iterable[Samples] = voice.speak(text, "ja")
    return resampled(np.concatenate(list(pieces)), voice.sample_rate)


def _number(text: str, start: int, digits: int = 8) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[start : start + digits], 16)
