//! One answer: run the model if the context is new, search, expand the nodes that are worth it, rank.
//!
//! Every letter typed may expand a few nodes, and the next letter stands on them. So that the same input always gets the same
//! answer, whatever was typed and deleted before, an answer is built in stages, one for each letter: stages that the letters
//! share with the call before are kept, later ones undone, missing ones made up.

use super::context::Context;
use super::distribution::{Distribution, World};
use super::language;
use super::personal::Personal;
use super::rank::Strip;
use super::scorer::Scorer;
use super::search::{Found, completions, predictions, worth_expanding};
use super::shares::Shares;
use super::supplementary::Supplementary;
use super::{Candidate, CandidateKind, Evidence, PredictError, Suggestions, TextInput};
use crate::cancel::CancelToken;

/// Nodes to expand at a word boundary and at a key, in one batch each.
const AT_BOUNDARY: usize = 6;
const AT_KEY: usize = 2;
/// Words that the expansion looks at, and for how many places of the strip it is to get them right.
const LOOKED_AT: usize = 24;
const PLACES: usize = 3;
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
    last: Option<Last>,
    pub(super) personal: Personal,
    pub(super) supplementary: Supplementary,
}

#[derive(Debug)]
struct Last {
    context: Context,
    distribution: Distribution,
    /// Per stage: the letters typed, and how many nodes were expanded at its end.
    stages: Vec<(String, usize)>,
}

impl Answers {
    pub(super) fn new(scorer: Box<dyn Scorer>) -> Self {
        Self { scorer, last: None, personal: Personal::default(), supplementary: Supplementary::default() }
    }

    /// What to show after `context`, which was read from the input's.
    pub(super) fn suggest(
        &mut self,
        world: &World<'_>,
        context: Context,
        input: &TextInput<'_>,
        cancel: &CancelToken,
    ) -> Result<Suggestions, PredictError> {
        let limit = input.limit.min(MOST);
        let composing = input.composing;
        let typed_is_known = world.lexicon.same_letters(composing).any(|word| world.is_on(word))
            || self.personal.is_established(composing)
            || self.supplementary.has(composing);
        if limit == 0 || composing.chars().nth(LONGEST_WORD).is_some() {
            return Ok(Suggestions { candidates: Vec::new(), typed_is_known });
        }
        cancel.check()?;
        let mut own = self.personal.words(&context.line, composing);
        own.extend(self.supplementary.words(composing));
        let expansion = self.supplementary.expansion(composing).map(|text| Candidate {
            text: text.to_owned(),
            score: 0.0,
            kind: CandidateKind::Expansion,
        });
        let strip = Strip {
            composing,
            sentence_start: context.sentence_start,
            limit,
            own: &own,
            own_weight: self.personal.weight(),
        };
        let Self { scorer, last, .. } = self;
        let last = match last.take().filter(|last| last.context == context) {
            Some(known) => last.insert(known),
            None => {
                let distribution = distribution(world, &context, scorer.as_mut(), cancel)?;
                last.insert(Last { context, distribution, stages: Vec::new() })
            }
        };
        if world.evidence != Evidence::Ngram {
            last.build_stages(world, scorer.as_mut(), composing, cancel)?;
        }
        let (found, of) = find(world, &last.distribution, composing, WIDTH * limit);
        let mut candidates = strip.candidates(world, found, of);
        candidates.splice(0..0, expansion);
        candidates.truncate(limit);
        Ok(Suggestions { candidates, typed_is_known })
    }

    pub(super) fn trim(&mut self) {
        self.scorer.trim();
        self.last = None;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.scorer.heap_bytes()
            + self.personal.heap_bytes()
            + self.supplementary.heap_bytes()
            + self.last.as_ref().map_or(0, |last| last.distribution.heap_bytes())
    }
}

impl Last {
    fn build_stages(
        &mut self,
        world: &World<'_>,
        scorer: &mut dyn Scorer,
        composing: &str,
        cancel: &CancelToken,
    ) -> Result<(), PredictError> {
        let ends = composing.char_indices().map(|(end, _)| end).chain([composing.len()]);
        let wanted: Vec<&str> = ends.filter_map(|end| composing.get(..end)).collect();
        let kept =
            self.stages.iter().zip(&wanted).take_while(|((typed, _), wanted)| typed == *wanted).count();
        self.stages.truncate(kept);
        self.distribution.undo(self.stages.last().map_or(0, |(_, nodes)| *nodes));
        for &typed in &wanted[kept..] {
            let (found, _) = find(world, &self.distribution, typed, LOOKED_AT);
            let budget = if typed.is_empty() { AT_BOUNDARY } else { AT_KEY };
            let paths = worth_expanding(world, &self.distribution, &found, PLACES, budget);
            if !paths.is_empty() {
                let spelled: Vec<_> =
                    paths.iter().map(|path| self.distribution.spelled(path, world.edges)).collect();
                let rows = scorer.after(&spelled, cancel)?;
                for (path, logits) in paths.iter().zip(rows) {
                    self.distribution.expand(world, path, logits);
                }
            }
            self.stages.push((typed.to_owned(), self.distribution.expanded()));
        }
        Ok(())
    }
}

/// What can be said after a context before letters are typed.
fn distribution(
    world: &World<'_>,
    context: &Context,
    scorer: &mut dyn Scorer,
    cancel: &CancelToken,
) -> Result<Distribution, PredictError> {
    let mix = language::mix(&world.lexicon, world.share_of_cost, world.languages, &context.words);
    let ngram = world.ngram.filter(|_| world.evidence != Evidence::Model);
    let history = ngram.map(|ngram| ngram.history(&world.lexicon, &context.line));
    let pieces = world.edges.pieces();
    let shares = Shares::new(world, &mix, history.as_ref(), context.sentence_start, pieces);
    if world.evidence == Evidence::Ngram {
        return Ok(Distribution::without_model(shares, pieces, context.glued));
    }
    let logits = scorer.next(&context.tokens, cancel)?;
    Ok(Distribution::new(logits, shares, context.glued, world.edges))
}

/// The likeliest words for the letters typed, and the probability of all of them.
fn find(world: &World<'_>, distribution: &Distribution, typed: &str, count: usize) -> (Vec<Found>, f32) {
    if typed.is_empty() {
        return (predictions(world, distribution, count), 1.0);
    }
    completions(world, distribution, world.lexicon.with_prefix(typed), typed, count)
}
