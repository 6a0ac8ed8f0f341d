//! All n-grams of a text, sorted, with how often each was seen.

use super::corpus::{Corpus, Part};
use spatz::predict::ngram::text::{MARKS, START};

/// Bits of a number in a sort key; five words and a source fit one key.
const BITS: usize = 20;
/// What stands behind the end of a line.
const NOTHING: u32 = (1 << BITS) - 1;
const SOURCE_BITS: usize = 8;

/// The n-grams of one length, in the order of their words.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// The last word or mark of each.
    pub(super) numbers: Vec<u32>,
    /// How often it was seen.
    pub(super) counts: Vec<u32>,
    /// The same, by the weights of the sources.
    pub(super) weights: Vec<f32>,
    /// The n-gram without its last word, in the level above.
    pub(super) parents: Vec<u32>,
    /// The n-gram without its first word, in the level above.
    pub(super) suffixes: Vec<u32>,
    /// Where the n-grams that go on with this one begin, in the level below; one more for the end.
    pub(super) below: Vec<u32>,
    /// How many of them, the first ones, begin with a message.
    pub(super) openings: usize,
}

impl Level {
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The n-grams that go on with n-gram `place`, as places of the level below.
    pub(super) fn children(&self, place: usize) -> std::ops::Range<usize> {
        self.below[place] as usize..self.below[place + 1] as usize
    }

    /// Whether n-gram `place` ends with a word.
    pub(super) fn is_word(&self, place: usize) -> bool {
        self.numbers[place] >= MARKS
    }
}

/// Levels of one word and more.
#[derive(Debug)]
pub(super) struct Trie {
    pub(super) levels: Vec<Level>,
}

impl Trie {
    pub(super) fn count(corpus: &Corpus, order: usize) -> Self {
        let mut trie = Self { levels: (0..order).map(|_| Level::default()).collect() };
        let mut before: Option<u128> = None;
        for key in keys(corpus, order) {
            let part = &corpus.parts[(key & ((1 << SOURCE_BITS) - 1)) as usize];
            let path = key >> SOURCE_BITS;
            let opens = number_at(path, 0, order) == START;
            let weight = if opens { part.opening_weight } else { part.weight };
            let shared = before.map_or(0, |before| shared(before, path, order));
            before = Some(path);
            trie.take(path, order, shared, weight);
        }
        trie.close();
        trie.link();
        trie
    }

    fn take(&mut self, path: u128, order: usize, shared: usize, weight: f32) {
        for depth in 0..order {
            let number = number_at(path, depth, order);
            if number == NOTHING {
                break;
            }
            let next = self.levels.get(depth + 1).map_or(0, |level| level.len() as u32);
            let parent = depth.checked_sub(1).map_or(0, |above| self.levels[above].len() as u32 - 1);
            let level = &mut self.levels[depth];
            if depth >= shared {
                level.numbers.push(number);
                level.counts.push(0);
                level.weights.push(0.0);
                level.parents.push(parent);
                level.below.push(next);
                level.openings += usize::from(number_at(path, 0, order) == START);
            }
            if let (Some(count), Some(sum)) = (level.counts.last_mut(), level.weights.last_mut()) {
                *count += 1;
                *sum += weight;
            }
        }
    }

    fn close(&mut self) {
        for depth in 0..self.levels.len() {
            let end = self.levels.get(depth + 1).map_or(0, |level| level.len() as u32);
            self.levels[depth].below.push(end);
        }
    }

    /// Finds each n-gram without its first word: every window of a line has one that begins a word later.
    fn link(&mut self) {
        for depth in 1..self.levels.len() {
            let (above, level) = (&self.levels[depth - 1], &self.levels[depth]);
            let suffix = |place: usize| {
                let range = match depth {
                    1 => 0..above.len(),
                    _ => {
                        let parent = above.suffixes[level.parents[place] as usize] as usize;
                        self.levels[depth - 2].children(parent)
                    }
                };
                let start = range.start;
                let found = above.numbers[range].binary_search(&level.numbers[place]);
                (start + found.unwrap_or_else(|place| place)) as u32
            };
            self.levels[depth].suffixes = (0..level.len()).map(suffix).collect();
        }
    }
}

/// Each window of the text as one number, words first, then its source; sorted.
fn keys(corpus: &Corpus, order: usize) -> Vec<u128> {
    let mut keys = Vec::with_capacity(corpus.tokens.len());
    let mut start = 0;
    for (source, &Part { end, .. }) in corpus.parts.iter().enumerate() {
        for place in start..end {
            let mut key = 0;
            let mut over = false;
            for depth in 0..order {
                let token = corpus.tokens[..end].get(place + depth).copied();
                over |= depth > 0 && token.is_none_or(|token| token == START);
                key = key << BITS | u128::from(if over { NOTHING } else { token.unwrap_or(NOTHING) });
            }
            keys.push(key << SOURCE_BITS | source as u128);
        }
        start = end;
    }
    keys.sort_unstable();
    keys
}

fn number_at(path: u128, depth: usize, order: usize) -> u32 {
    (path >> (BITS * (order - 1 - depth))) as u32 & NOTHING
}

/// How many words two paths have in common at the beginning.
fn shared(a: u128, b: u128, order: usize) -> usize {
    (0..order).take_while(|&depth| number_at(a, depth, order) == number_at(b, depth, order)).count()
}
