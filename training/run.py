"""A network in training: its optimiser, its averaged weights, and the steps that change them."""

import argparse
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

import checkpoint
import measure
from batches import Sampler
from model import Llama

BETAS = (0.9, 0.95)
WEIGHT_DECAY = 0.01
CLIP = 1.0
AVERAGE_DECAY = 0.99


def bfloat16_is_fast(device: torch.device) -> bool:
    """True on a GPU and on processors with AMX; AVX-512 multiplies 16-bit floats too, but slower than 32-bit ones."""
    return device.type == "cuda" or torch.cpu._is_amx_tile_supported()


def loss_of(logits: Tensor, targets: Tensor, teacher_logits: Tensor | None, share: float) -> Tensor:
    """Cross entropy, blended with the divergence from a teacher's distribution where there is one."""
    logits = logits.float().flatten(0, 1)
    loss = F.cross_entropy(logits, targets.flatten())
    if teacher_logits is None:
        return loss
    target = teacher_logits.float().flatten(0, 1).log_softmax(-1)
    imitation = F.kl_div(logits.log_softmax(-1), target, log_target=True, reduction="batchmean")
    return (1 - share) * loss + share * imitation


def optimizer_for(model: Llama, rate: float, embedding_rate: float) -> torch.optim.AdamW:
    groups: dict[str, list[Tensor]] = {"matrix": [], "norm": [], "embedding": []}
    for name, weight in model.named_parameters():
        kind = "embedding" if name.startswith("token_embd") else "norm" if weight.ndim == 1 else "matrix"
        groups[kind].append(weight)
    return torch.optim.AdamW(
        [
            {"params": groups["matrix"], "lr": rate, "full_rate": rate, "weight_decay": WEIGHT_DECAY},
            {"params": groups["norm"], "lr": rate, "full_rate": rate, "weight_decay": 0.0},
            {"params": groups["embedding"], "lr": embedding_rate, "full_rate": embedding_rate, "weight_decay": 0.0},
        ],
        betas=BETAS,
        fused=True,
    )


@dataclass
class Progress:
    """What a run has spent so far, over all its calls."""

    step: int = 0
    tokens: int = 0
    wall: float = 0.0
    cpu: float = 0.0


class Run:
    """One network in training."""

    def __init__(self, chosen: argparse.Namespace, model: Llama, sampler: Sampler) -> None:
        self.chosen = chosen
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.bfloat16 = bfloat16_is_fast(self.device)
        self.model = model.to(self.device)
        self.teacher = measure.open_model(chosen.teacher).to(self.device) if chosen.teacher else None
        if chosen.compile:
            for layer in [*self.model.blk, *(self.teacher.blk if self.teacher else ())]:
                layer.compile(dynamic=False)
        self.sampler = sampler
        self.optimizer = optimizer_for(self.model, chosen.rate, chosen.embedding_rate)
        self.average = {name: weight.clone() for name, weight in self.model.state_dict().items()}
        self.progress = Progress()

    def restore(self, saved: dict[str, Any]) -> None:
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        for group, rate in zip(self.optimizer.param_groups, self._rates(), strict=True):
            group["full_rate"] = rate
        self.average = {name: weight.to(self.device, copy=True) for name, weight in saved["average"].items()}
        self.progress = Progress(**saved["progress"])

    def _rates(self) -> tuple[float, float, float]:
        return self.chosen.rate, self.chosen.rate, self.chosen.embedding_rate

    def save(self) -> None:
        content = {
            "shape": checkpoint.shape_fields(self.model.shape),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
            "progress": vars(self.progress),
        }
        checkpoint.write(self.chosen.out / checkpoint.NAME, content)

    def _pass_loss(self, batch: Tensor) -> Tensor:
        inputs, targets = batch[:, :-1], batch[:, 1:]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            teacher_logits = None
            if self.teacher:
                with torch.no_grad():
                    teacher_logits = self.teacher(inputs)
            return loss_of(self.model(inputs), targets, teacher_logits, self.chosen.teacher_share)

    def step(self, factor: float) -> float:
        """One optimiser step; returns the mean loss of its passes."""
        progress, passes, rows = self.progress, self.chosen.passes, self.chosen.rows
        warm = min(1.0, (progress.step + 1) / self.chosen.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = group["full_rate"] * factor * warm
        batch = torch.from_numpy(self.sampler.batch(self.chosen.seed, progress.step, passes * rows)).to(self.device)
        total = 0.0
        for part in batch.split(rows):
            loss = self._pass_loss(part) / passes
            loss.backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        progress.step += 1
        progress.tokens += passes * rows * self.chosen.length
        decay = min(AVERAGE_DECAY, (1 + progress.step) / (10 + progress.step))
        torch._foreach_lerp_(list(self.average.values()), list(self.model.state_dict().values()), 1 - decay)
        return total

    def averaged(self) -> Llama:
        model = checkpoint.build(checkpoint.shape_fields(self.model.shape), self.average)
        model.train_packed(self.model.packed)
        return model
