"""Step 2, `python -m sentence.pieces`: the vocabulary, MiniLM's English WordPieces that our text uses and German ones.

Greedy WordPiece as in BERT (Wu et al., 2016). Text is lower-cased and loses its accents, save ä, ö and ü, which are letters.
English pieces keep their rows, so an English sentence of common words splits as it did in MiniLM.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from sentence import minilm, places, texts
from sentence.encoder import END, SPECIALS, START, UNKNOWN

NORMALIZER = "bert-uncased-umlauts"
ENGLISH_SIZE = 12_000
SIZE = 20_480
GERMAN_CANDIDATES = 16_000
LONGEST_WORD = 100


def normalizer() -> normalizers.Normalizer:
    clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True)
    umlauts = [normalizers.Replace(f"{letter}\u0308", whole) for letter, whole in zip("aou", "äöü", strict=True)]
    return normalizers.Sequence([clean, normalizers.NFD(), *umlauts, normalizers.StripAccents()])


def tokenizer(pieces: list[str]) -> Tokenizer:
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD))
    built.normalizer = normalizer()
    built.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    built.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=[(START, vocabulary[START]), (END, vocabulary[END])]
    )
    return built


def words_of(lines: Iterable[str]) -> Counter[str]:
    clean, split = normalizer(), pre_tokenizers.BertPreTokenizer()
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(word for word, _ in split.pre_tokenize_str(clean.normalize_str(line)))
    return counts


def used_pieces(words: dict[str, float], pieces: list[str]) -> Counter[str]:
    """How often each piece occurs in text of these words."""
    model = models.WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token=UNKNOWN)
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for token in model.tokenize(word):
            counts[token.value] += count
    return counts


def scaled(words: Counter[str], share: float) -> dict[str, float]:
    whole = sum(words.values())
    return {word: share * count / whole for word, count in words.items()}


def mixed(parts: list[tuple[Counter[str], float]]) -> dict[str, float]:
    """Word frequencies, each part with its share."""
    mix: Counter[str] = Counter()
    for words, share in parts:
        mix.update(scaled(words, share))
    return dict(mix)


def letters(words: dict[str, float]) -> set[str]:
    """Single characters in both positions, so that a word of known letters is never unknown."""
    found = {letter for word in words for letter in word if letter.isascii() or letter in "äöüß€°–„“”’"}
    return found | {"##" + letter for letter in found if letter.isalnum()}


def german_candidates(words: dict[str, float]) -> list[str]:
    trainer = trainers.WordPieceTrainer(vocab_size=GERMAN_CANDIDATES, special_tokens=[], show_progress=False)
    learner = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    lines = (
        " ".join([word] * count) for word, count in ((w, round(1e6 * share)) for w, share in words.items()) if count
    )
    learner.pre_tokenizer = pre_tokenizers.Whitespace()
    learner.train_from_iterator(lines, trainer)
    return list(learner.get_vocab())


def choose(english: dict[str, float], german: dict[str, float], old: list[str], kept: int, size: int) -> list[str]:
    """Specials, letters, the `kept` most used English pieces, then German pieces by use up to `size`."""
    chosen = dict.fromkeys(SPECIALS)
    chosen.update(dict.fromkeys(sorted(letters(english) | letters(german))))
    known = set(old)
    use = used_pieces(english, old)
    chosen.update(dict.fromkeys(p for p, _ in use.most_common() if p in known and p not in SPECIALS and len(p) > 1))
    chosen = dict.fromkeys(list(chosen)[:kept])
    candidates = [piece for piece in german_candidates(german) if piece not in chosen]
    use = used_pieces(german, list(chosen) + candidates)
    ranked = sorted(candidates, key=lambda piece: (-use[piece], piece))
    return (list(chosen) + ranked)[:size]


def main() -> None:
    begin = time.process_time()
    english = mixed([(words_of(texts.lines("en")), 0.6), (texts.frequencies("en"), 0.4)])
    german = mixed([(words_of(texts.lines("de")), 0.5), (texts.frequencies("de"), 0.5)])
    pieces = choose(english, german, minilm.pieces(places.MINILM), ENGLISH_SIZE, SIZE)
    places.PIECES.write_text(json.dumps(pieces, ensure_ascii=False, indent=0), encoding="utf-8")
    built = tokenizer(pieces)
    for language, words in (("en", english), ("de", german)):
        use = sum(share * len(built.encode(word, add_special_tokens=False).ids) for word, share in words.items())
        print(f"{language}: {use:.3f} pieces a word")
    print(f"{len(pieces):,} pieces, {time.process_time() - begin:.0f} CPU seconds")


def load() -> list[str]:
    return json.loads(places.PIECES.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
