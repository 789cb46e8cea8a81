"""The packaged encoder, run by ONNX Runtime without torch.

Word vectors stay in 4 bits on disk, mapped into memory, and a row is
dequantised when a token asks for it. A question runs on one thread; documents
run in batches of like length on two.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from knowledge.embedding import (
    EmbeddingKind,
    Encoded,
    EncodingProgress,
    TokenVectors,
    encodable,
    unit_rows,
)
from knowledge.packed_model import BLOCK_DTYPE, dequantise
from knowledge.weights import ENCODER, TOKENIZER, WORD_VECTORS, model_name, verify

LONGEST = 512
"""The most tokens the model reads; longer texts are cut."""

WORKERS = 2
BATCH = 16
"""Texts a batch; larger ones gain nothing on a CPU and waste memory."""

_PROMPTS: dict[EmbeddingKind, str] = {"query": "query: ", "passage": "passage: "}


class OnnxEmbedder:
    """multilingual-e5-small out of a folder made by `knowledge.weights`.

    Raises WeightsDamaged if a file of the folder is not the one that was made.
    """

    dimension = 384

    def __init__(self, folder: Path) -> None:
        verify(folder, (ENCODER, TOKENIZER, WORD_VECTORS))
        self.name = model_name(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST)
        blocks = np.load(folder / WORD_VECTORS, mmap_mode="r")
        self._words: NDArray[np.void] = blocks.view(BLOCK_DTYPE)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / ENCODER), options, providers=["CPUExecutionProvider"]
        )

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        progress: EncodingProgress | None = None,
    ) -> Encoded:
        """Encode `texts`, with token vectors."""
        prompt = _PROMPTS[kind]
        prompted = [prompt + encodable(text) for text in texts]
        encodings = (
            [self._tokenizer.encode(prompted[0])]
            if len(texts) == 1
            else self._tokenizer.encode_batch(prompted)
        )
        pooled = np.zeros((len(texts), self.dimension), dtype=np.float32)
        tokens: list[TokenVectors | None] = [None] * len(texts)
        order = sorted(range(len(texts)), key=lambda number: len(encodings[number].ids))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        done = 0

        def run(batch: list[int]) -> list[int]:
            hidden = self._forward([encodings[number] for number in batch])
            for row, number in enumerate(batch):
                own = hidden[row, : len(encodings[number].ids)]
                pooled[number] = own.mean(axis=0)
                tokens[number] = _content(own, encodings[number], len(prompt))
            return batch

        if len(batches) == 1:
            run(batches[0])
        else:
            with ThreadPoolExecutor(WORKERS) as pool:
                for batch in pool.map(run, batches):
                    done += len(batch)
                    if progress is not None:
                        progress(done, len(texts))
        return Encoded(unit_rows(pooled), tuple(each for each in tokens if each is not None))

    def _forward(self, encodings: list[Encoding]) -> NDArray[np.float32]:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.ones((len(encodings), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        words = dequantise(self._words[ids.reshape(-1)]).reshape(*ids.shape, -1)
        outputs = self._session.run(None, {"inputs_embeds": words, "attention_mask": mask})
        return np.asarray(outputs[0], dtype=np.float32)


def _content(hidden: NDArray[np.float32], encoding: Encoding, prompt: int) -> TokenVectors:
    """The tokens of the text itself; a token may begin with the space before a word."""
    offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
    starts, ends = offsets[:, 0] - prompt, offsets[:, 1] - prompt
    own = np.flatnonzero((ends > 0) & (ends > starts))
    return TokenVectors(hidden[own], np.maximum(starts[own], 0), ends[own])
