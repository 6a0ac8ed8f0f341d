//! Finding the likeliest words: best-first over first pieces where nothing is typed, a scan of one range where letters are.

use super::distribution::{Distribution, Score, World};
use super::lexicon::WordId;
use super::lexicon::fold::lower;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

/// A word that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) word: WordId,
    pub(super) probability: f32,
    /// See [`Score::uncertain`](super::distribution::Score::uncertain).
    pub(super) uncertain: f32,
}

impl Found {
    fn new(word: WordId, score: Score) -> Self {
        Self { word, probability: score.probability, uncertain: score.uncertain }
    }
}

impl Eq for Found {}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    /// The likelier word is greater; of equally likely ones, the first in folded order.
    fn cmp(&self, other: &Self) -> Ordering {
        self.probability.total_cmp(&other.probability).then(other.word.cmp(&self.word))
    }
}

/// The `count` likeliest words, best first.
pub(super) fn predictions(world: &World<'_>, distribution: &Distribution, count: usize) -> Vec<Found> {
    let bounded = (0..distribution.pieces()).filter_map(|piece| Some((distribution.bound(piece)?, piece)));
    let mut bounded: Vec<(f32, u32)> = bounded.collect();
    let by_bound = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let mut best = Best::new(count);
    let mut sorted = 0;
    // Sorting all bounds costs more than the search, which seldom looks at more than a few of them.
    while sorted < bounded.len() && best.admits(f32::MAX) {
        let rest = &mut bounded[sorted..];
        let chunk = rest.len().min(4 * count.max(8));
        if chunk < rest.len() {
            rest.select_nth_unstable_by(chunk, by_bound);
        }
        rest[..chunk].sort_unstable_by(by_bound);
        for &(bound, piece) in &rest[..chunk] {
            if !best.admits(bound) {
                return best.sorted();
            }
            for place in world.lexicon.beginning_with(piece) {
                let word = world.lexicon.in_token_order(place);
                let score = distribution.score(word, world.lexicon.tokens(word));
                if score.probability > 0.0 {
                    best.offer(Found::new(word, score));
                }
            }
        }
        sorted += chunk;
    }
    best.sorted()
}

/// The `count` likeliest words of `range` that begin with `prefix`, case apart, best first; and the probability of all of
/// `range`.
pub(super) fn completions(
    world: &World<'_>,
    distribution: &Distribution,
    range: Range<WordId>,
    prefix: &str,
    count: usize,
) -> (Vec<Found>, f32) {
    let typed = lower(prefix);
    let mut letters = Vec::new();
    let mut best = Best::new(count);
    let mut sum = 0.0;
    for (word, tokens) in world.lexicon.scan(range) {
        let score = distribution.score(word, tokens);
        sum += score.probability;
        if score.probability > 0.0
            && best.admits(score.probability)
            && lower(world.lexicon.text(word, &mut letters)).starts_with(&typed)
        {
            best.offer(Found::new(word, score));
        }
    }
    (best.sorted(), sum)
}

/// The open pieces that the `limit` best of `found` may hang on: at most `count`, the least certain first.
///
/// A piece's uncertainty is what the likeliest word below it does not have; pieces whose whole uncertainty could not move
/// the order of the first `limit` words stay closed.
pub(super) fn worth_expanding(world: &World<'_>, found: &[Found], limit: usize, count: usize) -> Vec<u32> {
    let Some(last) = found.get(limit.saturating_sub(1)).or(found.last()) else { return Vec::new() };
    // Of each piece, the uncertainty of all words below and of the likeliest.
    let mut pieces: Vec<(u32, f32, f32)> = Vec::new();
    for found in found.iter().filter(|found| found.uncertain > 0.0) {
        let Some(piece) = world.lexicon.tokens(found.word).get(0) else { continue };
        match pieces.iter_mut().find(|(known, ..)| *known == piece) {
            Some((_, sum, most)) => {
                *sum += found.uncertain;
                *most = most.max(found.uncertain);
            }
            None => pieces.push((piece, found.uncertain, found.uncertain)),
        }
    }
    let uncertain = pieces.into_iter().map(|(piece, sum, most)| (sum - most, piece));
    let mut uncertain: Vec<(f32, u32)> =
        uncertain.filter(|(uncertainty, _)| *uncertainty > WORTH * last.probability).collect();
    uncertain.sort_by(|a, b| b.0.total_cmp(&a.0));
    uncertain.into_iter().take(count).map(|(_, piece)| piece).collect()
}

/// Uncertainty of a piece, in units of the last shown word's probability, from which a forward pass is worth its time.
const WORTH: f32 = 0.25;

/// Keeps the greatest few.
struct Best {
    count: usize,
    heap: BinaryHeap<Reverse<Found>>,
}

impl Best {
    fn new(count: usize) -> Self {
        Self { count, heap: BinaryHeap::with_capacity(count + 1) }
    }

    fn admits(&self, probability: f32) -> bool {
        self.heap.len() < self.count
            || self.heap.peek().is_some_and(|least| probability >= least.0.probability)
    }

    fn offer(&mut self, found: Found) {
        self.heap.push(Reverse(found));
        if self.heap.len() > self.count {
            self.heap.pop();
        }
    }

    fn sorted(self) -> Vec<Found> {
        self.heap.into_sorted_vec().into_iter().map(|found| found.0).collect()
    }
}
