"""The encoder of a packed BERT as an ONNX graph, written node by node.

Word vectors stay outside: the graph takes those of the tokens (`inputs_embeds`
[batch, tokens, hidden]) and `attention_mask` [batch, tokens], adds positions,
and gives `last_hidden_state` [batch, tokens, hidden]. Written by hand because
an export needs torch at set-up and comes to the same nodes. Query, key and
value are one product, which saves two passes over the activations a layer.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import quantization

from knowledge.packed_model import PackedModel, Shape

_OPSET = 20


def write(model: PackedModel, path: Path) -> None:
    """Write the encoder of `model` to `path`, matrix products in 8 bits.

    A scale for each column, and seven of the eight bits of weights: processors
    without VNNI saturate on sums of products of two full bytes. The weights
    come from 4 bits; the lost bit moves no cosine by more than .0002.
    """
    full = path.with_name("encoder.fp32.onnx")
    write_full(model, full)
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)  # it advises a preparation that this graph does not need
    try:
        quantization.quantize_dynamic(
            full,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=quantization.QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
    finally:
        root.setLevel(before)
        full.unlink(missing_ok=True)


def write_full(model: PackedModel, path: Path) -> None:
    """Write the encoder of `model` in fp32 to `path`."""
    graph = _Graph(model)
    for layer in range(model.shape.layers):
        graph.layer(layer)
    onnx.save(graph.finish(), str(path))


class _Graph:
    """Nodes and initialisers of the encoder, built from the input on."""

    def __init__(self, model: PackedModel) -> None:
        self.model = model
        self.shape: Shape = model.shape
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.count = 0
        self._shared()
        self.hidden = self._embeddings()

    def layer(self, number: int) -> None:
        """Append one transformer layer."""
        name = f"l{number}"
        attended = self._project(self._attention(name), f"{name}.ao", self.shape.hidden)
        self.hidden = self._normalise(self._add(self.hidden, attended), f"{name}.aln")
        wide = self._project(self.hidden, f"{name}.fi", self.shape.feed_forward)
        narrow = self._project(self._node("Gelu", [wide]), f"{name}.fo", self.shape.hidden)
        self.hidden = self._normalise(self._add(self.hidden, narrow), f"{name}.oln")

    def finish(self) -> onnx.ModelProto:
        """Return the whole model."""
        self.nodes.append(helper.make_node("Identity", [self.hidden], ["last_hidden_state"]))
        size = ["batch", "tokens", self.shape.hidden]
        graph = helper.make_graph(
            self.nodes,
            "encoder",
            [
                helper.make_tensor_value_info("inputs_embeds", TensorProto.FLOAT, size),
                helper.make_tensor_value_info(
                    "attention_mask", TensorProto.INT64, ["batch", "tokens"]
                ),
            ],
            [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, size)],
            self.constants,
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        made.ir_version = 9
        onnx.checker.check_model(made)
        return made

    def _shared(self) -> None:
        heads, width = self.shape.heads, self.shape.hidden // self.shape.heads
        self._constant("split_heads", np.array([0, 0, heads, width], dtype=np.int64))
        self._constant("join_heads", np.array([0, 0, self.shape.hidden], dtype=np.int64))
        self._constant("scale", np.array(width**-0.5, dtype=np.float32))
        self._constant("zero", np.array([0], dtype=np.int64))
        self._constant("one", np.array([1], dtype=np.int64))
        self._constant("two", np.array([2], dtype=np.int64))
        self._constant("unit", np.array(1.0, dtype=np.float32))
        self._constant("far", np.array(-10000.0, dtype=np.float32))
        self._constant("axes", np.array([1, 2], dtype=np.int64))
        mask = self._node("Unsqueeze", ["attention_mask", "axes"])
        kept = self._node("Cast", [mask], to=TensorProto.FLOAT)
        dropped = self._node("Sub", ["unit", kept])
        self.bias = self._node("Mul", [dropped, "far"])

    def _embeddings(self) -> str:
        positions = self.model.matrix("emb.pos", self.shape.positions)
        kind = self.model.matrix("emb.type", self.shape.token_types)[0]
        self._constant("positions", positions + kind)
        size = self._node("Shape", ["inputs_embeds"])
        tokens = self._node("Slice", [size, "one", "two"])
        here = self._node("Slice", ["positions", "zero", tokens, "zero"])
        return self._normalise(self._add("inputs_embeds", here), "emb.ln")

    def _attention(self, name: str) -> str:
        hidden = self.shape.hidden
        weights = [self.model.matrix(f"{name}.{part}.w", hidden).T for part in "qkv"]
        biases = [self.model.vector(f"{name}.{part}.b") for part in "qkv"]
        joined = self._linear(
            self.hidden, f"{name}.qkv", np.concatenate(weights, 1), np.concatenate(biases)
        )
        parts = self._nodes("Split", [joined], 3, axis=2, num_outputs=3)
        query, key, value = (
            self._node(
                "Transpose", [self._node("Reshape", [part, "split_heads"])], perm=permutation
            )
            for part, permutation in zip(
                parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True
            )
        )
        scores = self._node("Mul", [self._node("MatMul", [query, key]), "scale"])
        weight = self._node("Softmax", [self._add(scores, self.bias)], axis=-1)
        mixed = self._node("Transpose", [self._node("MatMul", [weight, value])], perm=[0, 2, 1, 3])
        return self._node("Reshape", [mixed, "join_heads"])

    def _project(self, source: str, name: str, width: int) -> str:
        weight = self.model.matrix(f"{name}.w", width).T
        return self._linear(source, name, weight, self.model.vector(f"{name}.b"))

    def _linear(
        self, source: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        self._constant(f"{name}.weight", np.ascontiguousarray(weight))
        self._constant(f"{name}.bias", bias)
        return self._add(self._node("MatMul", [source, f"{name}.weight"]), f"{name}.bias")

    def _normalise(self, source: str, name: str) -> str:
        for part in ("w", "b"):
            self._constant(f"{name}.{part}", self.model.vector(f"{name}.{part}"))
        return self._node(
            "LayerNormalization",
            [source, f"{name}.w", f"{name}.b"],
            axis=-1,
            epsilon=self.shape.epsilon,
        )

    def _add(self, left: str, right: str) -> str:
        return self._node("Add", [left, right])

    def _node(self, kind: str, inputs: list[str], **attributes: object) -> str:
        return self._nodes(kind, inputs, 1, **attributes)[0]

    def _nodes(self, kind: str, inputs: list[str], outputs: int, **attributes: object) -> list[str]:
        self.count += 1
        names = [f"{kind.lower()}_{self.count}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names

    def _constant(self, name: str, value: NDArray[np.generic]) -> None:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
