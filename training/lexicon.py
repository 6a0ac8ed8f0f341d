"""Step 7, `python lexicon.py OUT`: the words that may be suggested, as `word<TAB>count_en<TAB>count_de`.

Counts are occurrences in a hundred million words of everyday language: half subtitles, half our weighted text. A word has
the case it has inside sentences; one that has two common cases (`essen`, `Essen`) gets a line for each. What only one source
knows, and no list of known words, is taken for a slip of the pen and left out. So are endings of ordinals (`2nd`), and in
German what is English ("The Beatles"). Offensive words stay: the keyboard has to know them to leave them alone, and has
its own list of what it never offers (`core/src/predict/blocklist.txt`).
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import corpus
import paths
from normalise import modernise, normalise

SCALE = 100_000_000
WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)*")
SENTENCE_OPENERS = frozenset('.!?:;"([–—-')
LONGEST = 32
SIZES = {"en": 60_000, "de": 90_000}
SECOND_CASE_SHARE = 0.15
LEAST_COUNT_SECOND_CASE = 20
LEAST_COUNT = 3
LEAST_SOURCES_UNKNOWN = 3
LEAST_COUNT_UNKNOWN = 8

SINGLE_LETTERS = {"en": {"a", "i", "o"}, "de": set()}
ENGLISH_ENDINGS = ("'t", "'re", "'ve", "'ll", "'d", "'m")
ENGLISH_WHOLE = {
    "it's", "that's", "what's", "let's", "he's", "she's", "there's", "here's", "who's", "where's", "how's", "when's",
    "why's", "everyone's", "everybody's", "everything's", "someone's", "somebody's", "something's", "nobody's",
    "today's", "tomorrow's", "o'clock", "ma'am", "y'all", "c'mon",
}  # fmt: skip
GERMAN_ENDINGS = ("'s", "'n", "'ne")
ORDINAL_ENDINGS = {"en": {"nd", "rd", "th"}, "de": {"nd", "rd", "th", "ste", "ster", "te", "tem", "ten", "ter", "tes"}}
FOREIGN_RATIO = 50


@dataclass
class Evidence:
    """What the texts of one language say about a lower-cased word."""

    share: float = 0.0
    count: int = 0
    sources: set[str] = field(default_factory=set)
    modern_sources: set[str] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)


def words_inside(line: str) -> Iterator[tuple[str, bool]]:
    """Words of a line, each with whether its case is free of the sentence's beginning."""
    for match in WORD.finditer(line):
        start = match.start()
        neighbour = line[start - 1 : start]
        before = line[start - 2 : start - 1] if neighbour == " " else neighbour
        yield match.group(), bool(before) and before not in SENTENCE_OPENERS


def read_texts(language: str) -> dict[str, Evidence]:
    found: defaultdict[str, Evidence] = defaultdict(Evidence)
    for source in (source for source in corpus.SOURCES if source.language == language):
        counts: Counter[str] = Counter()
        forms: Counter[str] = Counter()
        for line in source.text.read_text(encoding="utf-8").split("\n"):
            if line.isupper():
                continue
            for word, free in words_inside(line):
                counts[word.lower()] += 1
                if free:
                    forms[word] += 1
        total = counts.total()
        modern = not source.old_spelling and source.name != "novels"
        for word, count in counts.items():
            evidence = found[word]
            evidence.share += source.weight * count / total
            evidence.count += count
            evidence.sources.add(source.name)
            if modern:
                evidence.modern_sources.add(source.name)
        for form, count in forms.items():
            found[form.lower()].forms[form] += count
    return found


def known_words(language: str) -> defaultdict[str, set[str]]:
    """Forms of the AOSP word list by lower-cased word; a check only, no word is taken from it."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    path = paths.SHARED / f"eval/text/known-{language}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        form = line.removeprefix("word=")
        known[form.lower()].add(form)
    return known


def is_shaped(word: str, language: str) -> bool:
    """True for what a lexicon of this language may hold: its alphabet, sound apostrophes, no ending of an ordinal."""
    letters = "a-zäöüß" if language == "de" else "a-z"
    if not re.fullmatch(f"[{letters}éèêàçñáíóëï']+", word) or len(word) > LONGEST or re.search(r"(.)\1\1", word):
        return False
    if len(word) == 1:
        return word in SINGLE_LETTERS[language]
    if "'" in word:
        endings = ENGLISH_ENDINGS if language == "en" else GERMAN_ENDINGS
        if word not in ENGLISH_WHOLE and not (word.count("'") == 1 and word.endswith(endings)):
            return False
    return word not in ORDINAL_ENDINGS[language]


def is_real(word: str, evidence: Evidence, spoken: int, known: bool) -> bool:
    """True if enough independent sources hold the word."""
    if "'" in word:
        return evidence.count >= LEAST_COUNT_UNKNOWN and len(evidence.modern_sources) >= 2
    if known:
        return spoken > 0 or evidence.count >= LEAST_COUNT or len(evidence.sources) >= 2
    if spoken:
        return bool(evidence.modern_sources) and evidence.count >= LEAST_COUNT
    return len(evidence.modern_sources) >= LEAST_SOURCES_UNKNOWN and evidence.count >= LEAST_COUNT_UNKNOWN


def display_forms(word: str, evidence: Evidence, known: set[str], language: str) -> dict[str, float]:
    """The cased forms to show and the share of the word's count that each gets."""
    forms = Counter({form: count for form, count in evidence.forms.items() if form in _cases(word)})
    if language == "en" and (word == "i" or word.startswith("i'")):
        return {word.capitalize(): 1.0}
    if not forms:
        candidates = sorted(known & set(_cases(word)), key=_cases(word).index) or [word]
        return {candidates[0]: 1.0}
    if forms[word] + forms[word.capitalize()]:
        forms[word.upper()] = forms[word.upper()] if forms[word.upper()] > 2 * forms[word.capitalize()] else 0
    best, second = [*forms.most_common(2), ("", 0)][:2]
    total = best[1] + second[1]
    vouched = second[0] in known or (language == "de" and second[1] >= LEAST_COUNT_SECOND_CASE)
    if second[1] / total < SECOND_CASE_SHARE or not vouched:
        return {best[0]: 1.0}
    return {best[0]: best[1] / total, second[0]: second[1] / total}


def _cases(word: str) -> list[str]:
    return [word, word[:1].upper() + word[1:], word.upper()]


def build(language: str, foreign: Counter[str] | None = None) -> Counter[str]:
    """The language's words with their counts, the most frequent `SIZES` of them.

    A word that is `FOREIGN_RATIO` times as frequent in the `foreign` language is a quotation from there.
    """
    abroad: Counter[str] = Counter()
    for form, count in (foreign or {}).items():
        abroad[form.lower()] += count
    spoken = {word: count for word, count in corpus.frequencies(language).items() if not word.startswith("'")}
    spoken_total = sum(spoken.values())
    texts = read_texts(language)
    known = known_words(language)
    lexicon: Counter[str] = Counter()
    for word in spoken.keys() | texts.keys():
        evidence = texts.get(word, Evidence())
        is_stump = word + "'t" in texts and texts[word + "'t"].count > evidence.count
        heard = 0 if is_stump else spoken.get(word, 0)
        if not is_shaped(word, language) or not is_real(word, evidence, heard, word in known):
            continue
        if language == "de" and modernise(word, spoken) != word:
            continue
        spoken_share = heard / spoken_total if "'" not in word else evidence.share
        count = SCALE * (spoken_share + evidence.share) / 2
        if abroad[word] > FOREIGN_RATIO * count:
            continue
        for form, share in display_forms(word, evidence, known.get(word, set()), language).items():
            lexicon[form] += max(1, round(count * share))
    return Counter(dict(lexicon.most_common(SIZES[language])))


def coverage(words: set[str], name: str) -> float:
    """The share of a development set's words that the lexicon holds, case aside."""
    lowered = {word.lower() for word in words}
    path = paths.SHARED / f"eval/text/dev/{name}.jsonl"
    found = [word for line in path.read_text(encoding="utf-8").splitlines() for word in _target_words(line)]
    return sum(word in lowered for word in found) / len(found)


def _target_words(row: str) -> list[str]:
    text = normalise(json.loads(row)["text"])
    return [word.lower() for word in WORD.findall(text)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path)
    out = arguments.parse_args().out
    english = build("en")
    german = build("de", foreign=english)
    lexicons = {"en": english, "de": german}
    order = sorted(english.keys() | german.keys(), key=lambda word: (-english[word] - german[word], word))
    out.write_text("".join(f"{word}\t{english[word]}\t{german[word]}\n" for word in order), encoding="utf-8")
    print(f"{len(english):,} English, {len(german):,} German, {len(order):,} lines, {out.stat().st_size:,} bytes")
    for path in paths.dev_sets():
        language = path.stem[:2]
        print(f"{path.stem}: {100 * coverage(set(lexicons[language]), path.stem):.2f} % of the words")


if __name__ == "__main__":
    main()
