"""Parallel commands written for this project: `commands.txt` expanded to English–German pairs.

`= slot: english | german; …` lists a slot's values; a group is a line `en a / b` and a line `de c / d` of phrasings with
`{slot}` in them. `{slot2}` is a second, other value of the slot. A pair is a phrasing of one side and one of the
other with the same slots, filled with the same values.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).with_name("commands.txt")
DRAWS = 70
SLOT = re.compile(r"\{(\w+?)(2?)\}")

Values = dict[str, list[tuple[str, str]]]
Group = tuple[list[str], list[str]]


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


def pairs(draw: random.Random, text: str | None = None) -> Iterator[tuple[str, str]]:
    values, groups = read(FILE.read_text(encoding="utf-8") if text is None else text)
    for english, german in groups:
        found = set()
        for _ in range(DRAWS):
            chosen = {name: draw.sample(listed, 2) for name, listed in values.items()}
            translated = draw.choice(german)
            original = draw.choice(alike(translated, english))
            found.add((filled(original, 0, chosen), filled(translated, 1, chosen)))
        yield from sorted(found)
