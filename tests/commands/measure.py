#!/usr/bin/env python3
"""Measure the learned parser and print the table of docs/commands.md.

    cargo build --release -p spatz-cli
    python3 tests/commands/measure.py [--spatz target/release/spatz] [--encoder models/spatz-sentence.gguf] [--seed SEED] [WORD …]

Needs the shared data beside the checkout (or SPATZ_SHARED). With WORDs, only the rows whose names hold one of them. Another
seed draws other examples, and another half of the intents.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SPATZ_SHARED", ROOT.parent / "shared"))
DATA, TOOLS = SHARED / "commands", SHARED / "eval" / "commands"

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--spatz", default=ROOT / "target/release/spatz")
p.add_argument("--encoder", default=ROOT / "models/spatz-sentence.gguf")
p.add_argument("--seed", default="")
p.add_argument("words", nargs="*")
a = p.parse_args()
folder = pathlib.Path(tempfile.mkdtemp())


def subset(train, count):
    """`count` examples an intent, or all."""
    if count is None:
        return train
    out = folder / f"{train.parent.name}-{train.stem}-{count}.jsonl"
    with open(train) as rows, open(out, "w") as drawn:
        draw = [sys.executable, ROOT / "tests/commands/subset.py", str(count), "--seed", a.seed]
        subprocess.run(draw, stdin=rows, stdout=drawn, check=True)
    return out


def halved(source):
    """The rows of half the intents, and those of the other half."""
    lines = [(json.loads(line)["intent"], line) for line in open(source)]
    intents = sorted({intent for intent, _ in lines}, key=lambda intent: zlib.crc32((a.seed + intent).encode()))
    kept = set(intents[: len(intents) // 2])
    files = []
    for name, wanted in (("half", True), ("other-half", False)):
        files.append(folder / source.parent.name / f"{source.stem}-{name}.jsonl")
        files[-1].parent.mkdir(exist_ok=True)
        files[-1].write_text("".join(line for intent, line in lines if (intent in kept) == wanted))
    return files


# What a person may ask a phone, but not these apps; and what is no command, or stands in SNIPS as well.
OTHERS = "cooking_recipe general_praise general_quirky news_query qa_definition qa_factoid qa_stock".split()
OTHER_APPS = ("recommendation_", "social_", "transport_")
LEFT_OUT = "play_music weather_query general_affirm general_commandstop general_confirm general_dontcare general_explain general_negate general_repeat".split()


def joined():
    """123 intents of all sets together, twelve questions each, and questions of the domains that are left out."""
    known, asked, others = [], [], []
    for line in open(DATA / "nlu-evaluation/train.jsonl"):
        row = json.loads(line)
        if row["intent"] in OTHERS or row["intent"].startswith(OTHER_APPS):
            others.append(row)
        elif row["intent"] not in LEFT_OUT:
            (known if zlib.crc32(row["text"].encode()) % 5 else asked).append(row)
    for train, test in ((banking, banking_test), (snips, snips_test)):
        known += map(json.loads, open(train))
        asked += map(json.loads, open(test))
    files = [folder / name for name in ("joined.jsonl", "joined-asked.jsonl", "joined-others.jsonl")]
    for file, rows in zip(files, (known, asked, others)):
        file.write_text("".join(json.dumps({**row, "slots": []}) + "\n" for row in rows))
    return files[0], subset(files[1], 12), files[2]


def two_languages(count, learned, asked):
    """`count` sentences of each intent in one language, and all others in one, of fifty intents with twenty sentences each that
    say the same in English and German."""
    rows = [{**json.loads(line), "slots": []} for line in open(ROOT / "tests/commands/two_languages.jsonl")]
    pairs = sorted({row["pair"] for row in rows})
    random.Random(a.seed).shuffle(pairs)
    files = []
    for name, language, wanted in (("learned", learned, pairs[:count]), ("asked", asked, pairs[count:])):
        files.append(folder / f"{name}-{learned}-{asked}-{count}.jsonl")
        chosen = [row for row in rows if row["language"] == language and row["pair"] in wanted]
        files[-1].write_text("".join(json.dumps(row) + "\n" for row in chosen))
    return files


def orders(language):
    """What a coffee machine hears that is meant for it, and what is not."""
    rows = [json.loads(line) for line in open(ROOT / "tests/commands/orders.jsonl")]
    files = []
    for name, is_meant in (("orders", True), ("no-orders", False)):
        files.append(folder / f"{name}-{language}.jsonl")
        chosen = [row for row in rows if row["language"] == language and (row["intent"] is not None) == is_meant]
        files[-1].write_text("".join(json.dumps(row) + "\n" for row in chosen))
    return files


def noisy(test):
    out = folder / f"{test.parent.name}-noisy.jsonl"
    with open(test) as rows, open(out, "w") as changed:
        subprocess.run([sys.executable, TOOLS / "noise.py", "--lang", "en"], stdin=rows, stdout=changed, check=True)
    return out


def measure(name, train, test, *more, language="en"):
    if a.words and not any(word in name for word in a.words):
        return
    command = f"{a.spatz} parse --commands {train} --language {language} --encoder {a.encoder} --jsonl"
    run = [sys.executable, TOOLS / "eval_commands.py", "--cmd", command, "--data", test, *more]
    r = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    cells = [f"{r[key]:.1f}" if key in r else "" for key in ("intent", "slot_f1", "frame", "oos", "oos_auroc", "ms_p50", "ms_p95")]
    if not any(json.loads(line)["slots"] for line in open(test)):
        cells[1:3] = ["", ""]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


snips, snips_test = DATA / "snips/train.jsonl", DATA / "snips/validate.jsonl"
banking, banking_test = DATA / "banking77/train.jsonl", DATA / "banking77/test.jsonl"
print("| set, examples an intent | intent | slot F1 | frames | refused of others | AUROC | ms p50 | ms p95 |\n|---|---|---|---|---|---|---|---|")
for count in (5, 20, 70):
    measure(f"SNIPS, {count}", subset(snips, count), snips_test, "--oos", banking_test)
measure("SNIPS, 70, lower case", subset(snips, 70), snips_test, "--lower")
measure("SNIPS, 70, noise", subset(snips, 70), noisy(snips_test))
for count in (5, 10):
    measure(f"BANKING77, {count}", subset(banking, count), banking_test, "--oos", snips_test)
(half, _), (half_test, others) = halved(banking), halved(banking_test)
for count in (5, 10, 100):
    measure(f"BANKING77, half its intents, {count}", subset(half, count), half_test, "--oos", others)
known, asked, others = joined()
for count in (5, 10, 100):
    measure(f"three sets joined, {count}", subset(known, count), asked, "--oos", others)
for count in (5, 10):
    for learned, asked in (("en", "en"), ("de", "de"), ("en", "de")):
        files = two_languages(count, learned, asked)
        measure(f"two languages, {count}, {learned} asked in {asked}", *files, language=asked)
for language in ("en", "de"):
    said, others = orders(language)
    measure(f"coffee orders, {language}", ROOT / "tests/commands/coffee.yaml", said, "--oos", others, language=language)
measure("BANKING77, all", banking, banking_test, "--oos", snips_test)
measure("SNIPS, all", snips, snips_test, "--oos", banking_test)
measure("SNIPS, all, lower case", snips, snips_test, "--lower")
measure("SNIPS, all, noise", snips, noisy(snips_test))
