"""The files of the default embedding model, each written from the packed weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from knowledge.packed_model import BLOCK_DTYPE, PackedModel, read
from knowledge.unigram import tokenizer_json

__all__ = [
    "read",
    "write_sentence_transformers",
    "write_tokenizer",
    "write_words",
]

_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_tokenizer(model: PackedModel, path: Path) -> None:
    """Write `tokenizer.json`."""
    path.write_text(json.dumps(tokenizer_json(model), ensure_ascii=False), encoding="utf-8")


def write_words(model: PackedModel, path: Path) -> None:
    """Write the packed word vectors as uint8 [vocabulary, bytes a row]."""
    blocks = model.tensors["emb.word"].reshape(model.shape.vocabulary, -1)
    np.save(path, np.ascontiguousarray(blocks).view(np.uint8))
    assert blocks.shape[1] * BLOCK_DTYPE.itemsize * len(blocks) < path.stat().st_size


def write_sentence_transformers(model: PackedModel, folder: Path) -> None:
    """Write everything that `SentenceTransformer(folder)` reads but the tokenizer."""
    save_file(_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    pieces = model.pieces
    special = {
        "bos_token": pieces[model.bos][0],
        "cls_token": pieces[model.bos][0],
        "eos_token": pieces[model.eos][0],
        "sep_token": pieces[model.eos][0],
        "pad_token": pieces[model.pad][0],
        "unk_token": pieces[model.unknown][0],
        "mask_token": pieces[-1][0],
    }
    _write(folder / "config.json", _config(model))
    _write(
        folder / "tokenizer_config.json",
        {
            **special,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
        },
    )
    _write(folder / "special_tokens_map.json", special)
    _write(
        folder / "modules.json",
        [
            {"idx": number, "name": str(number), "path": path, "type": f"{_MODULES}.{kind}"}
            for number, (path, kind) in enumerate(
                (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
            )
        ],
    )
    _write(
        folder / "sentence_bert_config.json",
        {"max_seq_length": model.shape.positions, "do_lower_case": False},
    )
    _write(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    (folder / "1_Pooling").mkdir()
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": model.shape.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()


_MODULES = "sentence_transformers.models"


def _config(model: PackedModel) -> dict[str, Any]:
    shape = model.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": model.pad,
        "bos_token_id": model.bos,
        "eos_token_id": model.eos,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "dtype": "float16",
        "type_vocab_size": shape.token_types,
        "vocab_size": shape.vocabulary,
    }


def _tensors(model: PackedModel) -> dict[str, NDArray[np.float16]]:
    shape = model.shape
    found: dict[str, NDArray[np.float16]] = {}

    def keep(name: str, value: NDArray[np.float32]) -> None:
        found[name] = np.ascontiguousarray(value, dtype=np.float16)

    keep("embeddings.word_embeddings.weight", model.matrix("emb.word", shape.vocabulary))
    keep("embeddings.position_embeddings.weight", model.matrix("emb.pos", shape.positions))
    keep("embeddings.token_type_embeddings.weight", model.matrix("emb.type", shape.token_types))
    keep("embeddings.LayerNorm.weight", model.vector("emb.ln.w"))
    keep("embeddings.LayerNorm.bias", model.vector("emb.ln.b"))
    for number in range(shape.layers):
        for short, long in _LAYER_PARTS.items():
            rows = shape.feed_forward if short == "fi" else shape.hidden
            place = f"encoder.layer.{number}.{long}"
            keep(f"{place}.weight", model.matrix(f"l{number}.{short}.w", rows))
            keep(f"{place}.bias", model.vector(f"l{number}.{short}.b"))
        for short, long in _LAYER_NORMS.items():
            place = f"encoder.layer.{number}.{long}"
            keep(f"{place}.weight", model.vector(f"l{number}.{short}.w"))
            keep(f"{place}.bias", model.vector(f"l{number}.{short}.b"))
    return found


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
