"""Reads a GGUF file of a Llama network, SmolLM2's or ours: vocabulary, merges, and weights under this project's names."""

from functools import cached_property
from pathlib import Path

import gguf
import numpy as np
import torch

from model import Shape, from_interleaved


class GgufModel:
    """An open file; tensors are dequantised when asked for."""

    def __init__(self, path: Path) -> None:
        self._reader = gguf.GGUFReader(path)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}

    def _field(self, key: str) -> object:
        return self._reader.fields[key].contents()

    @cached_property
    def pieces(self) -> list[str]:
        return self._field("tokenizer.ggml.tokens")

    @cached_property
    def merges(self) -> list[tuple[str, str]]:
        return [tuple(line.split(" ")) for line in self._field("tokenizer.ggml.merges")]

    @cached_property
    def shape(self) -> Shape:
        return Shape(
            layers=self._field("llama.block_count"),
            width=self._field("llama.embedding_length"),
            heads=self._field("llama.attention.head_count"),
            kv_heads=self._field("llama.attention.head_count_kv"),
            hidden=self._field("llama.feed_forward_length"),
            vocabulary=len(self.pieces),
        )

    def tensor(self, name: str) -> np.ndarray:
        """A tensor by its GGUF name, dequantised to 32-bit floats."""
        tensor = self._tensors[name]
        return gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)

    def names_of(self, kind: gguf.GGMLQuantizationType) -> list[str]:
        """The tensors of this type."""
        return [name for name, tensor in self._tensors.items() if tensor.tensor_type == kind]

    def state(self) -> dict[str, torch.Tensor]:
        """Every weight, named as in `model.Llama`, query and key rows in half-rotation order."""
        heads = {"attn_q.weight": self.shape.heads, "attn_k.weight": self.shape.kv_heads}
        state = {}
        for name in self._tensors:
            weight = torch.from_numpy(self.tensor(name))
            layer_part = name.split(".", 2)[-1]
            state[name] = from_interleaved(weight, heads[layer_part]) if layer_part in heads else weight
        return state
