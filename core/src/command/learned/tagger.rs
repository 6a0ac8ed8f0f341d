//! Where an utterance names its slots' values: a field over words for each intent.
//!
//! An intent's field knows only the intent's own slots. What a word is like is told by itself, its neighbours and its
//! letters, by values known from the set's lists and from other examples, by what the word was elsewhere, and by the
//! encoder's vector of the word in its sentence.

use super::crf::{Crf, Grammar, Labelled, Observed, Penalty};
use super::gazetteer::{Gazetteer, Hit, phrase};
use super::lbfgs::Limits;
use super::lexicon;
use super::values;
use super::words::{Word, has_case};

/// A fitted tagger.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tagger {
    pub(super) gazetteer: Gazetteer,
    /// Numbers of a word's vector.
    pub(super) dimensions: usize,
    /// One an intent; `None` for an intent without slots.
    pub(super) fields: Vec<Option<Field>>,
}

/// The field of an intent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Numbers of the intent's slots among those of the set.
    pub(super) slots: Vec<u16>,
    pub(super) elsewhere: Elsewhere,
    pub(super) crf: Crf,
}

/// How often each word had each label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Elsewhere {
    /// Hash of the word, label, count; ascending.
    pub(super) counts: Vec<(u32, u16, u32)>,
}

/// A sentence with its slots: words `start..end` of each.
#[derive(Clone, Debug)]
pub(super) struct Tagged<'a> {
    pub(super) words: &'a [Word],
    /// `words × dimensions`.
    pub(super) vectors: &'a [f32],
    pub(super) intent: u32,
    pub(super) slots: &'a [Hit],
}

/// Few examples are believed less, and not to the last digit.
fn penalty(sentences: usize) -> Penalty {
    let (l2, iterations, tolerance) = match sentences {
        few if few <= FEW => (0.1, 60, 3e-4),
        some if some <= LEARNED_BOTH_WAYS => (0.05, 60, 3e-4),
        _ => (0.03, 80, 1e-4),
    };
    Penalty { l2, dense_l2: 0.04, limits: Limits { iterations, tolerance } }
}

/// Sentences of an intent.
const FEW: usize = 40;
const LEARNED_BOTH_WAYS: usize = 500;

impl Tagger {
    /// Fits to `sentences`. `known` are values of slots from the set's lists.
    pub(super) fn fit(
        sentences: &[Tagged<'_>],
        intents: usize,
        dimensions: usize,
        known: impl Iterator<Item = (u64, u16)>,
    ) -> Self {
        let own = |sentence: &Tagged<'_>| -> Vec<(u64, u16)> {
            let phrases =
                sentence.slots.iter().map(|hit| (phrase(&sentence.words[hit.start..hit.end]), hit.slot));
            phrases.filter_map(|(phrase, slot)| Some((phrase?, slot))).collect()
        };
        let seen = sentences.iter().flat_map(own).map(|(phrase, slot)| (phrase, slot, 1));
        // A list's value is known whatever the examples say.
        let known = known.map(|(phrase, slot)| (phrase, slot, 1 << 16));
        let gazetteer = Gazetteer::new(seen.chain(known));
        let with_slots =
            |intent: u32| sentences.iter().any(|other| other.intent == intent && !other.slots.is_empty());
        let tagged: Vec<bool> = (0..intents as u32).map(with_slots).collect();
        let fields = (0..intents as u32)
            .map(|intent| {
                let own_sentences: Vec<&Tagged<'_>> =
                    sentences.iter().filter(|sentence| sentence.intent == intent).collect();
                tagged[intent as usize].then(|| {
                    let hits = |sentence: &Tagged<'_>| gazetteer.hits(sentence.words, &own(sentence));
                    Field::fit(&own_sentences, hits, dimensions)
                })
            })
            .collect();
        Self { gazetteer, dimensions, fields }
    }

    /// The slots of `words` under `intent`, in the order in which they are said.
    pub(super) fn tag(&self, words: &[Word], vectors: &[f32], intent: u32) -> Vec<Hit> {
        let Some(Some(field)) = self.fields.get(intent as usize) else { return Vec::new() };
        let hits = self.gazetteer.hits(words, &[]);
        let observed = field.observe(words, rows(vectors, self.dimensions), has_case(words), &hits, &[]);
        spans(&field.crf.decode(&observed), &field.slots)
    }
}

impl Field {
    fn fit(sentences: &[&Tagged<'_>], hits: impl Fn(&Tagged<'_>) -> Vec<Hit>, dimensions: usize) -> Self {
        let mut slots: Vec<u16> =
            sentences.iter().flat_map(|sentence| sentence.slots).map(|hit| hit.slot).collect();
        slots.sort_unstable();
        slots.dedup();
        let labels: Vec<Vec<u16>> =
            sentences.iter().map(|sentence| labels(sentence.words.len(), sentence.slots, &slots)).collect();
        let pairs = sentences.iter().zip(&labels);
        let counts = pairs.flat_map(|(sentence, labels)| sentence.words.iter().zip(labels));
        let elsewhere = Elsewhere::new(counts.map(|(word, label)| (hash(&["w", &word.folded]), *label)));
        let grammar = Grammar::of_slots(slots.len());
        let mut field = Self { slots, elsewhere, crf: Crf::empty(grammar.clone()) };
        // A sentence with capitals is learned with them and as a recogniser would write it; of many, every other one each way.
        let both = sentences.len() <= LEARNED_BOTH_WAYS;
        let mut labelled: Vec<Labelled> = Vec::new();
        for (number, (sentence, labels)) in sentences.iter().zip(labels).enumerate() {
            let hits = hits(sentence);
            let mut learn = |cased: bool| {
                let dense = rows(sentence.vectors, dimensions);
                let words = field.observe(sentence.words, dense, cased, &hits, &labels);
                labelled.push(Labelled { words, labels: labels.clone() });
            };
            let has_case = has_case(sentence.words);
            if has_case && (both || number % 2 == 0) {
                learn(true);
            }
            if !has_case || both || number % 2 == 1 {
                learn(false);
            }
        }
        field.crf = Crf::fit(grammar, &labelled, dimensions, penalty(sentences.len()));
        field
    }

    /// The features of a sentence's words. `labels` are those of the sentence while learning, which do not count among
    /// what its words were elsewhere.
    fn observe(
        &self,
        words: &[Word],
        dense: impl Iterator<Item = Vec<f32>>,
        cased: bool,
        hits: &[Hit],
        labels: &[u16],
    ) -> Vec<Observed> {
        let known = [lexicon::classes(words), values::classes(words)].concat();
        let notes: Vec<Vec<u32>> =
            (0..words.len()).map(|at| self.notes(words, at, hits, &known, labels)).collect();
        let word = |at: usize, offset: isize| -> &str {
            match at.checked_add_signed(offset) {
                None => "<",
                Some(at) => words.get(at).map_or(">", |word| &word.folded),
            }
        };
        let mut dense = dense.fuse();
        let observe = |at: usize| {
            let mut names = vec![hash(&["bias"])];
            for offset in -3..=3isize {
                names.push(hash(&["w", PLACES[(offset + 3) as usize], word(at, offset)]));
            }
            for offset in -2..=1isize {
                names.push(hash(&[
                    "p",
                    PLACES[(offset + 3) as usize],
                    word(at, offset),
                    word(at, offset + 1),
                ]));
            }
            for offset in -1..=1isize {
                let place = PLACES[(offset + 3) as usize];
                let text = word(at, offset);
                names.push(hash(&["s", place, &shape(text)]));
                let most = if offset == 0 { 4 } else { 3 };
                let ends = text.char_indices().map(|(i, _)| i).skip(1).take(most);
                names.extend(ends.filter_map(|end| Some(hash(&["<", place, text.get(..end)?]))));
                let starts = text.char_indices().map(|(i, _)| i).rev().take(most);
                names.extend(starts.filter_map(|start| Some(hash(&[">", place, text.get(start..)?]))));
            }
            for offset in -2..=2isize {
                let Some(word) = at.checked_add_signed(offset).and_then(|at| words.get(at)).filter(|_| cased)
                else {
                    continue;
                };
                let case = format!("{:?}", word.case);
                names.push(hash(&["c", PLACES[(offset + 3) as usize], &case]));
            }
            if cased {
                let pair = |offset: isize| {
                    at.checked_add_signed(offset).and_then(|at| words.get(at)).map(|word| word.case)
                };
                names.push(hash(&["cc", &format!("{:?}{:?}", pair(-1), pair(0))]));
                names.push(hash(&["cn", &format!("{:?}{:?}", pair(0), pair(1))]));
            }
            for offset in -2..=2isize {
                let Some(notes) = at.checked_add_signed(offset).and_then(|at| notes.get(at)) else {
                    continue;
                };
                let place = (offset + 3) as u32;
                names.extend(notes.iter().map(|note| note.rotate_left(5 * place) ^ place));
            }
            names.sort_unstable();
            names.dedup();
            Observed { names, dense: dense.next().unwrap_or_default() }
        };
        (0..words.len()).map(observe).collect()
    }

    /// What lists and other examples say of a word.
    fn notes(
        &self,
        words: &[Word],
        at: usize,
        hits: &[Hit],
        known: &[(u32, usize, usize)],
        labels: &[u16],
    ) -> Vec<u32> {
        let mut notes = Vec::new();
        for (class, start, end) in known.iter().filter(|(_, start, end)| (*start..*end).contains(&at)) {
            let class = class.to_le_bytes();
            let side = u8::from(*start == at) + 2 * u8::from(*end == at + 1);
            notes.push(crc32fast::hash(&[b'x', class[0], class[1], class[2], class[3], side]));
        }
        for hit in hits.iter().filter(|hit| (hit.start..hit.end).contains(&at)) {
            let slot = [hit.slot.to_le_bytes()[0], hit.slot.to_le_bytes()[1]];
            let part = match (hit.start == at, hit.end - hit.start) {
                (true, 1) => 0,
                (true, _) => 1,
                (false, _) => 2,
            };
            notes.push(crc32fast::hash(&[b'g', slot[0], slot[1], part]));
        }
        let word = hash(&["w", &words[at].folded]);
        // How often this sentence itself has the word with each label.
        let own = |label: u16| {
            let same = words.iter().zip(labels).filter(|(other, _)| other.folded == words[at].folded);
            same.filter(|(_, own)| **own == label).count() as u32
        };
        let counts: Vec<(u16, u32)> =
            self.elsewhere.of(word).map(|(label, count)| (label, count.saturating_sub(own(label)))).collect();
        let total: u32 = counts.iter().map(|(_, count)| count).sum();
        for (label, count) in counts {
            let share = count as f32 / total.max(1) as f32;
            for (line, least) in [(0u8, 0.9), (1, 0.5), (2, 0.15)] {
                if share > least {
                    let label = label.to_le_bytes();
                    notes.push(crc32fast::hash(&[b'l', line, label[0], label[1]]));
                }
            }
        }
        let often = match total {
            0 => 0,
            1 => 1,
            2..=4 => 2,
            _ => 3,
        };
        notes.push(crc32fast::hash(&[b'f', often]));
        notes.sort_unstable();
        notes.dedup();
        notes
    }
}

/// `vectors` cut into rows of `dimensions`.
fn rows(vectors: &[f32], dimensions: usize) -> impl Iterator<Item = Vec<f32>> {
    vectors.chunks_exact(dimensions.max(1)).map(<[f32]>::to_vec)
}

impl Elsewhere {
    fn new(seen: impl Iterator<Item = (u32, u16)>) -> Self {
        let mut counts: Vec<(u32, u16, u32)> = seen.map(|(word, label)| (word, label, 1)).collect();
        counts.sort_unstable();
        counts.dedup_by(|next, first| {
            let same = (next.0, next.1) == (first.0, first.1);
            if same {
                first.2 += next.2;
            }
            same
        });
        Self { counts }
    }

    fn of(&self, word: u32) -> impl Iterator<Item = (u16, u32)> {
        let first = self.counts.partition_point(|(other, ..)| *other < word);
        let own = self.counts[first..].iter().take_while(move |(other, ..)| *other == word);
        own.map(|(_, label, count)| (*label, *count))
    }
}

const PLACES: [&str; 7] = ["-3", "-2", "-1", "0", "1", "2", "3"];

fn hash(parts: &[&str]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize()
}

/// `9` for digits, `a` for letters, the sign itself for others; runs count up to four.
fn shape(word: &str) -> String {
    let mut out = String::new();
    let (mut last, mut run) = (None, 0);
    for c in word.chars() {
        let class = if c.is_numeric() {
            '9'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        };
        run = if last == Some(class) { run + 1 } else { 0 };
        last = Some(class);
        if run < if class == 'a' { 1 } else { 4 } {
            out.push(class);
        }
    }
    out
}

/// Outside is 0; the first word of slot `k` of the intent is `1 + 2k`, its others `2 + 2k`.
fn labels(words: usize, slots: &[Hit], known: &[u16]) -> Vec<u16> {
    let mut out = vec![0; words];
    for hit in slots {
        let Ok(slot) = known.binary_search(&hit.slot) else { continue };
        for (at, label) in out.iter_mut().enumerate().take(hit.end).skip(hit.start) {
            *label = 2 * slot as u16 + if at == hit.start { 1 } else { 2 };
        }
    }
    out
}

fn spans(labels: &[u16], slots: &[u16]) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::new();
    for (at, label) in labels.iter().enumerate().filter(|(_, label)| **label > 0) {
        let Some(slot) = slots.get(usize::from(label - 1) / 2).copied() else { continue };
        match out.last_mut() {
            Some(last) if label % 2 == 0 && last.end == at && last.slot == slot => last.end += 1,
            _ => out.push(Hit { slot, start: at, end: at + 1 }),
        }
    }
    out
}
