"""Block formats of GGUF files: 32 weights share a scale. Rounding for training, packing for export.

Reference: llama.cpp, `ggml/src/ggml-quants.c` (`quantize_row_q4_0_ref`, `quantize_row_q5_0_ref`, `quantize_row_q8_0_ref`).
`signed_scale` is the reference's scale, and the one that training with `fake_q4_0` gets used to; `best_scale` searches the
smallest squared error instead, for weights that never trained rounded.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

BLOCK = 32
_STRETCHES = (0.82, 0.88, 0.94, 1.0, 1.06)
_SEARCH = tuple(sign * stretch for sign in (1, -1) for stretch in _STRETCHES)
_CHUNK = 4096

ScaleOf = Callable[[Tensor, int], Tensor]


def _levels(blocks: Tensor, scale: Tensor, low: int, high: int) -> Tensor:
    inverse = torch.where(scale == 0, 0, 1 / scale)
    return (blocks * inverse).round().clamp(low, high)


def _half(scale: Tensor) -> Tensor:
    """The scale as it will be stored: a 16-bit float."""
    return scale.half().float()


def signed_scale(blocks: Tensor, bits: int) -> Tensor:
    """The scale of each block as the reference takes it: the weight of largest magnitude maps to the lowest level."""
    largest = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))
    return _half(largest / -(2 ** (bits - 1)))


def best_scale(blocks: Tensor, bits: int) -> Tensor:
    """The scale of each block with the smallest squared error among stretched and mirrored reference scales."""
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    reference = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True)) / low
    best = _half(reference)
    error = ((_levels(blocks, best, low, high) * best - blocks) ** 2).sum(-1, keepdim=True)
    for factor in _SEARCH:
        scale = _half(reference * factor)
        levels = _levels(blocks, scale, low, high)
        energy = (levels * levels).sum(-1, keepdim=True)
        scale = _half(torch.where(energy == 0, scale, (levels * blocks).sum(-1, keepdim=True) / energy.clamp(min=1)))
        trial = ((_levels(blocks, scale, low, high) * scale - blocks) ** 2).sum(-1, keepdim=True)
        better = trial < error
        best, error = torch.where(better, scale, best), torch.where(better, trial, error)
    return best


def fake_q4_0(weight: Tensor) -> Tensor:
    """The weight rounded to Q4_0; gradients pass straight through."""
    with torch.no_grad():
        blocks = weight.view(-1, BLOCK)
        scale = signed_scale(blocks, 4)
        rounded = (_levels(blocks, scale, -8, 7) * scale).view_as(weight)
    return weight + (rounded - weight).detach()


def dither(weight: Tensor) -> Tensor:
    """Weights of Q4_0 moved at random within their steps, the largest of each block left alone: rounded, they are the same.

    In the middle of its step a weight trains for long before rounding sees it, and what has not crossed an edge by then
    is rounded back: a run from a packed file would end where it began.
    """
    blocks = weight.view(-1, BLOCK)
    step = signed_scale(blocks, 4).abs()
    noise = 0.98 * (torch.rand_like(blocks) - 0.5) * step
    inner = blocks.abs() < blocks.abs().amax(-1, keepdim=True) - step / 2
    return torch.where(inner, blocks + noise, blocks).view_as(weight)


def searched_scale(blocks: Tensor, bits: int) -> Tensor:
    """`best_scale` in pieces that fit the processor's cache."""
    return torch.cat([best_scale(chunk, bits) for chunk in blocks.split(_CHUNK)])


def _level_bytes(weight: Tensor, bits: int, scale_of: ScaleOf) -> tuple[np.ndarray, np.ndarray]:
    """Scales as the bytes of 16-bit floats, and levels shifted to start at zero, a block a row."""
    blocks = weight.detach().float().reshape(-1, BLOCK)
    scale = scale_of(blocks, bits)
    levels = _levels(blocks, scale, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1) + 2 ** (bits - 1)
    return scale.numpy().astype(np.float16).view(np.uint8), levels.numpy().astype(np.uint8)


def pack_q4_0(weight: Tensor, scale_of: ScaleOf = signed_scale) -> np.ndarray:
    """Rows of 18-byte blocks: scale, then two levels a byte (first and second half of the block)."""
    scales, levels = _level_bytes(weight, 4, scale_of)
    nibbles = levels[:, :16] | (levels[:, 16:] << 4)
    return np.concatenate((scales, nibbles), axis=1).reshape(weight.shape[0], -1)


def pack_q5_0(weight: Tensor) -> np.ndarray:
    """Rows of 22-byte blocks: scale, 32 high bits, then the low nibbles as in Q4_0."""
    scales, levels = _level_bytes(weight, 5, searched_scale)
    high = np.packbits(levels >> 4, axis=1, bitorder="little")
    low = levels & 0x0F
    nibbles = low[:, :16] | (low[:, 16:] << 4)
    return np.concatenate((scales, high, nibbles), axis=1).reshape(weight.shape[0], -1)


def pack_q8_0(weight: Tensor) -> np.ndarray:
    """Rows of 34-byte blocks: scale, then 32 signed bytes."""
    blocks = weight.detach().float().reshape(-1, BLOCK)
    scale = _half(blocks.abs().amax(-1, keepdim=True) / 127)
    levels = _levels(blocks, scale, -127, 127).numpy().astype(np.int8).view(np.uint8)
    scales = scale.numpy().astype(np.float16).view(np.uint8)
    return np.concatenate((scales, levels), axis=1).reshape(weight.shape[0], -1)
