"""Bits per character on development messages: `python measure.py FILE`, a checkpoint or an exported GGUF."""

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

import checkpoint
import paths
import vocabulary
from gguf_model import GgufModel
from model import Llama
from normalise import normalise

SETS = ("de-sentences", "de-klexikon", "en-smalltalk", "en-tasks", "en-sentences")
BATCH = 32


@dataclass(frozen=True)
class Message:
    """A development message: its ids after the document start, and the length of its text."""

    ids: list[int]
    characters: int


def messages(encoder: Tokenizer, name: str, count: int) -> list[Message]:
    """The first `count` messages of a set; none where `shared/` is missing."""
    path = paths.SHARED / f"eval/text/dev/{name}.jsonl"
    if not path.exists():
        return []
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()[:count]]
    start = encoder.token_to_id(vocabulary.DOCUMENT)
    return [Message([start, *encoder.encode(" " + normalise(text)).ids], len(text)) for text in texts]


def batches(of: list[Message]) -> Iterator[list[Message]]:
    """Messages of similar length together."""
    ordered = sorted(of, key=lambda message: len(message.ids))
    for first in range(0, len(ordered), BATCH):
        yield ordered[first : first + BATCH]


@torch.inference_mode()
def bits_per_character(model: Llama, of: list[Message]) -> float:
    """Bits for the pieces of each message after an empty context, the message's end not counted."""
    device = model.token_embd.weight.device
    bits = 0.0
    for batch in batches(of):
        longest = max(len(message.ids) for message in batch)
        ids = torch.tensor([message.ids + [-1] * (longest - len(message.ids)) for message in batch], device=device)
        logits = model(ids[:, :-1].clamp(min=0)).float()
        bits += float(F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=-1, reduction="sum"))
    return bits / math.log(2) / sum(message.characters for message in of)


def measure(model: Llama, encoder: Tokenizer, count: int) -> dict[str, float]:
    """Bits per character on each set."""
    sets = {name: messages(encoder, name, count) for name in SETS}
    return {name: round(bits_per_character(model, of), 4) for name, of in sets.items() if of}


def open_model(path: Path) -> Llama:
    """The network of an exported file, or the averaged one of a checkpoint."""
    if path.suffix != ".gguf":
        return checkpoint.average(path)
    exported = GgufModel(path)
    return checkpoint.build(checkpoint.shape_fields(exported.shape), exported.state())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--messages", type=int, default=300)
    options = arguments.parse_args()
    begin = time.process_time()
    model = open_model(options.file).eval()
    encoder = vocabulary.tokenizer(*vocabulary.load())
    print(json.dumps(measure(model, encoder, options.messages)))
    print(f"{time.process_time() - begin:.0f} CPU seconds")


if __name__ == "__main__":
    main()
