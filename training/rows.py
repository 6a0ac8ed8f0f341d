"""Step 4, `python rows.py`: the embedding rows that training starts from.

A piece that SmolLM2 has keeps its row. A new piece that starts a word begins near its English meaning: IBM Model 1 (Brown
et al., Computational Linguistics 19(2), 1993) over the parallel sentences gives each German piece its English pieces; their
weighted mean row, moved to the mean start, and the mean of the piece's own SmolLM2 pieces are blended. Other new pieces take
the mean of their own SmolLM2 pieces, and a byte that SmolLM2 lacks the mean row.
"""

import lzma
import time

import numpy as np
from tokenizers import Tokenizer

import paths
import vocabulary
from gguf_model import GgufModel
from normalise import normalise

ITERATIONS = 6
TRANSLATION_SHARE = 0.6
LONGEST = 24
LEAST_COUNT = 2.0
WORD_START = "Ġ"


def parallel_ids(encoder: Tokenizer, language: str) -> list[np.ndarray]:
    """The distinct ids of each parallel sentence."""
    with lzma.open(paths.SHARED / f"text/{language}/sentences.txt.xz", "rt", encoding="utf-8") as rows:
        lines = [" " + normalise(line) for line in rows.read().split("\n\n")]
    return [np.unique(row.ids) for row in encoder.encode_batch_fast(lines)]


def model_1(
    sources: list[np.ndarray], targets: list[np.ndarray], size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expected counts of (source, target) id pairs after `ITERATIONS` rounds of expectation maximisation.

    Every pair that shares a sentence is one number in a flat array, so a round is three `bincount`s.
    """
    pairs, words = [], []
    word = 0
    for source, target in zip(sources, targets, strict=True):
        if 0 < len(source) <= LONGEST and 0 < len(target) <= LONGEST:
            pairs.append((source[:, None].astype(np.int32) * size + target.astype(np.int32)).ravel())
            words.append(np.tile(np.arange(word, word + len(target), dtype=np.int32), len(source)))
            word += len(target)
    word_of = np.concatenate(words)
    kinds, kind_of = np.unique(np.concatenate(pairs), return_inverse=True)
    kind_of = kind_of.astype(np.int32)
    del pairs, words
    source_of_kind = kinds // size
    translation = np.ones(len(kinds))
    for _ in range(ITERATIONS):
        score = translation[kind_of]
        score /= np.bincount(word_of, score, minlength=word)[word_of]
        counts = np.bincount(kind_of, score, minlength=len(kinds))
        translation = counts / np.bincount(source_of_kind, counts)[source_of_kind]
    return source_of_kind, kinds % size, counts


def start_rows(pieces: list[str], merges: list[vocabulary.Merge], smollm: GgufModel) -> np.ndarray:
    """A row for each piece of the new vocabulary."""
    old = smollm.tensor("token_embd.weight")
    old_id = {piece: number for number, piece in enumerate(smollm.pieces)}
    splitter = vocabulary.tokenizer(smollm.pieces, smollm.merges)
    rows = np.empty((len(pieces), old.shape[1]), np.float32)
    mean_row = old.mean(0)
    for number, piece in enumerate(pieces):
        parts = [] if piece in vocabulary.SPECIALS else [token.id for token in splitter.model.tokenize(piece)]
        if piece in old_id:
            rows[number] = old[old_id[piece]]
        else:
            rows[number] = old[parts].mean(0) if parts else mean_row

    encoder = vocabulary.tokenizer(pieces, merges)
    german, english, counts = model_1(parallel_ids(encoder, "de"), parallel_ids(encoder, "en"), len(pieces))
    shared = np.array([piece in old_id for piece in pieces])
    starts_word = np.array([piece.startswith(WORD_START) and len(piece) > 1 for piece in pieces])
    use = (starts_word & ~shared)[german] & (starts_word & shared)[english]
    german, english, counts = german[use], english[use], counts[use]
    meaning = np.zeros_like(rows)
    np.add.at(meaning, german, counts[:, None] * rows[english])
    weight = np.bincount(german, counts, minlength=len(pieces))
    aligned = np.flatnonzero(weight >= LEAST_COUNT)
    meaning = meaning[aligned] / weight[aligned, None]
    meaning += rows[aligned].mean(0) - meaning.mean(0)
    rows[aligned] = TRANSLATION_SHARE * meaning + (1 - TRANSLATION_SHARE) * rows[aligned]
    print(f"{shared.sum():,} rows kept, {len(aligned):,} aligned, of {len(pieces):,}")
    return rows


def main() -> None:
    begin = time.process_time()
    np.save(paths.START_ROWS, start_rows(*vocabulary.load(), GgufModel(paths.SMOLLM)))
    print(f"{time.process_time() - begin:.0f} CPU seconds")


if __name__ == "__main__":
    main()
