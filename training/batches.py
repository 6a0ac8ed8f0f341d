"""What a training step sees: packed rows of short dialogues, a pure function of seed and step number.

A row takes all its text from one source, chosen by the sources' weights, and is filled with snippets: `<|endoftext|>`, then
a few consecutive messages of a document joined by line breaks. Half the snippets start at a random message, so that every
message is often the first: the keyboard knows nothing of what was said before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import normalise
import vocabulary

CASUAL_SHARE = 0.07
START_OF_DOCUMENT_SHARE = 0.5
MEAN_MESSAGES = 4


@dataclass(frozen=True)
class Tokens:
    """A tokenised source, see `tokenise`."""

    ids: np.ndarray
    lines: np.ndarray
    documents: np.ndarray

    @classmethod
    def load(cls, path: Path) -> "Tokens":
        with np.load(path) as arrays:
            return cls(arrays["ids"], arrays["lines"], arrays["documents"])

    @property
    def line_count(self) -> int:
        return len(self.lines) - 1

    def line(self, number: int) -> np.ndarray:
        return self.ids[self.lines[number] : self.lines[number + 1]]


class Sampler:
    """Draws training rows from weighted sources."""

    def __init__(self, sources: Sequence[Tokens], weights: Sequence[float], encoder: Tokenizer, length: int) -> None:
        self._sources = sources
        self._weights = np.array(weights) / sum(weights)
        self._encoder = encoder
        self._length = length
        self._document = encoder.token_to_id(vocabulary.DOCUMENT)
        self._line_break = encoder.token_to_id("Ċ")

    def _casual(self, ids: np.ndarray) -> np.ndarray:
        text = self._encoder.decode(ids.tolist())
        return np.array(self._encoder.encode(" " + normalise.casual(text[1:])).ids, np.uint16)

    def _snippet(self, source: Tokens, random: np.random.Generator) -> list[np.ndarray]:
        first = int(random.integers(source.line_count))
        document = int(np.searchsorted(source.documents, first, side="right")) - 1
        if random.random() < START_OF_DOCUMENT_SHARE:
            first = int(source.documents[document])
        ends = [*source.documents[document + 1 : document + 2], source.line_count]
        last = min(first + int(random.geometric(1 / MEAN_MESSAGES)), int(ends[0]))
        casual = random.random() < CASUAL_SHARE
        parts = [np.array([self._document], np.uint16)]
        for number in range(first, last):
            if number > first:
                parts.append(np.array([self._line_break], np.uint16))
            line = source.line(number)
            parts.append(self._casual(line) if casual else line)
        return parts

    def _row(self, random: np.random.Generator) -> np.ndarray:
        source = self._sources[random.choice(len(self._sources), p=self._weights)]
        parts: list[np.ndarray] = []
        while sum(map(len, parts)) <= self._length:
            parts.extend(self._snippet(source, random))
        return np.concatenate(parts)[: self._length + 1]

    def batch(self, seed: int, step: int, rows: int) -> np.ndarray:
        """`rows` rows of `length + 1` ids: the inputs and, one further, the targets."""
        random = np.random.default_rng([seed, step])
        return np.stack([self._row(random) for _ in range(rows)]).astype(np.int64)
