"""Step 3, `python tokenise.py`: every source as token ids.

A source becomes one `.npz`: all ids end to end, where each line starts, and which line each document starts with. Every
line is tokenised with one space before it, so the first word of a message has the same piece as inside it.
"""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import vocabulary
from corpus import SOURCES


def encode_lines(encoder: Tokenizer, lines: list[str]) -> list[list[int]]:
    return [row.ids for row in encoder.encode_batch_fast([" " + line for line in lines], add_special_tokens=False)]


def tokenise(encoder: Tokenizer, text: Path, out: Path) -> int:
    """Writes the ids of a text file; returns their number."""
    lines: list[str] = []
    documents: list[int] = [0]
    for line in text.read_text(encoding="utf-8").split("\n"):
        if line:
            lines.append(line)
        elif documents[-1] != len(lines):
            documents.append(len(lines))
    rows = encode_lines(encoder, lines)
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    ids = np.fromiter((token for row in rows for token in row), np.uint16, count=starts[-1])
    np.savez(out, ids=ids, lines=starts, documents=np.array(documents, np.int64))
    return len(ids)


def main() -> None:
    encoder = vocabulary.tokenizer(*vocabulary.load())
    for source in SOURCES:
        count = tokenise(encoder, source.text, source.tokens)
        print(
            f"{source.tokens.name}: {count:,} tokens, {source.text.stat().st_size / count:.2f} bytes a token",
            flush=True,
        )


if __name__ == "__main__":
    main()
