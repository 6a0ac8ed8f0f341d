"""How much the n-gram is to count beside the model: `python mixture.py PACKAGE`.

Asks `spatz predict` for the likeliest words of the model alone and of the n-gram alone after every word of some lines, and
prints hits among three for mixtures of both: lines that `spatz tailor ngram` held out, and development lines from 1,000 on.
"""

import argparse
import itertools
import json
import math
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import corpus
import paths
from lexicon import WORD
from normalise import normalise

BLOCK, HELD_OUT = 20, 50
FIRST_DEVELOPMENT_LINE = 1_000
ASKED = 40
UNSEEN = 0.3
WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)

Words = dict[str, float]


@dataclass(frozen=True)
class Place:
    """A word of a line, and what either source says of the words that may stand there."""

    word: str
    model: Words
    ngram: Words

    def is_hit(self, score: Callable[[float, float], float]) -> bool:
        """True if no more than two words score higher than the right one."""
        least = [UNSEEN * min(words.values()) for words in (self.model, self.ngram)]
        scores = {
            word: score(self.model.get(word, least[0]), self.ngram.get(word, least[1]))
            for word in self.model.keys() | self.ngram.keys()
        }
        right = scores.get(self.word, -math.inf)
        return self.word in scores and sum(other > right for other in scores.values()) < 3


class Predictor:
    """`spatz predict --jsonl`."""

    def __init__(self, spatz: str, package: Path, evidence: str) -> None:
        command = [spatz, "predict", "--jsonl", "--evidence", evidence, "--model", str(package)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def words(self, context: str) -> Words:
        request = {"context": context, "prefix": "", "k": ASKED, "scores": True}
        self._process.stdin.write(json.dumps(request) + "\n")
        answer = json.loads(self._process.stdout.readline())
        found: defaultdict[str, float] = defaultdict(float)
        for word, score in zip(answer["suggestions"], answer["scores"], strict=True):
            found[word.lower()] += math.exp(score)
        return found


def held_out(path: Path, count: int) -> list[str]:
    """Lines of a source that were not counted, spread over it."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    kept = [line for number, line in enumerate(lines) if number // BLOCK % HELD_OUT == HELD_OUT - 1]
    return kept[:: max(1, len(kept) // count)][:count]


def development(path: Path, count: int) -> list[str]:
    with path.open(encoding="utf-8") as rows:
        chosen = itertools.islice(rows, FIRST_DEVELOPMENT_LINE, FIRST_DEVELOPMENT_LINE + count)
        return [normalise(json.loads(row)["text"]) for row in chosen]


def places(lines: list[str], model: Predictor, ngram: Predictor) -> Iterator[Place]:
    for line in lines:
        for match in WORD.finditer(line):
            before = line[: match.start()]
            yield Place(match.group().lower(), model.words(before), ngram.words(before))


def linear(weight: float) -> Callable[[float, float], float]:
    return lambda model, ngram: (1 - weight) * model + weight * ngram


def log_linear(weight: float) -> Callable[[float, float], float]:
    return lambda model, ngram: (1 - weight) * math.log(model) + weight * math.log(ngram)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("package", type=Path)
    arguments.add_argument("--spatz", default="spatz", help="the command")
    arguments.add_argument("--lines", type=int, default=20, help="lines of each source and set")
    options = arguments.parse_args()
    predictors = [Predictor(options.spatz, options.package, evidence) for evidence in ("model", "ngram")]
    texts = {f"held out, {source.text.stem}": held_out(source.text, options.lines) for source in corpus.SOURCES}
    texts |= {path.stem: development(path, options.lines) for path in paths.dev_sets()}
    everywhere: list[Place] = []
    for name, lines in texts.items():
        found = list(places(lines, *predictors))
        everywhere += found
        show(name, found)
    show("all", everywhere)


def show(name: str, found: list[Place]) -> None:
    """Hits among three in per cent, for each weight of the n-gram."""
    for kind, mixed in (("linear", linear), ("log-linear", log_linear)):
        hits = [100 * sum(place.is_hit(mixed(weight)) for place in found) / len(found) for weight in WEIGHTS]
        shown = "  ".join(f"{weight:.1f}: {share:.1f}" for weight, share in zip(WEIGHTS, hits, strict=True))
        print(f"{name}, {len(found)} words, {kind}: {shown}", flush=True)


if __name__ == "__main__":
    main()
