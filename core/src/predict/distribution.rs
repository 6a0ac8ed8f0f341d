//! How likely each word of the lexicon is after one context.
//!
//! The model gives the probability of the next piece. A word of one piece is over if the piece after it ends a word, and
//! goes on otherwise (` Haus`, ` Hausaufgaben`); the model knows which, for the price of running it on ` Haus`. So pieces
//! are of two kinds: *expanded* ones, where the model said how likely the word ends there or goes on with each next piece,
//! and *open* ones. What is open is divided among the words below by their shares (see `shares`). The sum over
//! all words stays the same; expanding a piece only moves probability to where the model wants it.
//!
//! What the model says is then mixed with the shares themselves, which are the n-gram's word where there is one.

use super::Evidence;
use super::blocklist::Blocklist;
use super::edges::Edges;
use super::emoji::Emoji;
use super::lexicon::{Lexicon, NO_WORD, Tokens, WordId};
use super::ngram::Ngram;
use super::shares::{SentenceForms, Shares};

/// What remains of a piece with a space where none can stand: its word is spelled in several pieces there, which nobody scored.
const SPACED: f32 = 0.01;

/// What is the same for all contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) lexicon: Lexicon<'a>,
    pub(super) ngram: Option<Ngram<'a>>,
    /// The share of running text that each cost of the lexicon stands for.
    pub(super) share_of_cost: &'a [f32; 256],
    pub(super) sentence_forms: &'a SentenceForms,
    pub(super) blocklist: &'a Blocklist,
    pub(super) edges: &'a Edges,
    pub(super) emoji: &'a Emoji,
    /// Which of the lexicon's languages are on.
    pub(super) languages: &'a [bool],
    pub(super) evidence: Evidence,
}

impl World<'_> {
    /// Whether `word` belongs to a language that is on.
    pub(super) fn is_on(&self, word: WordId) -> bool {
        is_on(&self.lexicon, self.languages, word)
    }
}

/// Whether `word` belongs to one of the lexicon's languages that is on.
pub(super) fn is_on(lexicon: &Lexicon<'_>, languages: &[bool], word: WordId) -> bool {
    let listed = |language| lexicon.cost(language, word) != NO_WORD;
    languages.iter().enumerate().any(|(language, on)| *on && listed(language))
}

/// The probabilities after one context.
#[derive(Debug)]
pub(super) struct Distribution {
    /// Of each piece, if a word follows and the model is asked.
    first: Vec<f32>,
    shares: Shares,
    /// Of the shares, beside the model.
    weight: f32,
    /// What the model gave the words together, before they shared all there is.
    goes_on: f32,
    glued: bool,
    expanded: Vec<Expanded>,
}

/// What the model says after a first piece.
#[derive(Debug)]
struct Expanded {
    piece: u32,
    /// Probability of the word that ends here.
    end: f32,
    /// Sorted by token.
    children: Vec<Child>,
}

#[derive(Debug)]
struct Child {
    token: u32,
    probability: f32,
    /// Share of all words below.
    total: f32,
}

/// A word's probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub(super) probability: f32,
    /// The part of it that is the word's part of an open piece; 0 if the model itself gave the probability.
    pub(super) uncertain: f32,
}

impl Distribution {
    /// What the shares say alone.
    pub(super) fn without_model(shares: Shares, pieces: usize, glued: bool) -> Self {
        Self { first: vec![0.0; pieces], shares, weight: 1.0, goes_on: 1.0, glued, expanded: Vec::new() }
    }

    /// From the logits after the context, mixed with the shares. `glued`: words follow without a space.
    pub(super) fn new(logits: &[f32], shares: Shares, glued: bool, edges: &Edges) -> Self {
        let mut first = softmax(logits);
        if glued {
            let spelled =
                |piece| edges.unspaced(piece).map_or(SPACED * first[piece], |unspaced| first[unspaced]);
            first = (0..first.len()).map(spelled).collect();
        }
        for (piece, probability) in first.iter_mut().enumerate() {
            if shares.total(piece as u32) <= 0.0 {
                *probability = 0.0;
            }
        }
        let goes_on = normalise(&mut first);
        let weight = shares.weight;
        Self { first, shares, weight, goes_on, glued, expanded: Vec::new() }
    }

    /// How likely the text goes on with a listed word at all, and not with a mark or its end. The model says so; 1 without it.
    pub(super) fn goes_on(&self) -> f32 {
        self.goes_on
    }

    /// The shares again, to ask the model after all.
    pub(super) fn into_shares(self) -> Shares {
        self.shares
    }

    /// Number of pieces.
    pub(super) fn pieces(&self) -> u32 {
        self.first.len() as u32
    }

    /// The probability of `word`, whose tokens are `tokens`.
    pub(super) fn score(&self, word: WordId, tokens: Tokens<'_>) -> Score {
        let Some(first) = tokens.get(0) else { return Score::default() };
        let share = self.shares.of(word);
        if share <= 0.0 {
            return Score::default();
        }
        let (own, model) = (self.weight * share, 1.0 - self.weight);
        let surely = |probability| Score { probability: model * probability + own, uncertain: 0.0 };
        let (probability, total) = match (self.expanded(first), tokens.get(1)) {
            (None, _) => (self.first[first as usize], self.shares.total(first)),
            (Some(expanded), None) => return surely(expanded.end),
            (Some(expanded), Some(token)) => match expanded.child(token) {
                Some(child) => (child.probability, child.total),
                None => return Score::default(),
            },
        };
        let part = if total > 0.0 { (share / total).min(1.0) } else { 0.0 };
        let said = model * probability * part;
        if part < 1.0 { Score { probability: said + own, uncertain: said } } else { surely(probability) }
    }

    /// A bound for the probability of any word that begins with `piece`; `None` if none does.
    pub(super) fn bound(&self, piece: u32) -> Option<f32> {
        let total = self.shares.total(piece);
        if total <= 0.0 {
            return None;
        }
        let best = self.shares.best(piece);
        let part = if self.expanded(piece).is_none() { (best / total).min(1.0) } else { 1.0 };
        Some((1.0 - self.weight) * self.first[piece as usize] * part + self.weight * best)
    }

    /// The piece as it is spelled there: without a space if it is glued to what stands before.
    pub(super) fn spelled(&self, piece: u32, edges: &Edges) -> u32 {
        let unspaced = if self.glued { edges.unspaced(piece as usize) } else { None };
        unspaced.map_or(piece, |unspaced| unspaced as u32)
    }

    /// Takes in what the model says after `piece`, which is open.
    pub(super) fn expand(&mut self, world: &World<'_>, piece: u32, logits: &[f32]) {
        let after = softmax(logits);
        let probability = self.first[piece as usize];
        let ending = after.iter().enumerate().filter(|(next, _)| world.edges.ends_word(*next));
        let end = probability * ending.map(|(_, probability)| probability).sum::<f32>();
        let below = world.lexicon.children(world.lexicon.beginning_with(piece), 1);
        let children = below.map(|(token, words)| Child {
            token,
            probability: probability * after[token as usize],
            total: self.shares.total_in(&world.lexicon, words),
        });
        let children = children.collect();
        self.expanded.push(Expanded { piece, end, children });
    }

    /// There are a few at most.
    fn expanded(&self, piece: u32) -> Option<&Expanded> {
        self.expanded.iter().find(|expanded| expanded.piece == piece)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let children: usize = self.expanded.iter().map(|expanded| expanded.children.capacity()).sum();
        self.first.capacity() * size_of::<f32>()
            + self.shares.heap_bytes()
            + self.expanded.capacity() * size_of::<Expanded>()
            + children * size_of::<Child>()
    }
}

impl Expanded {
    fn child(&self, token: u32) -> Option<&Child> {
        let place = self.children.binary_search_by_key(&token, |child| child.token).ok()?;
        self.children.get(place)
    }
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut out: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    normalise(&mut out);
    out
}

/// Makes the sum 1, if there is one; the sum before.
fn normalise(values: &mut [f32]) -> f32 {
    let sum: f32 = values.iter().sum();
    if sum.is_finite() && sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
        return sum;
    }
    values.fill(0.0);
    0.0
}
