//! How likely each word is before the model speaks: by the words before it where the package has an n-gram, else by its
//! share of running text; mixed over the languages.
//!
//! This is an answer by itself, made without a forward pass. It also divides what the model says of a *piece* among the
//! words that begin with it, where the model has not looked any further.

use super::distribution::World;
use super::language::Mix;
use super::lexicon::{Lexicon, WordId};
use super::mixture;
use super::ngram::History;
use std::ops::Range;

/// What a word in lower case and its form with a capital have of their common share, where a sentence begins and where not.
const FITTING: f32 = 0.98;

/// The words' shares after one context; they sum to 1. Heap: 4 bytes per word of the lexicon and 8 per piece.
#[derive(Debug)]
pub(super) struct Shares {
    words: Vec<f32>,
    /// Per first piece.
    behind: Vec<Behind>,
    /// The weight that they have beside the model's word.
    pub(super) weight: f32,
}

/// The words that begin with one piece.
#[derive(Clone, Copy, Debug, Default)]
struct Behind {
    /// Sum of their shares.
    total: f32,
    /// The largest of them.
    best: f32,
}

impl Shares {
    /// After `history`, in text of this `mix` of languages. `pieces`: how many the vocabulary has.
    pub(super) fn new(
        world: &World<'_>,
        mix: &Mix,
        history: Option<&History>,
        sentence_start: bool,
        pieces: usize,
    ) -> Self {
        let lexicon = &world.lexicon;
        let mut words = vec![0.0; lexicon.len() as usize];
        let mut weight = 0.0;
        for (language, &part) in mix.0.iter().enumerate().filter(|(_, part)| **part > 0.0) {
            match (world.ngram, history) {
                (Some(ngram), Some(history)) => {
                    let order = ngram.add(lexicon, language, history, world.share_of_cost, part, &mut words);
                    weight += part * mixture::ngram_weight(order);
                }
                _ => {
                    weight += part * mixture::WITHOUT_NGRAM;
                    for (word, &cost) in words.iter_mut().zip(lexicon.costs(language)) {
                        *word += part * world.share_of_cost[usize::from(cost)];
                    }
                }
            }
        }
        for &(lower, capital) in world.sentence_forms.iter() {
            let both = words[lower as usize] + words[capital as usize];
            let (fitting, other) = if sentence_start { (capital, lower) } else { (lower, capital) };
            words[fitting as usize] = FITTING * both;
            words[other as usize] = (1.0 - FITTING) * both;
        }
        let sum: f32 = words.iter().sum();
        if sum > 0.0 {
            words.iter_mut().for_each(|word| *word /= sum);
        }
        let mut behind = vec![Behind::default(); pieces];
        for (word, tokens) in lexicon.scan(0..lexicon.len()) {
            let Some(first) = tokens.get(0) else { continue };
            let (share, behind) = (words[word as usize], &mut behind[first as usize]);
            behind.total += share;
            behind.best = behind.best.max(share);
        }
        Self { words, behind, weight }
    }

    /// The share of `word`; 0 if it is of a language that is off.
    pub(super) fn of(&self, word: WordId) -> f32 {
        self.words[word as usize]
    }

    /// The share of all words that begin with `piece`.
    pub(super) fn total(&self, piece: u32) -> f32 {
        self.behind[piece as usize].total
    }

    /// A bound for the share of any word that begins with `piece`.
    pub(super) fn best(&self, piece: u32) -> f32 {
        self.behind[piece as usize].best
    }

    /// The share of all words in a range of token order.
    pub(super) fn total_in(&self, lexicon: &Lexicon<'_>, range: Range<u32>) -> f32 {
        range.map(|place| self.of(lexicon.in_token_order(place))).sum()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.words.capacity() * size_of::<f32>() + self.behind.capacity() * size_of::<Behind>()
    }
}

/// The lower-case words that the lexicon also has with a capital because sentences begin with them: both forms.
#[derive(Debug)]
pub(super) struct SentenceForms(Vec<(WordId, WordId)>);

/// How far behind its form with a capital a word can be in folded order: words that differ in accents lie between.
const NEAR: u32 = 12;

impl SentenceForms {
    pub(super) fn new(lexicon: &Lexicon<'_>) -> Self {
        let (mut form, mut other) = (Vec::new(), Vec::new());
        let pair = |capital: WordId| {
            let with_capital = lexicon.text(capital, &mut form);
            let first = with_capital.chars().next()?;
            let rest = with_capital.get(first.len_utf8()..)?;
            let is_lower = |word: &WordId| {
                let text = lexicon.text(*word, &mut other);
                text.strip_prefix(|letter| first.to_lowercase().eq([letter])) == Some(rest)
            };
            let lower = (capital + 1..lexicon.len().min(capital + NEAR)).find(is_lower)?;
            Some((lower, capital))
        };
        let capitals = (0..lexicon.len()).filter(|&word| lexicon.is_sentence_form(word));
        Self(capitals.filter_map(pair).collect())
    }

    fn iter(&self) -> impl Iterator<Item = &(WordId, WordId)> {
        self.0.iter()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.capacity() * size_of::<(WordId, WordId)>()
    }
}
