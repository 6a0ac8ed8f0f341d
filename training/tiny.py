"""`python tiny.py OUT`: a random network of the shipped format with the real vocabulary, for tests of whoever reads it."""

import sys
from pathlib import Path

import torch

import vocabulary
from export import export
from model import Llama, Shape


def main() -> None:
    torch.manual_seed(0)
    pieces, merges = vocabulary.load()
    model = Llama(Shape(layers=2, width=64, heads=4, kv_heads=2, hidden=192, vocabulary=len(pieces)))
    export(model, pieces, merges, Path(sys.argv[1]), "Spatz tiny (random)", "f32", "q8_0")


if __name__ == "__main__":
    main()
