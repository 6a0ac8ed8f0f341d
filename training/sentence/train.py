"""Step 5, `python -m sentence.train --minutes M`: MiniLM's body learns German under the new vocabulary. Call it again to go on.

An English sentence and its German translation both aim at MiniLM's vector of the English one (Reimers and Gurevych, 2020);
beside the vectors themselves, the similarities to the other sentences of the batch are matched. A linear layer, thrown away
afterwards, aims at E5's vector where one is there. Rate: warm-up, constant, then down to nothing over the last part, in which
every matrix and row is used as it will be stored (Q4_0).
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import checkpoint
from sentence import minilm, pieces, places, probe, teachers
from sentence.embed import padded
from sentence.encoder import Encoder, Shape
from quantise import fake_q4_0

POSITIONS = 128
LONGEST = 40
BATCH_PIECES = 1300
POOL = 40
RATE_BODY = 1.5e-4
RATE_ROWS = 1e-3
WARM_UP_STEPS = 60
KEPT_ROWS_PACE = 0.2
COOLING = 0.5
ROUNDED = 0.35
SHARPNESS = 20.0
E5_SHARE = 0.3
SAVE_SECONDS = 180
RELOAD_SECONDS = 240

WEIGHT = {"written": 3.0, "tatoeba": 1.0, "sentences": 0.8, "wiktionary": 0.5}
GERMAN_SHARE = 0.7


@dataclass
class Example:
    ids: list[int]
    minilm: np.ndarray | None
    e5: np.ndarray | None


class Student(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.to_e5 = nn.Linear(shape.width, shape.width)


def start() -> Student:
    """MiniLM's body, the first positions, and the start rows."""
    rows = torch.from_numpy(np.load(places.START_ROWS))
    state = minilm.state(places.MINILM)
    state["token_embd.weight"] = rows
    state["position_embd.weight"] = state["position_embd.weight"][:POSITIONS].clone()
    base = minilm.SHAPE
    shape = Shape(base.layers, base.width, base.heads, base.hidden, len(rows), POSITIONS)
    student = Student(shape)
    student.encoder.load_state_dict(state)
    return student


def load(path: Path) -> Encoder:
    """The encoder of a checkpoint, its weights not rounded."""
    student = start()
    student.load_state_dict(checkpoint.read(path)["student"])
    return student.encoder.eval()


class Material:
    """Texts with whatever vectors the teachers have written by now; `reload` looks for more."""

    def __init__(self) -> None:
        self.tokenizer = pieces.tokenizer(pieces.load())
        self._rows = teachers.rows()
        self.reload()

    def reload(self) -> None:
        first, second = teachers.read(places.MINILM_VECTORS), teachers.read(places.E5_VECTORS)
        self.e5_mean = np.mean(list(second.values()), axis=0, dtype=np.float32) if second else np.zeros(384, np.float32)
        self.pairs, self.english, self.german = [], [], []
        for row in self._rows:
            target = first.get(row.get("en", ""))
            other = second.get(row.get("de", "")) if "en" not in row else second.get(row["en"])
            if target is not None and "de" in row:
                self.pairs.append((row, target, None))
            elif target is not None:
                self.english.append((row, target, other))
            elif other is not None and "en" not in row:
                self.german.append((row, None, other))
        weights = [WEIGHT.get(row["source"], 1.0) for row, _, _ in self.pairs]
        self._heights = np.cumsum(weights) / np.sum(weights)
        self.loaded = time.monotonic()
        print(f"{len(self.pairs):,} pairs, {len(self.english):,} English, {len(self.german):,} German texts", flush=True)

    def _pair(self, draw: random.Random) -> tuple:
        return self.pairs[int(np.searchsorted(self._heights, draw.random()))]

    def _text(self, draw: random.Random) -> tuple[str, np.ndarray | None, np.ndarray | None]:
        chance = draw.random()
        if chance < GERMAN_SHARE:
            if self.german and draw.random() < 0.15:
                row, target, other = draw.choice(self.german)
            else:
                row, target, other = self._pair(draw)
            return row["de"], target, other
        row, target, other = draw.choice(self.english) if self.english and draw.random() < 0.6 else self._pair(draw)
        return row["en"], target, other

    def batches(self, seed: int) -> Iterator[list[Example]]:
        """Batches of like length, drawn from a pool and shuffled."""
        draw = random.Random(seed)
        while True:
            drawn = [self._text(draw) for _ in range(POOL * 80)]
            texts = [spoken(text, draw) for text, _, _ in drawn]
            rows = [row.ids[:LONGEST] for row in self.tokenizer.encode_batch_fast(texts)]
            pool = [Example(ids, m, e) for ids, (_, m, e) in zip(rows, drawn, strict=True)]
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
        return "".join(letter for letter in text if letter not in ".,!?;:\"")
    return text


def stacked(vectors: list[np.ndarray | None]) -> tuple[Tensor, Tensor]:
    """The vectors there are, and at which places."""
    held = [number for number, vector in enumerate(vectors) if vector is not None]
    rows = np.stack([vectors[number] for number in held]) if held else np.zeros((0, 384))
    return torch.from_numpy(rows.astype(np.float32)), torch.tensor(held, dtype=torch.long)


def matching(ours: Tensor, target: Tensor) -> Tensor:
    """Cosine distance, and how differently the batch's sentences look from each sentence."""
    distance = 1 - (ours * target).sum(-1).mean()
    seen = F.log_softmax(SHARPNESS * ours @ target.T, dim=-1)
    wanted = F.softmax(SHARPNESS * target @ target.T, dim=-1)
    return 10 * distance + F.kl_div(seen, wanted, reduction="batchmean")


def loss(student: Student, batch: list[Example], e5_mean: Tensor) -> tuple[Tensor, float]:
    pooled = student.encoder(*padded([example.ids for example in batch]))
    target, held = stacked([example.minilm for example in batch])
    total = torch.zeros(())
    distance = math.nan
    if len(held):
        ours, target = F.normalize(pooled[held], dim=-1), F.normalize(target, dim=-1)
        total = total + matching(ours, target)
        distance = 1 - float((ours.detach() * target).sum(-1).mean())
    target, held = stacked([example.e5 for example in batch])
    if len(held) > 1:
        ours = F.normalize(student.to_e5(F.normalize(pooled[held], dim=-1)), dim=-1)
        total = total + E5_SHARE * matching(ours, F.normalize(target - e5_mean, dim=-1))
    return total, distance


class Run:
    def __init__(self, out: Path, seconds: float) -> None:
        self.path, self.seconds = out / checkpoint.NAME, seconds
        out.mkdir(parents=True, exist_ok=True)
        self.student = start()
        rows = [self.student.encoder.token_embd.weight]
        body = [weight for weight in self.student.parameters() if weight is not rows[0]]
        groups = [{"params": body, "base": RATE_BODY}, {"params": rows, "base": RATE_ROWS}]
        self.optimiser = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)
        known = set(minilm.pieces(places.MINILM))
        self.kept_rows = torch.tensor([n for n, piece in enumerate(pieces.load()) if piece in known])
        self.step, self.seen, self.used, self.cpu = 0, 0, 0.0, 0.0
        if self.path.exists():
            saved = checkpoint.read(self.path)
            self.student.load_state_dict(saved["student"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.step, self.seen, self.used, self.cpu = saved["step"], saved["seen"], saved["used"], saved["cpu"]

    def save(self) -> None:
        checkpoint.write(
            self.path,
            {
                "student": self.student.state_dict(),
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
        rows = self.student.encoder.token_embd.weight
        before = rows[self.kept_rows]
        self.optimiser.step()
        rows[self.kept_rows] = before.lerp_(rows[self.kept_rows], KEPT_ROWS_PACE)

    def train_step(self, batch: list[Example], e5_mean: Tensor) -> float:
        if self.used > (1 - ROUNDED) * self.seconds and self.student.encoder.row_rounding is None:
            self.student.encoder.round_with(fake_q4_0, fake_q4_0)
            print("rounded from here on", flush=True)
        share = self.rate()
        for group in self.optimiser.param_groups:
            group["lr"] = share * group["base"]
        total, distance = loss(self.student, batch, e5_mean)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
        self.optimiser_step()
        self.step += 1
        self.seen += len(batch)
        return distance


def train(run: Run, log: Path) -> None:
    material = Material()
    batches = material.batches(run.step)
    saved = time.monotonic()
    distances: list[float] = []
    clock, cpu = time.monotonic(), time.process_time()
    while run.used < run.seconds:
        distances.append(run.train_step(next(batches), torch.from_numpy(material.e5_mean)))
        now, now_cpu = time.monotonic(), time.process_time()
        run.used, run.cpu = run.used + now - clock, run.cpu + now_cpu - cpu
        clock, cpu = now, now_cpu
        if now - saved > SAVE_SECONDS or run.used >= run.seconds:
            run.save()
            line = {"step": run.step, "seen": run.seen, "minutes": round(run.used / 60, 1), "cpu": round(run.cpu)}
            line |= {"distance": round(float(np.nanmean(distances)), 4), "rate": round(run.rate(), 3)}
            line |= probe.measure(run.student.encoder, material.tokenizer)
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
