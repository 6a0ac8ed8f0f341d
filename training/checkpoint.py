"""Checkpoints: everything a run needs to go on exactly where it stopped, written so that a crash
leaves the old one whole.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model import Llama, Shape

NAME = "checkpoint.pt"


def write(path: Path, content: dict[str, Any]) -> None:
    """Written beside, flushed to the disk, then renamed over the old file."""
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def read(path: Path) -> dict[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=True, mmap=True)


def shape_fields(shape: Shape) -> dict[str, int]:
    return asdict(shape)


def build(shape: dict[str, int], state: dict[str, Tensor]) -> Llama:
    """A network of that shape with those weights."""
    with torch.device("meta"):
        model = Llama(Shape(**shape))
    model.load_state_dict({name: weight.clone() for name, weight in state.items()}, assign=True)
    return model.requires_grad_()


def average(path: Path) -> Llama:
    """The network with the averaged weights of a checkpoint."""
    saved = read(path)
    return build(saved["shape"], saved["average"])
