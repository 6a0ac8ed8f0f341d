"""Step 5, `python -m sentence.train --minutes M`: MiniLM's body learns German under the new vocabulary.

An English sentence and its German translation both aim at MiniLM's vector of the English one (Reimers and Gurevych, arXiv
2004.09813); beside the vectors themselves, the similarities to the other sentences of the batch are matched. Rate: warm-up,
constant, then down to nothing over the last part, near whose end every matrix and row is used as it will be stored (Q4_0).
Call it again to go on where it stopped.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

import checkpoint
from quantise import fake_q4_0
from sentence import minilm, pieces, places, probe, teacher, texts
from sentence.embed import padded
from sentence.encoder import Encoder, Shape

POSITIONS = 128
LONGEST = 40
BATCH_PIECES = 1300
POOL = 40
RATE_BODY = 1.5e-4
RATE_ROWS = 1e-3
WARM_UP_STEPS = 60
KEPT_ROWS_PACE = 0.2
COOLING = 0.65
ROUNDED = 0.35
SHARPNESS = 20.0
SAVE_SECONDS = 180
RELOAD_SECONDS = 240

WEIGHT = {"written": 4.0, "tatoeba": 1.2, "sentences": 0.35, "wiktionary": 0.6}
GERMAN_SHARE = 0.78
ENGLISH_ONLY_SHARE = 0.6


@dataclass
class Example:
    ids: list[int]
    target: np.ndarray


def start() -> Encoder:
    """MiniLM's body, the first positions, and the start rows."""
    rows = torch.from_numpy(np.load(places.START_ROWS))
    state = minilm.state(places.MINILM)
    state["token_embd.weight"] = rows
    state["position_embd.weight"] = state["position_embd.weight"][:POSITIONS].clone()
    base = minilm.SHAPE
    model = Encoder(Shape(base.layers, base.width, base.heads, base.hidden, len(rows), POSITIONS))
    model.load_state_dict(state)
    return model


def load(path: Path) -> tuple[Encoder, list[str]]:
    """The encoder of a checkpoint, its weights not rounded, and its pieces."""
    saved = checkpoint.read(path)
    state, base = saved["model"], minilm.SHAPE
    positions = len(state["position_embd.weight"])
    vocabulary = len(state["token_embd.weight"])
    model = Encoder(Shape(base.layers, base.width, base.heads, base.hidden, vocabulary, positions))
    model.load_state_dict(state)
    return model.eval(), saved["pieces"]


class Material:
    """Texts with whatever vectors the teacher has written by now; `reload` looks for more."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._rows = texts.rows()
        self.reload()

    def reload(self) -> None:
        known = teacher.read(places.VECTORS)
        taught = [(row, known[row["en"]]) for row in self._rows if row["en"] in known]
        self._pairs = [(row, target) for row, target in taught if "de" in row]
        self._english = [(row, target) for row, target in taught if "de" not in row]
        weights = [WEIGHT[row["source"]] for row, _ in self._pairs]
        self._heights = np.cumsum(weights) / np.sum(weights)
        self.loaded = time.monotonic()
        print(f"{len(self._pairs):,} pairs, {len(self._english):,} English texts", flush=True)

    def _text(self, draw: random.Random) -> tuple[str, np.ndarray]:
        language = "de" if draw.random() < GERMAN_SHARE else "en"
        if language == "en" and self._english and draw.random() < ENGLISH_ONLY_SHARE:
            row, target = draw.choice(self._english)
        else:
            row, target = self._pairs[int(np.searchsorted(self._heights, draw.random()))]
        return row[language], target

    def batches(self, seed: int) -> Iterator[list[Example]]:
        """Batches of like length, drawn from a pool and shuffled."""
        draw = random.Random(seed)
        while True:
            drawn = [self._text(draw) for _ in range(POOL * 80)]
            encodings = self.tokenizer.encode_batch_fast([spoken(text, draw) for text, _ in drawn])
            pool = [Example(row.ids[:LONGEST], target) for row, (_, target) in zip(encodings, drawn, strict=True)]
            pool.sort(key=lambda example: len(example.ids) + draw.random())
            batches, batch = [], []
            for example in pool:
                if batch and (len(batch) + 1) * len(example.ids) > BATCH_PIECES:
                    batches.append(batch)
                    batch = []
                batch.append(example)
            draw.shuffle(batches)
            yield from batches


def spoken(text: str, draw: random.Random) -> str:
    """Now and then a sentence as a recogniser writes it: without its final mark, or without any."""
    chance = draw.random()
    if chance < 0.3:
        return text.rstrip(".!?")
    if chance < 0.4:
        return "".join(letter for letter in text if letter not in '.,!?;:"')
    return text


def matching(ours: Tensor, target: Tensor) -> Tensor:
    """Cosine distance, and how differently the batch's sentences look from each sentence."""
    distance = 1 - (ours * target).sum(-1).mean()
    seen = F.log_softmax(SHARPNESS * ours @ target.T, dim=-1)
    wanted = F.softmax(SHARPNESS * target @ target.T, dim=-1)
    return 10 * distance + F.kl_div(seen, wanted, reduction="batchmean")


def loss(model: Encoder, batch: list[Example]) -> tuple[Tensor, float]:
    """What to minimise, and the mean cosine distance for the log."""
    ours = F.normalize(model(*padded([example.ids for example in batch])), dim=-1)
    target = torch.from_numpy(np.stack([example.target for example in batch]).astype(np.float32))
    target = F.normalize(target, dim=-1)
    return matching(ours, target), 1 - float((ours.detach() * target).sum(-1).mean())


class Run:
    def __init__(self, out: Path, seconds: float) -> None:
        self.path, self.seconds = out / checkpoint.NAME, seconds
        out.mkdir(parents=True, exist_ok=True)
        self.model = start()
        rows = [self.model.token_embd.weight]
        body = [weight for weight in self.model.parameters() if weight is not rows[0]]
        groups = [{"params": body, "base": RATE_BODY}, {"params": rows, "base": RATE_ROWS}]
        self.optimiser = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)
        known = set(minilm.pieces(places.MINILM))
        self.kept_rows = torch.tensor([n for n, piece in enumerate(pieces.load()) if piece in known])
        self.step, self.seen, self.used, self.cpu = 0, 0, 0.0, 0.0
        if self.path.exists():
            saved = checkpoint.read(self.path)
            self.model.load_state_dict(saved["model"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.step, self.seen, self.used, self.cpu = saved["step"], saved["seen"], saved["used"], saved["cpu"]

    def save(self) -> None:
        checkpoint.write(
            self.path,
            {
                "model": self.model.state_dict(),
                "pieces": pieces.load(),
                "optimiser": self.optimiser.state_dict(),
                **{name: getattr(self, name) for name in ("step", "seen", "used", "cpu")},
            },
        )

    def rate(self) -> float:
        """Share of the base rate by the time used."""
        warm = min(1.0, (self.step + 1) / WARM_UP_STEPS)
        left = max(0.0, 1 - self.used / self.seconds)
        return warm * min(1.0, left / COOLING)

    @torch.no_grad()
    def optimiser_step(self) -> None:
        """MiniLM's own rows are right already: they move at a part of the pace of the new ones."""
        rows = self.model.token_embd.weight
        before = rows[self.kept_rows]
        self.optimiser.step()
        rows[self.kept_rows] = before.lerp_(rows[self.kept_rows], KEPT_ROWS_PACE)

    def train_step(self, batch: list[Example]) -> float:
        if self.used > (1 - ROUNDED) * self.seconds and self.model.row_rounding is None:
            self.model.round_with(fake_q4_0, fake_q4_0)
            print("rounded from here on", flush=True)
        share = self.rate()
        for group in self.optimiser.param_groups:
            group["lr"] = share * group["base"]
        total, distance = loss(self.model, batch)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimiser_step()
        self.step += 1
        self.seen += len(batch)
        return distance


def train(run: Run, log: Path) -> None:
    material = Material(pieces.tokenizer(pieces.load()))
    batches = material.batches(run.step)
    saved = time.monotonic()
    distances: list[float] = []
    clock, cpu = time.monotonic(), time.process_time()
    while run.used < run.seconds:
        distances.append(run.train_step(next(batches)))
        now, now_cpu = time.monotonic(), time.process_time()
        run.used, run.cpu = run.used + now - clock, run.cpu + now_cpu - cpu
        clock, cpu = now, now_cpu
        if now - saved > SAVE_SECONDS or run.used >= run.seconds:
            run.save()
            line = {"step": run.step, "seen": run.seen, "minutes": round(run.used / 60, 1), "cpu": round(run.cpu)}
            line |= {"distance": round(float(np.nanmean(distances)), 4), "rate": round(run.rate(), 3)}
            line |= probe.measure(run.model, material.tokenizer)
            with log.open("a") as out:
                out.write(json.dumps(line) + "\n")
            print(line, flush=True)
            distances, saved = [], now
        if now - material.loaded > RELOAD_SECONDS:
            material.reload()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, default=places.FOLDER / "run")
    arguments.add_argument("--minutes", type=float, default=90)
    chosen = arguments.parse_args()
    train(Run(chosen.out, 60 * chosen.minutes), chosen.out / "log.jsonl")


if __name__ == "__main__":
    main()
