"""A Hugging Face `tokenizer.json` made of a packed model's vocabulary.

The normaliser has to be the file's own code-point map: under NFKC most
Japanese documents come out in other tokens than those the model was packed
with. `tokenizers` applies such a map fast only as a *precompiled charsmap*,
SentencePiece's double array, so this module builds one.
"""

from __future__ import annotations

import base64
import struct
from typing import Any

from knowledge.packed_model import PackedModel

_META = "\u2581"
_LEAF = 1 << 8
_OFFSET_LIMIT = 1 << 21


def tokenizer_json(model: PackedModel) -> dict[str, Any]:
    """Return the content of `tokenizer.json` for `model`."""
    specials = [model.bos, model.pad, model.eos, model.unknown, len(model.pieces) - 1]
    bos, eos = model.pieces[model.bos][0], model.pieces[model.eos][0]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": token,
                "content": model.pieces[token][0],
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for token in sorted(specials)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": charsmap(model.code_points)},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": _META,
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special(bos), {"Sequence": {"id": "A", "type_id": 0}}, _special(eos)],
            "pair": [
                _special(bos),
                {"Sequence": {"id": "A", "type_id": 0}},
                _special(eos),
                _special(eos),
                {"Sequence": {"id": "B", "type_id": 0}},
                _special(eos),
            ],
            "special_tokens": {
                text: {"id": text, "ids": [token], "tokens": [text]}
                for text, token in ((bos, model.bos), (eos, model.eos))
            },
        },
        "decoder": {
            "type": "Metaspace",
            "replacement": _META,
            "prepend_scheme": "always",
            "split": True,
        },
        "model": {
            "type": "Unigram",
            "unk_id": model.unknown,
            "vocab": [[text, score] for text, score in model.pieces],
            "byte_fallback": False,
        },
    }


def _special(text: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": text, "type_id": 0}}


def charsmap(code_points: dict[int, str]) -> str:
    """Return `code_points` as SentencePiece's precompiled map, in base 64.

    Four bytes of length, the units of a Darts-clone double array whose leaves
    are offsets, then the replacements, each ended by a zero byte.
    """
    replacements = bytearray()
    places: dict[str, int] = {}
    keys: dict[bytes, int] = {}
    for code_point, text in sorted(code_points.items()):
        if text not in places:
            places[text] = len(replacements)
            replacements += text.encode("utf-8") + b"\0"
        keys[chr(code_point).encode("utf-8")] = places[text]
    array = double_array(keys)
    units = struct.pack(f"<{len(array)}I", *array)
    return base64.b64encode(struct.pack("<I", len(units)) + units + replacements).decode("ascii")


def double_array(keys: dict[bytes, int]) -> list[int]:
    """Return `keys` (not empty, free of zero bytes) as the units of a double array.

    A node at place *p* with offset *o* has the child for byte *c* at
    ``p ^ o ^ c``, whose lowest byte is *c*; bit 8 says that a value stands at
    ``p ^ o``. No two nodes share a base ``p ^ o``: a reader checks only the byte
    of a child, so it would find the other node's children.
    """
    root: Any = {}
    for key, value in keys.items():
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[0] = value
    units: dict[int, int] = {0: 0}
    bases: set[int] = set()
    lowest = 1
    waiting: list[tuple[int, dict[int, Any]]] = [(0, root)]
    while waiting:
        place, node = waiting.pop()
        while lowest in units:
            lowest += 1
        # A lone child fits in any hole; siblings go behind everything placed so far.
        base = lowest if len(node) == 1 else (max(units) | 0xFF) + 1
        while base in bases or any(base ^ label in units for label in node):
            base += 1
        bases.add(base)
        offset = place ^ base
        if offset >= _OFFSET_LIMIT:
            raise ValueError("The code-point map is too large for one double array.")
        units[place] = units[place] | offset << 10 | (_LEAF if 0 in node else 0)
        for label, child in node.items():
            units[base ^ label] = child | 1 << 31 if isinstance(child, int) else label
            if not isinstance(child, int):
                waiting.append((base ^ label, child))
    # A reader may look up to 255 units past the last one before it sees a wrong label.
    size = (max(units) | 0xFF) + 1
    return [units.get(place, 0) for place in range(size)]
