"""`python -m sentence.measure FILE`: what an exported file is worth as the ground of an intent classifier.

Multinomial logistic regression on the centred vectors alone, learned from a few sentences an intent (means of two draws),
asked with the held-out files of `shared/commands`; and the probe's figures. The parser adds words and neighbours to this.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from sentence import places, probe, reader
from sentence.embed import embed

INVERSE_PENALTY = 10.0
DRAWS = (0, 1)
SETS = [
    ("banking77/train", "banking77/test", (5, 10)),
    ("snips/train", "snips/validate", (5, 20, 70)),
]


def utterances(name: str) -> tuple[list[str], np.ndarray]:
    """Texts and intents of a file."""
    lines = (places.SHARED / f"commands/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], np.array([row["intent"] for row in rows])


def few(labels: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Places of that many examples of each intent."""
    places_of = defaultdict(list)
    for place, label in enumerate(labels):
        places_of[label].append(place)
    draw = random.Random(seed)
    return np.array([place for label in sorted(places_of) for place in draw.sample(places_of[label], shots)])


def learn(vectors: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, torch.nn.Linear]:
    """Logistic regression with an L2 penalty; the names of its outputs, and the layer."""
    names, wanted = np.unique(labels, return_inverse=True)
    layer = torch.nn.Linear(vectors.shape[1], len(names))
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    inputs, targets = torch.from_numpy(vectors), torch.from_numpy(wanted)
    optimiser = torch.optim.LBFGS(
        layer.parameters(), max_iter=200, tolerance_change=1e-9, line_search_fn="strong_wolfe"
    )

    def cost() -> torch.Tensor:
        optimiser.zero_grad()
        penalty = 0.5 * (layer.weight**2).sum() / INVERSE_PENALTY
        total = F.cross_entropy(layer(inputs), targets, reduction="sum") + penalty
        total.backward()
        return total

    optimiser.step(cost)
    return names, layer


def accuracy(known: np.ndarray, labels: np.ndarray, asked: np.ndarray, right: np.ndarray) -> float:
    names, layer = learn(known, labels)
    with torch.inference_mode():
        found = names[layer(torch.from_numpy(asked)).argmax(1).numpy()]
    return 100 * float(np.mean(found == right))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    path = arguments.parse_args().file
    model, tokenizer = reader.read(path)
    mean = reader.mean(path)
    print(f"{path.name}: {probe.measure(model, tokenizer)}")
    for train_name, test_name, all_shots in SETS:
        texts, labels = utterances(train_name)
        asked_texts, right = utterances(test_name)
        asked = probe.centred(embed(model, tokenizer, asked_texts), mean)
        for shots in all_shots:
            shares = []
            for seed in DRAWS:
                chosen = few(labels, shots, seed)
                known = probe.centred(embed(model, tokenizer, [texts[place] for place in chosen]), mean)
                shares.append(accuracy(known, labels[chosen], asked, right))
            print(f"{test_name} at {shots}: {np.mean(shares):.1f} %", flush=True)


if __name__ == "__main__":
    main()
