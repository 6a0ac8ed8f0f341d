"""Step 1, `python -m sentence.texts`: the sentences to learn from, a JSON row each: English, mostly its German, the source.

Rows are in a mixed order, so that any beginning of the file is a fair sample.
"""

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator

from sentence import commands, places

LONGEST = 18
COMMANDS = ("written", "nlu-evaluation/train", "snips/train", "banking77/train")
SEED = 5

Row = dict[str, str]


def paragraphs(language: str, name: str) -> list[str]:
    with lzma.open(places.SHARED / f"text/{language}/{name}.txt.xz", "rt", encoding="utf-8") as rows:
        return rows.read().split("\n")


def parallel() -> Iterator[Row]:
    """The mixed sentences: line i of one language translates line i of the other."""
    for english, german in zip(paragraphs("en", "sentences"), paragraphs("de", "sentences"), strict=True):
        if 0 < len(english.split()) <= LONGEST and len(german.split()) <= LONGEST + 4:
            yield {"en": english, "de": german, "source": "sentences"}


def tatoeba() -> Iterator[Row]:
    """Short pairs, if somebody has brought them."""
    if not places.TATOEBA.exists():
        return
    for line in places.TATOEBA.read_text(encoding="utf-8").splitlines():
        english, german = line.split("\t")[:2]
        yield {"en": english, "de": german, "source": "tatoeba"}


def without_notes(meaning: str) -> str:
    """Drops a dictionary entry's remarks in brackets, which may themselves hold brackets."""
    return re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", meaning)).strip(" ,;")


def wiktionary() -> Iterator[Row]:
    """Words and phrases, if somebody has brought them: `:Wort:(f) meaning (remark), other meaning (remark)`.

    The first meaning counts. Only entries whose every word films use: the rest of the dictionary is for biologists.
    """
    if not places.WIKTIONARY.exists():
        return
    known = frequencies("de")
    for line in places.WIKTIONARY.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r":([^:\[\]{}]+):(.+)", line)
        if match is None:
            continue
        german, meanings = match.groups()
        meaning = without_notes(meanings).split(",")[0].strip()
        usual = all(word.lower() in known for word in german.split())
        if usual and meaning and re.fullmatch(r"[\w '\-]+", meaning) and len(german) > 1:
            yield {"en": meaning, "de": german, "source": "wiktionary"}


def written(draw: random.Random) -> Iterator[Row]:
    """Our own parallel commands."""
    for english, german in commands.pairs(draw):
        yield {"en": english, "de": german, "source": "written"}


def utterances() -> Iterator[Row]:
    """Utterances of the training files; test and validation files are never opened here."""
    for name in COMMANDS[1:]:
        for line in (places.SHARED / f"commands/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield {"en": json.loads(line)["text"], "source": name}


MONOLINGUAL = {
    "self-dialogue": 10_000,
    "schema-guided-dialogue": 14_000,
    "common-voice": 6_000,
    "persona-chat": 3_000,
    "topical-chat": 2_000,
}


def monolingual(draw: random.Random) -> Iterator[Row]:
    """Short English lines of everyday language."""
    for name, wanted in MONOLINGUAL.items():
        found = sorted({line for line in paragraphs("en", name) if 3 <= len(line.split()) <= 14})
        for line in draw.sample(found, min(wanted, len(found))):
            yield {"en": line, "source": name}


def rows() -> list[Row]:
    return [json.loads(line) for line in places.TEXTS.read_text(encoding="utf-8").splitlines()]


def lines(language: str) -> Iterator[str]:
    """Every text of a language, for counting words."""
    yield from (row[language] for row in rows() if language in row)
    for name in {"en": ("schema-guided-dialogue", "common-voice"), "de": ("common-voice", "klexikon")}[language]:
        yield from paragraphs(language, name)


def frequencies(language: str) -> Counter[str]:
    """Words of film subtitles with their counts."""
    rows = (places.SHARED / f"text/{language}/frequency-50k.txt").read_text(encoding="utf-8").split("\n")
    return Counter({word: int(count) for word, count in (row.split(" ") for row in rows if row)})


def main() -> None:
    draw = random.Random(SEED)
    found = [*utterances(), *written(draw), *parallel(), *tatoeba(), *wiktionary(), *monolingual(draw)]
    unique = list({(row["en"], row.get("de")): row for row in found}.values())
    draw.shuffle(unique)
    with places.TEXTS.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in unique)
    for source, count in Counter(row["source"] for row in unique).most_common():
        print(f"{source:25} {count:8,}")


if __name__ == "__main__":
    main()
