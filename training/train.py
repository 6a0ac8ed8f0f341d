"""Step 5, `python train.py --out DIR`: trains, from SmolLM2, from a checkpoint, or from some layers of one.

    python train.py --out ../train/large --minutes 90                       all 30 layers, constant rate, resumable
    python train.py --out ../train/base --cut ../train/large/checkpoint.pt --layers 0,1,2,27,28,29 \
        --minutes 45 --cooldown 20 --packed 12                              a short network, healed and cooled down

A run that finds a checkpoint in its folder goes on from it: weights, optimiser, averages and data position. The learning
rate warms up, stays, and falls to zero over the last `--cooldown` minutes (Hu et al., MiniCPM, arXiv 2404.06395), so a
release can branch off any checkpoint. Over the last `--packed` minutes every matrix is rounded to Q4_0 in the forward
pass. SIGTERM saves and stops after the step in hand. The same command runs on a GPU if there is one.
"""

import argparse
import json
import resource
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from gguf import GGMLQuantizationType

import checkpoint
import measure
import paths
import vocabulary
from batches import Sampler, Tokens
from corpus import SOURCES
from gguf_model import GgufModel
from model import Llama, Shape, cut
from quantise import dither
from run import Progress, Run

LOG_SECONDS = 60
LANGUAGE_SHARE = 0.5


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoint.pt and log.jsonl")
    parser.add_argument(
        "--cut", type=Path, help="start from the averaged weights of this checkpoint, or from this GGUF file"
    )
    parser.add_argument("--layers", help="layers to keep of --cut, as 0,1,2,27,28,29; all if missing")
    parser.add_argument("--teacher", type=Path, help="network the run imitates, a checkpoint or a GGUF file")
    parser.add_argument("--teacher-share", type=float, default=0.5, help="share of the loss that imitates")
    parser.add_argument("--minutes", type=float, default=60, help="wall time of this call")
    parser.add_argument("--cooldown", type=float, default=0, help="minutes of falling rate at the end")
    parser.add_argument("--packed", type=float, default=0, help="minutes at the end trained as Q4_0")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the body")
    parser.add_argument("--embedding-rate", type=float, default=6e-4)
    parser.add_argument("--warmup", type=int, default=30, help="steps")
    parser.add_argument("--rows", type=int, default=8, help="rows of a pass")
    parser.add_argument("--passes", type=int, default=2, help="passes whose gradients make a step")
    parser.add_argument("--length", type=int, default=128, help="tokens of a row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--measure-minutes", type=float, default=20)
    parser.add_argument("--messages", type=int, default=150, help="development messages a set")
    parser.add_argument(
        "--compile", action=argparse.BooleanOptionalAction, default=True, help="fuse the layers' kernels"
    )
    return parser.parse_args()


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def from_smollm() -> Llama:
    """SmolLM2's body under the new vocabulary's starting rows."""
    smollm = GgufModel(paths.SMOLLM)
    rows = torch.from_numpy(np.load(paths.START_ROWS))
    state = smollm.state() | {"token_embd.weight": rows}
    return checkpoint.build(checkpoint.shape_fields(smollm.shape) | {"vocabulary": len(rows)}, state)


def from_layers(path: Path, layers: str | None) -> Llama:
    """The layers wanted of a checkpoint or, where its checkpoint is lost, of a packed file."""
    if path.suffix == ".gguf":
        packed = GgufModel(path)
        shape, weights = checkpoint.shape_fields(packed.shape), packed.state()
        weights |= {name: dither(weights[name]) for name in packed.names_of(GGMLQuantizationType.Q4_0)}
    else:
        saved = checkpoint.read(path)
        shape, weights = saved["shape"], saved["average"]
    kept = [int(number) for number in layers.split(",")] if layers else list(range(shape["layers"]))
    return checkpoint.build(shape | {"layers": len(kept)}, cut(weights, kept))


@dataclass
class Clock:
    """The wall and CPU time of this call, and the schedule that hangs on it."""

    minutes: float
    cooldown: float
    packed: float
    begin: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> float:
        return time.monotonic() - self.begin

    @property
    def left(self) -> float:
        return self.minutes * 60 - self.passed

    def rate_factor(self) -> float:
        return min(1.0, max(0.0, self.left / (self.cooldown * 60))) if self.cooldown else 1.0

    def is_packed(self) -> bool:
        return self.left < self.packed * 60


def open_sampler(length: int) -> Sampler:
    encoder = vocabulary.tokenizer(*vocabulary.load())
    weights = [source.weight * LANGUAGE_SHARE for source in SOURCES]
    return Sampler([Tokens.load(source.tokens) for source in SOURCES], weights, encoder, length)


def train(run: Run, clock: Clock) -> None:
    """Steps until the clock is out or SIGTERM comes, logging, measuring and saving in between."""
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    encoder = vocabulary.tokenizer(*vocabulary.load())
    before = Progress(**vars(run.progress))
    cpu_begin = cpu_seconds()
    losses: list[float] = []
    logged, saved, measured = 0.0, 0.0, 0.0
    logged_tokens, logged_cpu = run.progress.tokens, cpu_begin
    log = (run.chosen.out / "log.jsonl").open("a", encoding="utf-8", buffering=1)

    def note(**figures: Any) -> None:
        spent = {"step": run.progress.step, "tokens": run.progress.tokens}
        spent |= {"wall": round(run.progress.wall), "cpu": round(run.progress.cpu)}
        log.write(json.dumps(spent | figures) + "\n")

    while not stopped and clock.left > 0:
        factor = clock.rate_factor()
        run.model.train_packed(clock.is_packed())
        losses.append(run.step(factor))
        run.progress.wall = before.wall + clock.passed
        run.progress.cpu = before.cpu + cpu_seconds() - cpu_begin
        if clock.passed - logged > LOG_SECONDS:
            fresh = run.progress.tokens - logged_tokens
            note(
                loss=round(sum(losses) / len(losses), 4),
                rate=factor,
                tokens_per_second=round(fresh / (clock.passed - logged)),
                tokens_per_cpu_second=round(fresh / (cpu_seconds() - logged_cpu)),
            )
            logged, logged_tokens, logged_cpu, losses = clock.passed, run.progress.tokens, cpu_seconds(), []
        if clock.passed - saved > run.chosen.save_minutes * 60:
            run.save()
            saved = clock.passed
        if clock.passed - measured > run.chosen.measure_minutes * 60:
            note(bits_per_character=measure.measure(run.averaged().eval(), encoder, run.chosen.messages))
            measured = clock.passed
    run.save()
    note(bits_per_character=measure.measure(run.averaged().eval(), encoder, run.chosen.messages), end=True)


def main() -> None:
    chosen = options()
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(chosen.seed)
    clock = Clock(chosen.minutes, chosen.cooldown, chosen.packed)
    saved_path = chosen.out / checkpoint.NAME
    saved = checkpoint.read(saved_path) if saved_path.exists() else None
    if saved:
        model = Llama(Shape(**saved["shape"]))
    else:
        model = from_layers(chosen.cut, chosen.layers) if chosen.cut else from_smollm()
    run = Run(chosen, model, open_sampler(chosen.length))
    if saved:
        run.restore(saved)
        del saved
    train(run, clock)


if __name__ == "__main__":
    main()
