"""Commands written for this project in both languages: the files of `phrases/`, filled.

`= slot: english | german; …` lists a slot's values, known in all files; a group is one intent, a line `en a / b` and a line
`de c / d` of phrasings with `{slot}` in them. `{slot2}` is a second, other value of the slot.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path

FILES = sorted(Path(__file__).with_name("phrases").glob("*.txt"))
DRAWS = 70
FILLINGS = 6
SLOT = re.compile(r"\{(\w+?)(2?)\}")

Values = dict[str, list[tuple[str, str]]]
Group = tuple[list[str], list[str]]


def written() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in FILES)


def read(text: str) -> tuple[Values, list[Group]]:
    values: Values = {}
    groups: list[Group] = []
    english: list[str] = []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "=":
            name, _, listed = rest.partition(": ")
            halves = [value.split(" | ") for value in listed.split("; ")]
            values[name] = [(first.strip(), second.strip()) for first, second in halves]
        elif kind == "en":
            english = rest.split(" / ")
        elif kind == "de":
            groups.append((english, rest.split(" / ")))
    return values, groups


def filled(phrase: str, side: int, chosen: dict[str, list[tuple[str, str]]]) -> str:
    return SLOT.sub(lambda slot: chosen[slot[1]][1 if slot[2] else 0][side], phrase)


def slots(phrase: str) -> set[str]:
    return {name + second for name, second in SLOT.findall(phrase)}


def alike(phrase: str, others: list[str]) -> list[str]:
    """The phrasings of the other language with the same slots, or all of them where none has."""
    return [other for other in others if slots(other) == slots(phrase)] or others


def chosen(values: Values, draw: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Two values of each slot."""
    return {name: draw.sample(listed, 2) for name, listed in values.items()}


def pairs(draw: random.Random, text: str | None = None) -> Iterator[tuple[str, str]]:
    """A phrasing of one language and one of the other with the same slots, filled with the same values."""
    values, groups = read(written() if text is None else text)
    for english, german in groups:
        found = set()
        for _ in range(DRAWS):
            filling = chosen(values, draw)
            translated = draw.choice(german)
            original = draw.choice(alike(translated, english))
            found.add((filled(original, 0, filling), filled(translated, 1, filling)))
        yield from sorted(found)


def intents(draw: random.Random, text: str | None = None) -> Iterator[tuple[list[str], list[str]]]:
    """Of each group its English and its German sentences, a phrasing with slots in several fillings."""
    values, groups = read(written() if text is None else text)
    for group in groups:
        sides: tuple[list[str], list[str]] = ([], [])
        for side, phrasings in enumerate(group):
            for phrase in phrasings:
                fillings = range(FILLINGS if slots(phrase) else 1)
                found = {filled(phrase, side, chosen(values, draw)) for _ in fillings}
                sides[side].extend(sorted(found))
        yield sides
