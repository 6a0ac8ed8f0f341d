"""Step 1, `python corpus.py`: the shared text, normalised, without development lines, one plain file a source.

A source's file has one message (sentence, turn, paragraph) a line and a blank line between documents; `sources.tsv` beside
them names their languages and shares for `spatz tailor ngram`. Sources are
sampled by the weights below (shares of the tokens of their language), not by their size, so a large source is thinned to
what a long run can use.
"""

import json
import lzma
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import paths
from normalise import modernise, normalise

SIZE_CAP = 24_000_000
SHORTEST = 2
LONGEST = 400
PLACEHOLDER = "[user "
# In IRC's answers by machine, "bitte: #ubuntu-de for German", a German word is followed by a product.
CHANNEL = "#"


@dataclass(frozen=True)
class Source:
    """A file of `shared/text` and its share of the tokens of its language."""

    language: str
    name: str
    weight: float
    old_spelling: bool = False
    prose: bool = False  # lines do not begin as messages do

    @property
    def packed(self) -> Path:
        return paths.SHARED / "text" / self.language / f"{self.name}.txt.xz"

    @property
    def text(self) -> Path:
        return paths.DATA / f"{self.language}-{self.name}.txt"

    @property
    def tokens(self) -> Path:
        return self.text.with_suffix(".npz")


SOURCES = (
    Source("en", "schema-guided-dialogue", 0.18),
    Source("en", "self-dialogue", 0.30),
    Source("en", "topical-chat", 0.10),
    Source("en", "persona-chat", 0.07),
    Source("en", "common-voice", 0.07, prose=True),
    Source("en", "sentences", 0.18),
    Source("en", "ubuntu-irc", 0.05),
    Source("en", "novels", 0.05, prose=True),
    Source("de", "sentences", 0.30),
    Source("de", "common-voice", 0.12, prose=True),
    Source("de", "plays", 0.22, old_spelling=True),
    Source("de", "klexikon", 0.14, prose=True),
    Source("de", "wikipedia", 0.10, prose=True),
    Source("de", "novels", 0.12, old_spelling=True, prose=True),
)


def frequencies(language: str) -> dict[str, int]:
    """Word counts of today's film subtitles, lower-cased."""
    lines = (paths.SHARED / f"text/{language}/frequency-50k.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count in (line.split() for line in lines)}


def held_out() -> set[str]:
    """Every development line as it would look in the training text, case-folded."""
    lines = set()
    for path in paths.dev_sets():
        with path.open(encoding="utf-8") as rows:
            lines.update(normalise(json.loads(row)["text"]).casefold() for row in rows)
    return lines


def sentences(line: str) -> Iterator[str]:
    """A paragraph cut at sentence ends into parts of at most about `LONGEST` characters."""
    start = 0
    while len(line) - start > LONGEST:
        end = max(line.rfind(stop, start, start + LONGEST) for stop in (". ", "! ", "? ", '." ', '!" ', '?" '))
        if end <= start:
            break
        end = line.index(" ", end)
        yield line[start:end]
        start = end + 1
    yield line[start:]


def clean(source: Source, banned: set[str], modern: dict[str, int]) -> Iterator[str]:
    """The lines of a source as the model shall see them; an empty one ends a document."""
    with lzma.open(source.packed, "rt", encoding="utf-8") as rows:
        documents = rows.read().split("\n\n")
    keep_one_in = math.ceil(sum(map(len, documents)) / SIZE_CAP)
    for document in documents[::keep_one_in]:
        for raw in document.split("\n"):
            line = modernise(normalise(raw), modern) if source.old_spelling else normalise(raw)
            if len(line) >= SHORTEST and PLACEHOLDER not in line and CHANNEL not in line:
                yield from (part for part in sentences(line) if part.casefold() not in banned)
        yield ""


def table(sources: tuple[Source, ...] = SOURCES) -> str:
    """Language, share, file and kind of each source, a line each."""
    rows = ([s.language, str(s.weight), s.text.name, *(["prose"] if s.prose else [])] for s in sources)
    return "".join("\t".join(row) + "\n" for row in rows)


def main() -> None:
    paths.DATA.mkdir(parents=True, exist_ok=True)
    paths.NGRAM_SOURCES.write_text(table(), encoding="utf-8")
    banned = held_out()
    modern = frequencies("de")
    for source in SOURCES:
        lines = 0
        with source.text.open("w", encoding="utf-8") as out:
            for line in clean(source, banned, modern):
                out.write(line + "\n")
                lines += bool(line)
        print(f"{source.text.name}: {lines:,} lines, {source.text.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
