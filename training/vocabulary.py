"""Step 2, `python vocabulary.py`: 16,000 pieces for both languages.

SmolLM2's own pieces that the English text uses are kept with every merge they are built from, so an English word made of
kept pieces splits exactly as SmolLM2 splits it and its body knows the rows. Byte-level BPE then goes on from that
segmentation over the German text until the vocabulary is full. The result is a plain `gpt2`/`smollm` tokenizer.

Byte-pair encoding: Sennrich et al., arXiv 1508.07909.
"""

import argparse
import heapq
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

import paths
from corpus import SOURCES
from gguf_model import GgufModel

SIZE = 16_000
KEPT = 9_500
RESERVED = 5
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
SPECIALS = (*SPECIAL_TOKENS, *(f"<|reserved_{number}|>" for number in range(RESERVED)))
DOCUMENT = "<|endoftext|>"
COUNTED_CHARACTERS = 12_000_000
RAREST_SHARE = 1e-8

Merge = tuple[str, str]


def pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    """llama.cpp's `smollm`: single digits, then GPT-2's pattern."""
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )


def tokenizer(pieces: list[str], merges: list[Merge]) -> Tokenizer:
    """A tokenizer over the pieces, ids in their order."""
    result = Tokenizer(models.BPE(vocab={piece: number for number, piece in enumerate(pieces)}, merges=merges))
    result.pre_tokenizer = pre_tokenizer()
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(special, special=True) for special in SPECIALS if special in pieces])
    return result


def word_shares(texts: Iterable[tuple[Path, float]]) -> Counter[str]:
    """How often each pre-token occurs in the weighted texts, as a share of all."""
    split = pre_tokenizer().pre_tokenize_str
    shares: Counter[str] = Counter()
    for path, weight in texts:
        counts: Counter[str] = Counter()
        for line in path.read_text(encoding="utf-8")[:COUNTED_CHARACTERS].split("\n"):
            counts.update(line.split())
        words: Counter[str] = Counter()
        for chunk, count in counts.items():
            for word, _ in split(" " + chunk):
                words[word] += count
        total = words.total()
        for word, count in words.items():
            shares[word] += weight * count / total
    return Counter({word: share for word, share in shares.items() if share >= RAREST_SHARE})


def keep_used(pieces: list[str], merges: list[Merge], shares: Mapping[str, float], size: int) -> list[Merge]:
    """The merges behind the most used pieces, closed under their parts, in their old order.

    At most `size` pieces remain, counting the single bytes.
    """
    whole = tokenizer(pieces, merges)
    used: Counter[str] = Counter()
    for word, share in shares.items():
        for token in whole.model.tokenize(word):
            used[token.value] += share
    made_by = {left + right: (left, right) for left, right in reversed(merges)}
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    kept = set(alphabet)
    for piece, _ in used.most_common():
        closure, open_parts = set(), [piece]
        while open_parts:
            part = open_parts.pop()
            if part not in kept and part not in closure and part in made_by:
                closure.add(part)
                open_parts.extend(made_by[part])
        if len(kept) + len(closure) <= size:
            kept |= closure
    return [merge for merge in merges if merge[0] + merge[1] in kept and made_by[merge[0] + merge[1]] == merge]


def merged(word: list[str], pair: Merge) -> list[str]:
    """The word with every occurrence of the pair made one piece."""
    result: list[str] = []
    position = 0
    while position < len(word):
        here = tuple(word[position : position + 2]) == pair
        result.append(pair[0] + pair[1] if here else word[position])
        position += 2 if here else 1
    return result


def continue_merges(segmented: Mapping[tuple[str, ...], float], known: set[str], count: int) -> list[Merge]:
    """The next `count` merges of byte-pair encoding over words already segmented, most frequent pair first."""
    words = [list(word) for word in segmented]
    shares = list(segmented.values())
    frequency: defaultdict[Merge, float] = defaultdict(float)
    holders: defaultdict[Merge, set[int]] = defaultdict(set)
    for number, word in enumerate(words):
        for pair in itertools.pairwise(word):
            frequency[pair] += shares[number]
            holders[pair].add(number)
    queue = [(-share, pair) for pair, share in frequency.items()]
    heapq.heapify(queue)
    merges: list[Merge] = []
    known = set(known)
    while queue and len(merges) < count:
        share, pair = heapq.heappop(queue)
        if -share != frequency.get(pair):
            continue
        piece = pair[0] + pair[1]
        if piece in known:
            del frequency[pair]
            continue
        known.add(piece)
        merges.append(pair)
        changed: set[Merge] = set()
        for number in holders.pop(pair):
            old, new = words[number], merged(words[number], pair)
            for gone in itertools.pairwise(old):
                frequency[gone] -= shares[number]
                changed.add(gone)
            for came in itertools.pairwise(new):
                frequency[came] += shares[number]
                holders[came].add(number)
                changed.add(came)
            words[number] = new
        frequency.pop(pair, None)
        changed.discard(pair)
        for other in changed:
            heapq.heappush(queue, (-frequency[other], other))
    return merges


def build(
    pieces: list[str],
    merges: list[Merge],
    kept_shares: Mapping[str, float],
    added_shares: Mapping[str, float],
    kept_size: int,
    size: int,
) -> tuple[list[str], list[Merge]]:
    """Pieces (specials, bytes, merges in order) and merges of the new vocabulary."""
    kept = keep_used(pieces, merges, kept_shares, kept_size)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    start = [*SPECIALS, *alphabet, *(left + right for left, right in kept)]
    partial = tokenizer(start, kept)
    segmented: Counter[tuple[str, ...]] = Counter()
    for word, share in added_shares.items():
        segmented[tuple(token.value for token in partial.model.tokenize(word))] += share
    added = continue_merges(segmented, set(start), size - len(start))
    return [*start, *(left + right for left, right in added)], kept + added


def save(path: Path, pieces: list[str], merges: list[Merge]) -> None:
    path.write_text(json.dumps({"pieces": pieces, "merges": merges}, ensure_ascii=False), encoding="utf-8")


def load(path: Path = paths.VOCABULARY) -> tuple[list[str], list[Merge]]:
    saved = json.loads(path.read_text(encoding="utf-8"))
    return saved["pieces"], [tuple(merge) for merge in saved["merges"]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--of", type=Path, help="take over the vocabulary of this GGUF file, to go on training it")
    packed = arguments.parse_args().of
    if packed:
        model = GgufModel(packed)
        save(paths.VOCABULARY, model.pieces, model.merges)
        return
    begin = time.process_time()
    smollm = GgufModel(paths.SMOLLM)
    shares = {
        language: word_shares((source.text, source.weight) for source in SOURCES if source.language == language)
        for language in ("en", "de")
    }
    pieces, merges = build(smollm.pieces, smollm.merges, shares["en"], shares["de"], KEPT, SIZE)
    known = set(smollm.pieces)
    save(paths.VOCABULARY, pieces, merges)
    print(f"{len(pieces):,} pieces, {sum(p in known for p in pieces):,} of them SmolLM2's, {len(merges):,} merges")
    whole, ours = tokenizer(smollm.pieces, smollm.merges), tokenizer(pieces, merges)
    for language, words in shares.items():
        characters = sum(len(word.encode()) * share for word, share in words.items())
        lengths = [sum(len(t.model.tokenize(word)) * share for word, share in words.items()) for t in (whole, ours)]
        print(f"{language}: {characters / lengths[1]:.2f} bytes a piece (SmolLM2 {characters / lengths[0]:.2f})")
    print(f"{time.process_time() - begin:.0f} CPU seconds")


if __name__ == "__main__":
    main()
