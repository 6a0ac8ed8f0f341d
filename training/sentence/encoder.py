"""The network: a BERT encoder (Devlin et al., 2019) of MiniLM's shape, weights named as in GGUF files of that architecture.

The sentences of a batch lie in a padded grid; a sentence's vector is the mean of the last layer's vectors over its pieces,
both markers included, then scaled to length 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NORM_EPSILON = 1e-12
START, END, PAD, UNKNOWN = "[CLS]", "[SEP]", "[PAD]", "[UNK]"
SPECIALS = [PAD, UNKNOWN, START, END]

Rounding = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Shape:
    layers: int
    width: int
    heads: int
    hidden: int
    vocabulary: int
    positions: int


class Linear(nn.Linear):
    """A linear layer whose weight can be rounded on the way, to train as it will be stored."""

    rounding: Rounding | None = None

    def forward(self, values: Tensor) -> Tensor:
        weight = self.rounding(self.weight) if self.rounding else self.weight
        return F.linear(values, weight, self.bias)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attn_q = Linear(shape.width, shape.width)
        self.attn_k = Linear(shape.width, shape.width)
        self.attn_v = Linear(shape.width, shape.width)
        self.attn_output = Linear(shape.width, shape.width)
        self.attn_output_norm = nn.LayerNorm(shape.width, NORM_EPSILON)
        self.ffn_up = Linear(shape.width, shape.hidden)
        self.ffn_down = Linear(shape.hidden, shape.width)
        self.layer_output_norm = nn.LayerNorm(shape.width, NORM_EPSILON)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        def split(part: Tensor) -> Tensor:
            return part.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        attended = F.scaled_dot_product_attention(
            split(self.attn_q(values)), split(self.attn_k(values)), split(self.attn_v(values)), attn_mask=mask
        )
        attended = attended.transpose(1, 2).flatten(2)
        values = self.attn_output_norm(values + self.attn_output(attended))
        return self.layer_output_norm(values + self.ffn_down(F.gelu(self.ffn_up(values))))


class Encoder(nn.Module):
    """Piece ids (batch, length), padded with `PAD` → sentence vectors (batch, width), not yet scaled to length 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.position_embd = nn.Embedding(shape.positions, shape.width)
        self.token_types = nn.Embedding(2, shape.width)
        self.token_embd_norm = nn.LayerNorm(shape.width, NORM_EPSILON)
        self.blk = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.row_rounding: Rounding | None = None

    def round_with(self, matrices: Rounding, rows: Rounding) -> None:
        """From now on every matrix and every embedding row is used as it will be stored."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.rounding = matrices
        self.row_rounding = rows

    def rows(self, ids: Tensor) -> Tensor:
        rows = self.token_embd(ids)
        return self.row_rounding(rows) if self.row_rounding else rows

    def states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The last layer's vector of each piece; those beyond a sentence's length mean nothing."""
        places = torch.arange(ids.shape[1])
        mask = (places < lengths[:, None])[:, None, None, :]
        values = self.rows(ids) + self.position_embd(places) + self.token_types.weight[0]
        values = self.token_embd_norm(values)
        for layer in self.blk:
            values = layer(values, mask)
        return values

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        values = self.states(ids, lengths)
        inside = torch.arange(ids.shape[1]) < lengths[:, None]
        return (values * inside[..., None]).sum(1) / lengths[:, None]
