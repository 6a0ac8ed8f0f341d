"""Step 3, `python -m sentence.teacher --minutes M`: MiniLM's vectors of the English texts, kept as 16-bit floats.

Call it again to go on where it stopped. Training reads as many vectors as there are.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from sentence import minilm, places, texts
from sentence.embed import embed

CHUNK = 512
SHORT = 12


def in_order(material: list[texts.Row]) -> list[str]:
    """The distinct English texts: commands first, then short pairs, then the rest."""

    def priority(row: texts.Row) -> int:
        if row["source"] in texts.COMMANDS:
            return 0
        return 1 if "de" in row and row["en"].count(" ") < SHORT else 2

    return list(dict.fromkeys(row["en"] for row in sorted(material, key=priority)))


def read(folder: Path) -> dict[str, np.ndarray]:
    """What the teacher has written so far: text → vector."""
    known: dict[str, np.ndarray] = {}
    for part in sorted(folder.glob("*.npz")):
        with np.load(part) as held:
            known.update(zip(held["texts"].tolist(), held["vectors"], strict=True))
    return known


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=600)
    chosen = arguments.parse_args()
    folder = places.VECTORS
    folder.mkdir(parents=True, exist_ok=True)
    known = read(folder)
    wanted = [text for text in in_order(texts.rows()) if text not in known]
    model, splitter = minilm.load(places.MINILM), minilm.tokenizer(places.MINILM)
    number = len(list(folder.glob("*.npz")))
    begin = time.monotonic()
    for start in range(0, len(wanted), CHUNK):
        if time.monotonic() - begin > 60 * chosen.minutes:
            break
        part = wanted[start : start + CHUNK]
        aside = folder / "part"
        with aside.open("wb") as out:
            np.savez(out, texts=np.array(part), vectors=embed(model, splitter, part).astype(np.float16))
        aside.replace(folder / f"{number:05}.npz")
        number += 1
        rate = (start + len(part)) / (time.monotonic() - begin)
        print(f"{start + len(part):,} of {len(wanted):,} texts, {rate:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
