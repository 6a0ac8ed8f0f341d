"""Sentences to vectors with an encoder, sorted by length so that batches are hardly padded."""

import numpy as np
import torch
from tokenizers import Tokenizer

from sentence.encoder import Encoder

BATCH_PIECES = 2048


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids (batch, longest), zeros behind each row, and the rows' lengths."""
    lengths = torch.tensor([len(row) for row in rows])
    ids = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    return ids, lengths


@torch.inference_mode()
def embed_ids(model: Encoder, rows: list[list[int]]) -> np.ndarray:
    """Vectors of length 1, in the order given."""
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    vectors = np.empty((len(rows), model.shape.width), np.float32)
    begin = 0
    while begin < len(order):
        size = max(1, BATCH_PIECES // len(rows[order[min(begin + 64, len(order) - 1)]]))
        chosen = order[begin : begin + size]
        pooled = model(*padded([rows[number] for number in chosen]))
        vectors[chosen] = torch.nn.functional.normalize(pooled, dim=-1).numpy()
        begin += size
    return vectors


def embed(model: Encoder, encoder: Tokenizer, texts: list[str], longest: int = 128) -> np.ndarray:
    rows = [row.ids for row in encoder.encode_batch_fast(texts)]
    return embed_ids(model, [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows])
