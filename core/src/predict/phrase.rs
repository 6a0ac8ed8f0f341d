//! The inline phrase: what probably comes next, word by word, as long as all of it is likely enough.
//!
//! The first word is the likeliest that the strip knows, each further one the likeliest after those before. A phrase's
//! probability is the product of its words', and of the model's belief that a word follows each of them at all, and not a
//! mark or the end of the message: grey text behind a full stop that the person wants to type is wrong.
//!
//! The words ahead are run as a branch on top of the context, which stays what it is: the next key finds everything in its
//! place.

use super::answer::{Answers, LONGEST_WORD, Last, own_words};
use super::context::Context;
use super::distribution::World;
use super::lexicon::fold::lower;
use super::patience::Patience;
use super::personal::Own;
use super::scorer::Scorer;
use super::{Candidate, PredictError, TextInput};
use crate::cancel::CancelToken;
use crate::engine::EngineError;
use unicode_normalization::UnicodeNormalization;

/// Words at most.
pub(super) const MOST_WORDS: usize = 5;
/// How likely a phrase must be: see `docs/prediction.md`.
pub(super) const PROBABILITY: f32 = 0.35;
/// Candidates among which the likeliest is looked for: the strip's order puts what is typed already last.
const LOOKED_AT: usize = 8;

/// How the text probably goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// Whole words with spaces between, none behind; the first takes the place of the composing text.
    pub text: String,
    /// What of `text` comes after the letters typed: to show behind the cursor.
    pub rest: String,
    /// Natural logarithm of the probability of the first word, of the first two, and so on.
    pub scores: Vec<f32>,
}

/// What is asked for.
pub(super) struct Wish<'a> {
    pub(super) input: &'a TextInput<'a>,
    /// Of the phrase, at least.
    pub(super) probability: f32,
    /// Reads a longer context.
    pub(super) read: &'a dyn Fn(&str) -> Context,
}

impl Answers {
    /// How the text after `context`, which was read from the input's, probably goes on.
    pub(super) fn phrase(
        &mut self,
        world: &World<'_>,
        context: Context,
        wish: &Wish<'_>,
        patience: &Patience,
    ) -> Result<Option<Phrase>, PredictError> {
        let composing = wish.input.composing;
        patience.check()?;
        if composing.chars().nth(LONGEST_WORD).is_some() {
            return Ok(None);
        }
        self.stand_at(world, context, patience)?;
        let weight = self.personal.weight();
        let Self { scorer, last: Some(here), personal, supplementary, .. } = self else { return Ok(None) };
        let own = |line: &str, typed| own_words(personal, supplementary, line, typed);
        let mut phrase = Growing::new(wish);
        let word = likeliest(world, here, composing, (&own(&here.context.line, composing), weight));
        // A space or a letter is there already: a word follows.
        if !phrase.grows(word, 1.0) {
            return Ok(None);
        }
        let base = &here.context.tokens;
        let mut ahead = Ahead { scorer: scorer.as_mut(), base: base.len(), branch: Vec::new() };
        while phrase.scores.len() < MOST_WORDS {
            let context = (wish.read)(&phrase.text);
            // Otherwise the window would have to move on: the model's context is full.
            if context.tokens.len() <= base.len() || !context.tokens.starts_with(base) {
                break;
            }
            let there = Last::at(world, context, &mut ahead, patience)?;
            let word = likeliest(world, &there, "", (&own(&there.context.line, ""), weight));
            if !phrase.grows(word, there.distribution.goes_on()) {
                break;
            }
        }
        Ok(Some(phrase.done(wish.input)))
    }
}

/// The likeliest word for the letters typed, be it the letters themselves.
fn likeliest(world: &World<'_>, last: &Last, typed: &str, own: (&[Own], f32)) -> Option<Candidate> {
    let (words, _) = last.strip(world, typed, LOOKED_AT, own);
    let word = words.into_iter().rev().max_by(|a, b| a.score.total_cmp(&b.score))?;
    (!world.blocklist.has_letters(&lower(&word.text))).then_some(word)
}

/// A phrase so far, behind the text before it.
struct Growing {
    text: String,
    scores: Vec<f32>,
    least: f32,
}

impl Growing {
    fn new(wish: &Wish<'_>) -> Self {
        Self { text: wish.input.context.to_owned(), scores: Vec::new(), least: wish.probability.ln() }
    }

    /// Adds `word`, if one follows so surely that the whole is likely enough.
    fn grows(&mut self, word: Option<Candidate>, goes_on: f32) -> bool {
        let Some(Candidate { text, score, .. }) = word else { return false };
        let score = self.scores.last().copied().unwrap_or_default() + score + goes_on.ln();
        if !score.is_finite() || score < self.least {
            return false;
        }
        self.text.push_str(&text);
        self.text.push(' ');
        self.scores.push(score);
        true
    }

    fn done(mut self, input: &TextInput<'_>) -> Phrase {
        self.text.pop();
        let text = self.text.split_off(input.context.len());
        let rest = text.chars().skip(input.composing.nfc().count()).collect();
        Phrase { text, rest, scores: self.scores }
    }
}

/// The model on a branch: words that nobody has written yet, on top of the context of its last call.
#[derive(Debug)]
struct Ahead<'a> {
    scorer: &'a mut dyn Scorer,
    /// Tokens of that context.
    base: usize,
    branch: Vec<u32>,
}

impl Scorer for Ahead<'_> {
    fn next(&mut self, context: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.branch = context.get(self.base..).unwrap_or_default().to_vec();
        let rows = self.scorer.after(std::slice::from_ref(&self.branch), cancel)?;
        rows.into_iter().next().ok_or(EngineError::NoTokens)
    }

    fn after(&mut self, paths: &[Vec<u32>], cancel: &CancelToken) -> Result<Vec<&[f32]>, EngineError> {
        let paths: Vec<Vec<u32>> = paths.iter().map(|path| [&self.branch[..], path].concat()).collect();
        self.scorer.after(&paths, cancel)
    }

    fn trim(&mut self) {}

    fn heap_bytes(&self) -> usize {
        self.branch.capacity() * size_of::<u32>()
    }
}
