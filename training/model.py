"""The network: a Llama body (RMSNorm, rotary positions, grouped-query attention, SwiGLU) with tied embeddings.

Parameters carry the names of the GGUF tensors (`blk.3.attn_q.weight`). Touvron et al., LLaMA, arXiv 2302.13971;
reference implementation: llama.cpp, `src/models/llama.cpp`. Rotary positions are applied to the two halves of a head as
in Hugging Face's code; GGUF files hold query and key rows interleaved, see `to_interleaved`.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quantise import fake_q4_0

ROPE_BASE = 100_000.0
NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Shape:
    """The numbers that fix a network's tensors."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    hidden: int
    vocabulary: int

    @property
    def head_width(self) -> int:
        return self.width // self.heads


def from_interleaved(weight: Tensor, heads: int) -> Tensor:
    """Query or key rows as a GGUF holds them, put into half-rotation order."""
    rows, columns = weight.shape
    return weight.view(heads, rows // heads // 2, 2, columns).transpose(1, 2).reshape(rows, columns)


def to_interleaved(weight: Tensor, heads: int) -> Tensor:
    """The inverse of `from_interleaved`."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


class Linear(nn.Module):
    """A matrix without bias that can train as if it were already packed to four bits."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * inputs**-0.5)
        self.packed = False

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, fake_q4_0(self.weight) if self.packed else self.weight)


class Norm(nn.Module):
    """Root-mean-square normalisation with a learnt gain."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight, NORM_EPSILON)


def rotation(length: int, head_width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines for each position and dimension of a head."""
    rates = ROPE_BASE ** (-torch.arange(0, head_width, 2, device=device, dtype=torch.float32) / head_width)
    angles = torch.outer(torch.arange(length, device=device, dtype=torch.float32), rates).repeat(1, 2)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Layer(nn.Module):
    """One transformer block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head_width
        self.attn_norm = Norm(shape.width)
        self.attn_q = Linear(shape.width, shape.width)
        self.attn_k = Linear(shape.width, kv_width)
        self.attn_v = Linear(shape.width, kv_width)
        self.attn_output = Linear(shape.width, shape.width)
        self.ffn_norm = Norm(shape.width)
        self.ffn_gate = Linear(shape.width, shape.hidden)
        self.ffn_up = Linear(shape.width, shape.hidden)
        self.ffn_down = Linear(shape.hidden, shape.width)

    def attention(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape

        def split(y: Tensor, heads: int) -> Tensor:
            return y.view(batch, length, heads, self.shape.head_width).transpose(1, 2)

        query = rotate(split(self.attn_q(x), self.shape.heads), cos, sin)
        key = rotate(split(self.attn_k(x), self.shape.kv_heads), cos, sin)
        value = split(self.attn_v(x), self.shape.kv_heads)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, length, width))

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        x = x + self.attention(self.attn_norm(x), cos, sin, mask)
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


class Llama(nn.Module):
    """Token ids to hidden states and logits; attention never crosses a document start (`bos`)."""

    def __init__(self, shape: Shape, bos: int = 0) -> None:
        super().__init__()
        self.shape = shape
        self.bos = bos
        self.packed = False
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits of the token after each position."""
        length = tokens.shape[1]
        document = (tokens == self.bos).cumsum(1)
        causal = torch.ones(length, length, dtype=torch.bool, device=tokens.device).tril()
        mask = ((document[:, :, None] == document[:, None, :]) & causal).unsqueeze(1)
        cos, sin = rotation(length, self.shape.head_width, tokens.device)
        rows = fake_q4_0(self.token_embd.weight) if self.packed else self.token_embd.weight
        x = F.embedding(tokens, rows)
        for layer in self.blk:
            x = layer(x, cos, sin, mask)
        return F.linear(self.output_norm(x), rows)

    def linears(self) -> list[Linear]:
        return [module for module in self.modules() if isinstance(module, Linear)]

    def train_packed(self, packed: bool) -> None:
        """Switches four-bit rounding of every matrix, the embedding too, on or off."""
        self.packed = packed
        for linear in self.linears():
            linear.packed = packed


def cut(state: dict[str, Tensor], kept: list[int]) -> dict[str, Tensor]:
    """The weights of a shorter network made of the layers `kept`, in that order."""
    shorter = {name: weight for name, weight in state.items() if not name.startswith("blk.")}
    for new, old in enumerate(kept):
        for name, weight in state.items():
            if name.startswith(f"blk.{old}."):
                shorter[name.replace(f"blk.{old}.", f"blk.{new}.")] = weight
    return shorter
