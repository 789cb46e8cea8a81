"""Whisper by transformers, for any of its models: a hub name or a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np

from speech.errors import RecognitionFailed, WeightsMissing
from speech.kana_tokens import KANA_BEAMS, KANA_PROMPT, KANA_REPEATED, not_kana
from speech.recognition import SAMPLE_RATE, Samples
from speech.whisper import Encoded, Hypothesis

LONGEST_TEXT = 200
"""Tokens of an utterance."""

LONGEST_PROMPT = 223
"""Tokens of what was said before: half of what the decoder sees, less one."""


class TransformersModel:
    """A Whisper model; one call at a time. Raises `WeightsMissing` where it cannot be loaded."""

    window = 30.0

    def __init__(self, model: str, *, device: str = "") -> None:
        import torch
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._processor = WhisperProcessor.from_pretrained(model)
            self._model = WhisperForConditionalGeneration.from_pretrained(model)
        except (OSError, ValueError) as error:
            raise WeightsMissing(f"The model {model} cannot be loaded: {error}.") from error
        self._model = self._model.to(self._device).eval()
        self._tokenizer = self._processor.tokenizer

    def encode(self, audio: Samples) -> Encoded:
        """Return the encoding of an utterance of at most 30 seconds."""
        import torch

        features = self._processor.feature_extractor(
            audio, sampling_rate=SAMPLE_RATE, return_tensors="pt"
        ).input_features
        with torch.inference_mode(), _failures():
            value = self._model.get_encoder()(features.to(self._device, self._model.dtype))
        return Encoded(value)

    def languages(self, encoded: Encoded) -> dict[str, float]:
        """Return the probability of each language, by Whisper's code."""
        import torch
        from transformers.models.whisper.tokenization_whisper import LANGUAGES

        start = torch.tensor([[self._id("<|startoftranscript|>")]], device=self._device)
        with torch.inference_mode(), _failures():
            logits = self._model(encoder_outputs=encoded.value, decoder_input_ids=start).logits[
                0, -1
            ]
        known = {code: self._tokenizer.convert_tokens_to_ids(f"<|{code}|>") for code in LANGUAGES}
        ids = {code: token for code, token in known.items() if token is not None}
        shares = torch.softmax(logits[list(ids.values())].float(), dim=-1).tolist()
        return dict(zip(ids, shares, strict=True))

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
        import torch
        from transformers import GenerationMixin

        before = prompt or (KANA_PROMPT if kana else "")
        start = self._start(code, before)
        suppressed = self._not_kana if kana else self._model.generation_config.suppress_tokens
        with torch.inference_mode(), _failures():
            # Whisper's own `generate` encodes anew; the general one takes what was encoded.
            result = GenerationMixin.generate(
                self._model,
                encoder_outputs=encoded.value,
                decoder_input_ids=torch.tensor([start], device=self._device),
                num_beams=KANA_BEAMS if kana else beams,
                no_repeat_ngram_size=KANA_REPEATED if kana else 0,
                suppress_tokens=list(suppressed or ()),
                begin_suppress_tokens=self._model.generation_config.begin_suppress_tokens,
                max_new_tokens=LONGEST_TEXT,
                do_sample=False,
                return_dict_in_generate=True,
                output_scores=True,
            )
        tokens = result.sequences[0, len(start) :]
        scores = self._model.compute_transition_scores(
            result.sequences, result.scores, getattr(result, "beam_indices", None),
            normalize_logits=True,
        )[0]  # fmt: skip
        said = tokens != self._model.generation_config.pad_token_id
        said[:1] = True
        mean = float(scores[: len(tokens)][said[: len(scores)]].float().mean())
        return Hypothesis(
            self._tokenizer.decode(tokens, skip_special_tokens=True).strip(),
            mean if np.isfinite(mean) else float("-inf"),
        )

    def _start(self, code: str, before: str) -> list[int]:
        start = [
            self._id("<|startoftranscript|>"),
            self._id(f"<|{code}|>"),
            self._id("<|transcribe|>"),
            self._id("<|notimestamps|>"),
        ]
        if not before:
            return start
        ids = self._tokenizer(" " + before, add_special_tokens=False).input_ids
        return [self._id("<|startofprev|>"), *ids[-LONGEST_PROMPT:], *start]

    def _id(self, token: str) -> int:
        found: Any = self._tokenizer.convert_tokens_to_ids(token)
        if found is None or found == self._tokenizer.unk_token_id != self._tokenizer.eos_token_id:
            raise RecognitionFailed(f"The model does not know {token}.")
        return int(found)

    @cached_property
    def _not_kana(self) -> list[int]:
        end = self._id("<|endoftext|>")
        return not_kana(self._model.config.vocab_size, end, self._decoded)

    def _decoded(self, token: int) -> str:
        return str(self._tokenizer.decode([token]))


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise RecognitionFailed(f"The speech model failed: {error}.") from error
