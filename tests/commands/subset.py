#!/usr/bin/env python3
"""Draw the same examples every time: subset.py N [--seed SEED] < train.jsonl > some.jsonl

N of each intent, those whose texts have the lowest CRC-32 behind the seed.
"""
import argparse
import collections
import json
import sys
import zlib

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("count", type=int)
arguments.add_argument("--seed", default="")
chosen = arguments.parse_args()
rows = collections.defaultdict(list)
for line in sys.stdin:
    row = json.loads(line)
    rows[row["intent"]].append((zlib.crc32((chosen.seed + row["text"]).encode()), line))
for intent in sorted(rows):
    for _, line in sorted(rows[intent])[: chosen.count]:
        sys.stdout.write(line)
