"""Step 6, `python -m sentence.tune START OUT --minutes M`: sentences of one intent come together, whatever their language.

The distillation of step 5 makes vectors that say what a sentence is about; this makes them tell intents apart. Batches
of labelled sentences, some of each of many intents, are drawn together and pushed apart by their labels (supervised
contrastive loss, Khosla et al., arXiv 2004.11362) on vectors centred as the parser centres them; beside each such batch one
of step 5 keeps what the encoder knew. Labels come from NLU-Evaluation-Data and from the phrases written for this project in
both languages. SNIPS, BANKING77 and Home Assistant's sentences stay out: they measure how far it carries.

START is a checkpoint or an exported file, OUT a checkpoint for `sentence.export`. Everything is rounded to Q4_0 on the way.
"""

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from gguf import GGMLQuantizationType
from torch import Tensor, nn

import checkpoint
from gguf_model import GgufModel
from quantise import dither, fake_q4_0
from sentence import commands, measure, pieces, probe, reader, train
from sentence.embed import padded
from sentence.encoder import Encoder

LABELLED = "nlu-evaluation/train"
INTENTS = 40
EACH = 4
WRITTEN_SHARE = 0.8
TEMPERATURE = 0.1
RATE_BODY = 2e-4
RATE_ROWS = 1e-3
WARM_UP_STEPS = 40
COOLING = 0.6
LOG_SECONDS = 120
SEED = 1

Sentences = list[list[str]]
"""One list a language."""


def labelled() -> list[Sentences]:
    """Utterances of each intent of the labelled file."""
    by_intent = defaultdict(list)
    for text, intent in zip(*measure.utterances(LABELLED), strict=True):
        by_intent[intent].append(text)
    return [[by_intent[intent]] for intent in sorted(by_intent)]


def written(draw: random.Random) -> list[Sentences]:
    """Our own phrases of each intent in both languages, filled."""
    return [list(sides) for sides in commands.intents(draw)]


def drawn(intents: list[Sentences], draw: random.Random) -> tuple[list[str], Tensor]:
    """Some sentences of some intents, as many of each language, and the number of each sentence's intent."""
    texts, labels = [], []
    for label, sides in enumerate(draw.sample(intents, min(INTENTS, len(intents)))):
        for side in sides:
            found = draw.sample(side, min(EACH // len(sides), len(side)))
            texts += found
            labels += [label] * len(found)
    return texts, torch.tensor(labels)


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """How hard it is to tell by its vector which others of the batch share a sentence's label."""
    vectors = F.normalize(vectors, dim=-1)
    vectors = F.normalize(vectors - vectors.mean(0), dim=-1)
    itself = torch.eye(len(labels), dtype=torch.bool)
    likeness = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e9)
    log_share = likeness.log_softmax(1)
    same = (labels[:, None] == labels) & ~itself
    return -((log_share * same).sum(1) / same.sum(1).clamp(min=1)).mean()


def opened(path: Path) -> tuple[Encoder, list[str]]:
    """The encoder of a checkpoint, or of an exported file with its rounded weights dithered, and its pieces."""
    if path.suffix != ".gguf":
        return train.load(path)
    model, tokenizer = reader.read(path)
    with torch.no_grad():
        for name in GgufModel(path).names_of(GGMLQuantizationType.Q4_0):
            weight = model.get_parameter(name)
            weight.copy_(dither(weight))
    numbers = tokenizer.get_vocab()
    return model, sorted(numbers, key=numbers.__getitem__)


class Tuning:
    def __init__(self, start: Path, seconds: float) -> None:
        self.model, self.pieces = opened(start)
        self.tokenizer = pieces.tokenizer(self.pieces)
        self.model.round_with(fake_q4_0, fake_q4_0)
        self.draw = random.Random(SEED)
        self.sets = [labelled(), written(self.draw)]
        self.shares = [1 - WRITTEN_SHARE, WRITTEN_SHARE]
        self.material = train.Material(self.tokenizer)
        self.batches = self.material.batches(SEED)
        rows = self.model.token_embd.weight
        body = [weight for weight in self.model.parameters() if weight is not rows]
        groups = [{"params": body, "base": RATE_BODY}, {"params": [rows], "base": RATE_ROWS}]
        self.optimiser = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)
        self.seconds, self.step = seconds, 0
        self.begin = time.process_time()

    @property
    def used(self) -> float:
        return time.process_time() - self.begin

    def rate(self) -> float:
        """Share of the base rate by the CPU time used."""
        left = max(0.0, 1 - self.used / self.seconds)
        return min(1.0, (self.step + 1) / WARM_UP_STEPS) * min(1.0, left / COOLING)

    def train_step(self) -> tuple[float, float]:
        """One batch of each kind; what the intents cost, and the distance to the teacher."""
        rate = self.rate()
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["base"]
        [intents] = self.draw.choices(self.sets, self.shares)
        texts, labels = drawn(intents, self.draw)
        encodings = self.tokenizer.encode_batch_fast([train.spoken(text, self.draw) for text in texts])
        mixed = contrast(self.model(*padded([row.ids[: train.LONGEST] for row in encodings])), labels)
        self.optimiser.zero_grad(set_to_none=True)
        mixed.backward()
        kept, distance = train.loss(self.model, next(self.batches))
        kept.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        return float(mixed.detach()), distance

    def save(self, out: Path) -> None:
        checkpoint.write(out, {"model": self.model.state_dict(), "pieces": self.pieces})


def tune(run: Tuning, out: Path) -> None:
    logged, costs = 0.0, []
    while run.used < run.seconds:
        costs.append(run.train_step())
        if run.used - logged > LOG_SECONDS or run.used >= run.seconds:
            logged = run.used
            contrast_cost, distance = np.mean(costs, axis=0)
            line = {"step": run.step, "cpu": round(logged), "contrast": round(float(contrast_cost), 3)}
            line |= {"distance": round(float(distance), 4)} | probe.measure(run.model, run.tokenizer)
            print(line, flush=True)
            run.save(out)
            costs = []
        if time.monotonic() - run.material.loaded > train.RELOAD_SECONDS:
            run.material.reload()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("start", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, default=40, help="CPU time")
    chosen = arguments.parse_args()
    tune(Tuning(chosen.start, 60 * chosen.minutes), chosen.out)


if __name__ == "__main__":
    main()
