"""Step 3, `python -m sentence.teachers minilm|e5 --minutes M`: the teachers' vectors of the texts, kept as 16-bit floats.

Call it again to go on where it stopped. MiniLM embeds every English text; E5, dearer, first the German texts without a
translation and the English commands. Training reads as many vectors as there are.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sentence import minilm, places
from sentence.e5 import E5
from sentence.embed import embed

CHUNK = 512
SHORT = 12
COMMANDS = ("nlu-evaluation/train", "snips/train", "banking77/train")


def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in places.TEXTS.read_text(encoding="utf-8").splitlines()]


def texts_for(teacher: str, material: list[dict[str, str]]) -> list[str]:
    """The distinct texts that a teacher embeds, in its order."""
    if teacher == "minilm":
        ranked = sorted((row for row in material if "en" in row), key=priority)
        return list(dict.fromkeys(row["en"] for row in ranked))
    first = [row.get("de", row.get("en")) for row in material if "en" not in row or row["source"] in COMMANDS]
    return list(dict.fromkeys(first))


def priority(row: dict[str, str]) -> int:
    """What MiniLM embeds first: commands, then short pairs, then the rest."""
    if row["source"] in ("written", *COMMANDS):
        return 0
    return 1 if "de" in row and row["en"].count(" ") < SHORT else 2


def read(folder: Path) -> dict[str, np.ndarray]:
    """What a teacher has written so far: text → vector."""
    known: dict[str, np.ndarray] = {}
    for part in sorted(folder.glob("*.npz")):
        with np.load(part) as held:
            known.update(zip(held["texts"].tolist(), held["vectors"], strict=True))
    return known


def work(texts: list[str], folder: Path, embedder: Callable[[list[str]], np.ndarray], seconds: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    known = read(folder)
    wanted = [text for text in texts if text not in known]
    number = len(list(folder.glob("*.npz")))
    begin = time.monotonic()
    for start in range(0, len(wanted), CHUNK):
        if time.monotonic() - begin > seconds:
            break
        chosen = wanted[start : start + CHUNK]
        aside = folder / "part"
        with aside.open("wb") as out:
            np.savez(out, texts=np.array(chosen), vectors=embedder(chosen).astype(np.float16))
        aside.replace(folder / f"{number:05}.npz")
        number += 1
        rate = (start + len(chosen)) / (time.monotonic() - begin)
        print(f"{len(known) + start + len(chosen):,} of {len(texts):,} texts, {rate:.0f} a second", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("teacher", choices=["minilm", "e5"])
    arguments.add_argument("--minutes", type=float, default=600)
    chosen = arguments.parse_args()
    texts = texts_for(chosen.teacher, rows())
    if chosen.teacher == "minilm":
        model, splitter = minilm.load(places.MINILM), minilm.tokenizer(places.MINILM)
        work(texts, places.MINILM_VECTORS, lambda part: embed(model, splitter, part), 60 * chosen.minutes)
    else:
        work(texts, places.E5_VECTORS, E5().embed, 60 * chosen.minutes)


if __name__ == "__main__":
    main()
