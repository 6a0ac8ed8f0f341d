"""Step 4, `python -m sentence.start_rows`: the embedding rows that training starts from.

A piece that MiniLM has keeps its row. A German one begins near its English meaning: IBM Model 1 (`rows.py` in the folder
above) over the pairs of texts gives it English pieces, whose weighted mean row is blended with the mean row of what MiniLM
would have made of the piece; pieces without a translation take the latter.
"""

import random
import time

import numpy as np

from rows import LEAST_COUNT, model_1
from sentence import minilm, pieces, places, texts
from sentence.encoder import SPECIALS

TRANSLATION_SHARE = 0.8
PAIRS = 90_000
LONGEST = 18
SEED = 5


def pairs() -> list[tuple[str, str]]:
    found = [(row["de"], row["en"]) for row in texts.rows() if "de" in row]
    short = [(german, english) for german, english in found if max(german.count(" "), english.count(" ")) < LONGEST]
    random.Random(SEED).shuffle(short)
    return short[:PAIRS]


def start_rows(
    vocabulary: list[str], parallel: list[tuple[str, str]], old: np.ndarray, old_pieces: list[str]
) -> np.ndarray:
    old_id = {piece: number for number, piece in enumerate(old_pieces)}
    splitter = minilm.tokenizer(places.MINILM)
    rows = np.empty((len(vocabulary), old.shape[1]), np.float32)
    for number, piece in enumerate(vocabulary):
        if piece in old_id:
            rows[number] = old[old_id[piece]]
        else:
            parts = splitter.encode(piece.removeprefix("##"), add_special_tokens=False).ids
            rows[number] = old[parts].mean(0) if parts else old.mean(0)

    encoder = pieces.tokenizer(vocabulary)
    sides = [
        [np.unique(row.ids) for row in encoder.encode_batch_fast(list(side), add_special_tokens=False)]
        for side in zip(*parallel, strict=True)
    ]
    german, english, counts = model_1(*sides, len(vocabulary))
    shared = np.array([piece in old_id for piece in vocabulary])
    use = ~shared[german] & shared[english]
    german, english, counts = german[use], english[use], counts[use]
    meaning = np.zeros_like(rows)
    np.add.at(meaning, german, counts[:, None] * rows[english])
    weight = np.bincount(german, counts, minlength=len(vocabulary))
    aligned = np.flatnonzero(weight >= LEAST_COUNT)
    rows[aligned] = (
        TRANSLATION_SHARE * meaning[aligned] / weight[aligned, None] + (1 - TRANSLATION_SHARE) * rows[aligned]
    )
    print(f"{shared.sum() - len(SPECIALS):,} rows kept, {len(aligned):,} aligned, of {len(vocabulary):,}")
    return rows


def main() -> None:
    begin = time.process_time()
    old = minilm.state(places.MINILM)["token_embd.weight"].numpy()
    np.save(places.START_ROWS, start_rows(pieces.load(), pairs(), old, minilm.pieces(places.MINILM)))
    print(f"{time.process_time() - begin:.0f} CPU seconds")


if __name__ == "__main__":
    main()
