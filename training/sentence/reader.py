"""Reads an exported file back: the encoder with its rounded weights, and the tokenizer."""

from pathlib import Path

import gguf
import numpy as np
import torch
from tokenizers import Tokenizer

from sentence import pieces
from sentence.encoder import Encoder, Shape
from sentence.export import CONTINUED, WORD_START, is_special


def written_piece(stored: str) -> str:
    """A stored piece as BERT writes it; see `export.stored_piece`."""
    if is_special(stored):
        return stored
    return stored.removeprefix(WORD_START) if stored.startswith(WORD_START) else CONTINUED + stored


def read(path: Path) -> tuple[Encoder, Tokenizer]:
    reader = gguf.GGUFReader(path)

    def number(key: str) -> int:
        return int(reader.fields[f"bert.{key}"].contents())

    stored = reader.fields["tokenizer.ggml.tokens"].contents()
    shape = Shape(
        layers=number("block_count"),
        width=number("embedding_length"),
        heads=number("attention.head_count"),
        hidden=number("feed_forward_length"),
        vocabulary=len(stored),
        positions=number("context_length"),
    )
    model = Encoder(shape)
    weights = {t.name: gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float32) for t in reader.tensors}
    model.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()})
    return model.eval(), pieces.tokenizer([written_piece(piece) for piece in stored])


def mean(path: Path) -> np.ndarray:
    """The mean vector of everyday sentences, for centring."""
    return np.array(gguf.GGUFReader(path).fields["spatz.sentence.mean"].contents(), np.float32)
