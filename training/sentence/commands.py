"""Commands written for this project in both languages: the files of `phrases/`, filled.

`= slot: english | german; …` lists a slot's values, known in all files; a group is one intent, a line `en a / b` and a line
`de c / d` of phrasings with `{slot}` in them. `{slot2}` is a second, other value of the slot. Two more lines of a group,
`en+` and `de+`, hold phrasings each of which translates the one at its place.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILES = sorted(Path(__file__).with_name("phrases").glob("*.txt"))
DRAWS = 70
DRAWS_A_PHRASE = 4
FILLINGS = 6
SLOT = re.compile(r"\{(\w+?)(2?)\}")

Values = dict[str, list[tuple[str, str]]]


@dataclass
class Group:
    """The phrasings of one intent, English and German, and what some of the German ones translate."""

    sides: tuple[list[str], list[str]]
    original: dict[str, str] = field(default_factory=dict)

    def translate(self, english: list[str], german: list[str]) -> None:
        """More phrasings, as many of each language."""
        self.original |= dict(zip(german, english, strict=True))
        self.sides[0].extend(english)
        self.sides[1].extend(german)

    def originals(self, german: str) -> list[str]:
        """What a German phrasing may translate: its original, or the English ones with the same slots, or all of them."""
        if german in self.original:
            return [self.original[german]]
        english, _ = self.sides
        return [other for other in english if slots(other) == slots(german)] or english


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
        elif kind in ("en", "en+"):
            english = rest.split(" / ")
        elif kind == "de":
            groups.append(Group((english, rest.split(" / "))))
        elif kind == "de+":
            groups[-1].translate(english, rest.split(" / "))
    return values, groups


def filled(phrase: str, side: int, chosen: dict[str, list[tuple[str, str]]]) -> str:
    return SLOT.sub(lambda slot: chosen[slot[1]][1 if slot[2] else 0][side], phrase)


def slots(phrase: str) -> set[str]:
    return {name + second for name, second in SLOT.findall(phrase)}


def chosen(values: Values, draw: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Two values of each slot."""
    return {name: draw.sample(listed, 2) for name, listed in values.items()}


def pairs(draw: random.Random, text: str | None = None) -> Iterator[tuple[str, str]]:
    """A phrasing of one language and one of the other with the same slots, filled with the same values."""
    values, groups = read(written() if text is None else text)
    for group in groups:
        found = set()
        for _ in range(max(DRAWS, DRAWS_A_PHRASE * len(group.sides[1]))):
            filling = chosen(values, draw)
            translated = draw.choice(group.sides[1])
            original = draw.choice(group.originals(translated))
            found.add((filled(original, 0, filling), filled(translated, 1, filling)))
        yield from sorted(found)


def intents(draw: random.Random, text: str | None = None) -> Iterator[tuple[list[str], list[str]]]:
    """Of each group its English and its German sentences, a phrasing with slots in several fillings."""
    values, groups = read(written() if text is None else text)
    for group in groups:
        sides: tuple[list[str], list[str]] = ([], [])
        for side, phrasings in enumerate(group.sides):
            for phrase in phrasings:
                fillings = range(FILLINGS if slots(phrase) else 1)
                found = {filled(phrase, side, chosen(values, draw)) for _ in fillings}
                sides[side].extend(sorted(found))
        yield sides
