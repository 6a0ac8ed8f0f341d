"""Does German mean what English means? Small measures on sentences of our own (`carry_over.txt`), in seconds.

`carry`: intents learned from the English sentences alone, then asked in German. `en`, `de`: learned from half of a
language's sentences, asked with the other half. `pairs`: a German sentence finds its English original among all of them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from sentence.embed import embed
from sentence.encoder import Encoder

FILE = Path(__file__).with_name("carry_over.txt")


@dataclass
class Sentences:
    english: list[str]
    german: list[str]
    intents: np.ndarray


def read() -> Sentences:
    english, german, intents = [], [], []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "en":
            english += rest.split(" | ")
            intents += [len(intents) // 10] * 10
        elif kind == "de":
            german += rest.split(" | ")
    return Sentences(english, german, np.array(intents))


def centred(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    moved = vectors - mean
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def nearest_centre(known: np.ndarray, labels: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The intent whose mean vector is nearest."""
    names = np.unique(labels)
    centres = np.stack([known[labels == name].mean(0) for name in names])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return names[(asked @ centres.T).argmax(1)]


def measure(model: Encoder, tokenizer: Tokenizer) -> dict[str, float]:
    """Shares right, in percent."""
    held = read()
    english, german = embed(model, tokenizer, held.english), embed(model, tokenizer, held.german)
    mean = english.mean(0)
    e, d, labels = centred(english, mean), centred(german, mean), held.intents
    first = np.arange(len(labels)) % 2 == 0

    def share(right: np.ndarray) -> float:
        return round(100 * float(np.mean(right)), 1)

    return {
        "carry": share(nearest_centre(e, labels, d) == labels),
        "en": share(nearest_centre(e[first], labels[first], e[~first]) == labels[~first]),
        "de": share(nearest_centre(d[first], labels[first], d[~first]) == labels[~first]),
        "pairs": share((d @ e.T).argmax(1) == np.arange(len(labels))),
    }
