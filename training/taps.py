"""`python taps.py HARNESS --cmd COMMAND --data FILE --known FILE`: how much taps help to mend typing errors.

HARNESS is the folder of the evaluation harness (`harness.py`, `gen_typos.py`), COMMAND a predictor that speaks its
protocol. Three kinds of taps: `none`; `noise`, errors of the harness with taps around the keys of the letters typed;
`missed`, taps around the keys that were meant, with the letters of the nearest keys typed.
"""

import argparse
import json
import random
import sys
import zlib
from pathlib import Path

SPREAD = (0.27, 0.33)
RATE = 0.12
TRIES = 50


def plain(text: str) -> str:
    return text.lower().replace("’", "'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("harness", type=Path)
    parser.add_argument("--cmd", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--known", type=Path, required=True)
    parser.add_argument("--layout", default="qwerty")
    parser.add_argument("--n", type=int, default=120)
    parser.add_argument("--taps", choices=("none", "noise", "missed"), default="missed")
    options = parser.parse_args()
    sys.path.insert(0, str(options.harness))
    from gen_typos import corrupt, layout
    from harness import WORD, Plugin, read_jsonl

    lines = options.known.read_text(encoding="utf-8").splitlines()
    known = {plain(line.strip().split(",")[0][5:]) for line in lines if line.strip().startswith("word=")}
    keys, neighbours = layout(options.layout)

    def tap(letter: str, rng: random.Random) -> list[float]:
        x, y = keys.get(letter.lower(), (4.5, 3.0))
        return [x + rng.gauss(0, SPREAD[0]), y + rng.gauss(0, SPREAD[1])]

    def nearest(place: list[float], letter: str) -> str:
        if letter.lower() not in keys:
            return letter
        found = min(keys, key=lambda key: (keys[key][0] - place[0]) ** 2 + (keys[key][1] - place[1]) ** 2)
        return found.upper() if letter.isupper() else found

    def missed(word: str, rng: random.Random) -> tuple[str, list[list[float]]] | None:
        for _ in range(TRIES):
            taps = [tap(letter, rng) for letter in word]
            typed = "".join(nearest(place, letter) for place, letter in zip(taps, word, strict=True))
            if plain(typed) != plain(word):
                return typed, taps
        return None

    def hit(word: str, rng: random.Random) -> list[list[float]]:
        taps = []
        for letter in word:
            place = tap(letter, rng)
            while options.taps == "missed" and nearest(place, letter) != letter:
                place = tap(letter, rng)
            taps.append(place)
        return taps

    plugin = Plugin(options.cmd)
    counts = dict.fromkeys(("errors", "first", "fixed", "wrong", "right", "changed"), 0)
    for message in read_jsonl(options.data)[: options.n]:
        text = message["text"]
        rng = random.Random(zlib.crc32(text.encode()) ^ 1)
        for match in WORD.finditer(text):
            word, taps = match[0], None
            typed, is_error = word, False
            if len(word) > 1 and plain(word) in known and rng.random() < RATE:
                if options.taps == "missed":
                    typed, taps = missed(word, rng) or (word, None)
                else:
                    typed = corrupt(word, rng, neighbours)
                is_error = plain(typed) != plain(word)
                if not is_error:
                    continue
            if options.taps != "none" and taps is None:
                taps = hit(typed, rng)
            request = {"context": text[: match.start()], "typed": typed, "k": 3, "touch": taps or []}
            answer = plugin.ask(request)
            found = [plain(text) for text, _ in answer["corrections"]]
            changed = answer["autocorrect"] and bool(found) and found[0] != plain(typed)
            right = found[:1] == [plain(word)]
            counts["errors" if is_error else "right"] += 1
            if is_error:
                counts["first"] += right
                counts["fixed"] += changed and right
                counts["wrong"] += changed and not right
            else:
                counts["changed"] += changed
    shares = {name: round(100 * counts[name] / max(1, counts["errors"]), 1) for name in ("first", "fixed", "wrong")}
    print(json.dumps({"taps": options.taps, **counts, "percent": shares}))
    plugin.close()


if __name__ == "__main__":
    main()
