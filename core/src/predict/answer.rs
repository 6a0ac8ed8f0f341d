//! One answer: run the model if the context is new, search, expand the nodes that are worth it, rank.

use super::context::Context;
use super::distribution::{Distribution, World};
use super::prior::Mix;
use super::rank::Strip;
use super::scorer::Scorer;
use super::search::{Found, completions, predictions, worth_expanding};
use super::{PredictError, Suggestions, TextInput};
use crate::cancel::CancelToken;
use crate::engine::EngineError;

/// Nodes to expand at a word boundary and at a key, in one batch each.
const AT_BOUNDARY: usize = 6;
const AT_KEY: usize = 2;
/// Words to look at for each one shown: forms of one word share a place.
const WIDTH: usize = 8;
/// Longer strings of letters are no word.
const LONGEST_WORD: usize = 64;
/// Candidates at most, whatever is asked for.
const MOST: usize = 64;

/// The model, and what it said last.
#[derive(Debug)]
pub(super) struct Answers {
    scorer: Box<dyn Scorer>,
    last: Option<(Context, Distribution)>,
}

impl Answers {
    pub(super) fn new(scorer: Box<dyn Scorer>) -> Self {
        Self { scorer, last: None }
    }

    /// What to show. `mix` is only called where the context is new.
    pub(super) fn suggest(
        &mut self,
        world: &World<'_>,
        context: Context,
        mix: impl FnOnce() -> Mix,
        input: &TextInput<'_>,
        cancel: &CancelToken,
    ) -> Result<Suggestions, PredictError> {
        let limit = input.limit.min(MOST);
        let typed_is_known = world.lexicon.same_letters(input.composing).any(|word| world.is_on(word));
        if limit == 0 || input.composing.chars().nth(LONGEST_WORD).is_some() {
            return Ok(Suggestions { candidates: Vec::new(), typed_is_known });
        }
        cancel.check()?;
        let strip = Strip { composing: input.composing, sentence_start: context.sentence_start, limit };
        let (scorer, distribution) = self.distribution(world, context, mix, cancel)?;
        let range = world.lexicon.with_prefix(input.composing);
        let find = |distribution: &Distribution| -> (Vec<Found>, f32) {
            if input.composing.is_empty() {
                (predictions(world, distribution, WIDTH * limit), 1.0)
            } else {
                completions(world, distribution, range.clone(), input.composing, WIDTH * limit)
            }
        };
        let (mut found, mut of) = find(distribution);
        let budget = if input.composing.is_empty() { AT_BOUNDARY } else { AT_KEY };
        let paths = worth_expanding(world, distribution, &found, limit, budget);
        if !paths.is_empty() {
            let spelled: Vec<_> = paths.iter().map(|path| distribution.spelled(path, world.edges)).collect();
            let rows = scorer.after(&spelled, cancel)?;
            for (path, logits) in paths.iter().zip(rows) {
                distribution.expand(world, path, logits);
            }
            (found, of) = find(distribution);
        }
        Ok(Suggestions { candidates: strip.candidates(&world.lexicon, &found, of), typed_is_known })
    }

    pub(super) fn trim(&mut self) {
        self.scorer.trim();
        self.last = None;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.scorer.heap_bytes() + self.last.as_ref().map_or(0, |(_, distribution)| distribution.heap_bytes())
    }

    fn distribution(
        &mut self,
        world: &World<'_>,
        context: Context,
        mix: impl FnOnce() -> Mix,
        cancel: &CancelToken,
    ) -> Result<(&mut dyn Scorer, &mut Distribution), EngineError> {
        let last = match self.last.take() {
            Some((known, distribution)) if known == context => (context, distribution),
            _ => {
                let logits = self.scorer.next(&context.tokens, cancel)?;
                let distribution = Distribution::new(logits, mix(), context.glued, world.edges);
                (context, distribution)
            }
        };
        let (_, distribution) = self.last.insert(last);
        Ok((self.scorer.as_mut(), distribution))
    }
}
