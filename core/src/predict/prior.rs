//! What words are worth before the model speaks: their share of running text, mixed over the languages.
//!
//! The model says how likely the next *piece* is. Where a piece has not been looked into any further, its probability is
//! divided among the words that begin with it by these shares.

use super::lexicon::{COST_STEP, Lexicon, NO_WORD, WordId};
use std::ops::Range;

/// Shares of words, and of all words behind a first piece. Heap: 8 bytes per piece and language.
#[derive(Debug)]
pub(super) struct Prior {
    share_of_cost: [f32; 256],
    /// Per language and first piece.
    behind: Vec<Vec<Behind>>,
}

/// The words that begin with one piece, in one language.
#[derive(Clone, Copy, Debug, Default)]
struct Behind {
    /// Sum of their shares.
    total: f32,
    /// The largest of them.
    best: f32,
}

/// How much each of the lexicon's languages counts; sums to 1, and is 0 for a language that is off.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mix(pub(super) Vec<f32>);

impl Mix {
    /// Equal weights for the languages that are on.
    pub(super) fn equal(on: &[bool]) -> Self {
        let count = on.iter().filter(|on| **on).count().max(1) as f32;
        Self(on.iter().map(|&on| if on { 1.0 / count } else { 0.0 }).collect())
    }
}

impl Prior {
    pub(super) fn new(lexicon: &Lexicon<'_>, pieces: usize) -> Self {
        let mut share_of_cost = std::array::from_fn(|cost| (-(cost as f32) * COST_STEP).exp());
        share_of_cost[usize::from(NO_WORD)] = 0.0;
        let mut behind = vec![vec![Behind::default(); pieces]; lexicon.languages()];
        for (word, tokens) in lexicon.scan(0..lexicon.len()) {
            let Some(first) = tokens.get(0) else { continue };
            for (language, behind) in behind.iter_mut().enumerate() {
                let share = share_of_cost[usize::from(lexicon.cost(language, word))];
                let behind = &mut behind[first as usize];
                behind.total += share;
                behind.best = behind.best.max(share);
            }
        }
        Self { share_of_cost, behind }
    }

    /// The share of `word` in text of this mix.
    pub(super) fn share(&self, lexicon: &Lexicon<'_>, mix: &Mix, word: WordId) -> f32 {
        let of = |(language, weight): (usize, &f32)| weight * self.share_in(lexicon, language, word);
        mix.0.iter().enumerate().map(of).sum()
    }

    /// The share of `word` in text of one language; 0 if it is not a word of it.
    pub(super) fn share_in(&self, lexicon: &Lexicon<'_>, language: usize, word: WordId) -> f32 {
        self.share_of_cost[usize::from(lexicon.cost(language, word))]
    }

    /// The share of all words that begin with `piece`.
    pub(super) fn total(&self, mix: &Mix, piece: u32) -> f32 {
        mix.0.iter().zip(&self.behind).map(|(weight, behind)| weight * behind[piece as usize].total).sum()
    }

    /// A bound for the share of any word that begins with `piece`.
    pub(super) fn best(&self, mix: &Mix, piece: u32) -> f32 {
        mix.0.iter().zip(&self.behind).map(|(weight, behind)| weight * behind[piece as usize].best).sum()
    }

    /// The share of all words in a range of token order.
    pub(super) fn total_in(&self, lexicon: &Lexicon<'_>, mix: &Mix, range: Range<u32>) -> f32 {
        range.map(|place| self.share(lexicon, mix, lexicon.in_token_order(place))).sum()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.behind.iter().map(|behind| behind.capacity() * size_of::<Behind>()).sum()
    }
}
