//! One answer: run the model if the context is new, and once more on the pieces that are worth it; search; rank.
//!
//! Letters never run it again. It was measured what that is worth: pieces of the words that begin with them change the keystrokes
//! saved by 0.15 points at most, with the n-gram and without, and pieces of close corrections change none of ours, while a
//! third of the keys would take a forward pass longer (`docs/adr/0006-whole-words-from-a-trie.md`).

use super::context::Context;
use super::correct::{
    Corrector, Hypotheses, Keyboard, Reach, Scales, Typed, Verdict, complete_corrected, decide,
};
use super::distribution::{Distribution, World};
use super::language::{self, Mix};
use super::patience::Patience;
use super::personal::{Own, Personal, Record};
use super::rank::Strip;
use super::scorer::Scorer;
use super::search::{Found, completions, predictions, worth_expanding};
use super::shares::Shares;
use super::supplementary::Supplementary;
use super::{Candidate, CandidateKind, Evidence, PredictError, Suggestions, TextInput};
use crate::cancel::CancelToken;

/// Pieces to expand at most, in one batch.
const EXPANDED: usize = 6;
/// Words that the expansion looks at, and for how many places of the strip it is to get them right.
const LOOKED_AT: usize = 24;
const PLACES: usize = 3;
/// Words to look at for each one shown: forms of one word share a place.
const WIDTH: usize = 8;
/// Longer strings of letters are no word.
pub(super) const LONGEST_WORD: usize = 64;
/// How likely a word is that no slip could have led to.
const SURE: f32 = 0.02;
/// Candidates at most, whatever is asked for.
const MOST: usize = 64;

/// The model, and what it said last.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) scorer: Box<dyn Scorer>,
    pub(super) last: Option<Last>,
    pub(super) personal: Personal,
    /// Changes of `personal` that are not on the disk yet.
    pub(super) unsaved: Vec<Record>,
    /// The host's keys, if it gave any.
    pub(super) keyboard: Option<Keyboard>,
    /// Made when letters are first typed.
    corrector: Option<Corrector>,
    pub(super) supplementary: Supplementary,
}

/// One context, and what is known about what comes after it.
#[derive(Debug)]
pub(super) struct Last {
    pub(super) context: Context,
    mix: Mix,
    pub(super) distribution: Distribution,
    /// Whether the model had its say, if it has one.
    is_whole: bool,
}

impl Answers {
    pub(super) fn new(scorer: Box<dyn Scorer>) -> Self {
        Self {
            scorer,
            last: None,
            personal: Personal::default(),
            unsaved: Vec::new(),
            keyboard: None,
            corrector: None,
            supplementary: Supplementary::default(),
        }
    }

    /// What to show after `context`, which was read from the input's.
    pub(super) fn suggest(
        &mut self,
        world: &World<'_>,
        context: Context,
        input: &TextInput<'_>,
        patience: &Patience,
    ) -> Result<Suggestions, PredictError> {
        let limit = input.limit.min(MOST);
        let composing = input.composing;
        let mut answer =
            Suggestions { typed_is_known: self.knows(world, composing), ..Suggestions::default() };
        if limit == 0 || composing.chars().nth(LONGEST_WORD).is_some() {
            return Ok(answer);
        }
        patience.check()?;
        let own = own_words(&self.personal, &self.supplementary, &context.line, composing);
        let expansion = self.supplementary.expansion(composing).map(|text| Candidate {
            text: text.to_owned(),
            score: 0.0,
            kind: CandidateKind::Expansion,
        });
        self.stand_at(world, context, patience)?;
        let own_weight = self.personal.weight();
        let Self { last: Some(last), keyboard, corrector, personal, supplementary, .. } = self else {
            return Ok(answer);
        };
        answer.is_early = !last.is_whole;
        let (candidates, of) = last.strip(world, composing, limit, (&own, own_weight));
        answer.candidates = candidates;
        if !composing.is_empty() && !last.is_sure(world, composing) {
            let corrector = corrector.get_or_insert_with(|| Corrector::new(&world.lexicon));
            let typed = Typed::read(corrector, keyboard.as_ref(), &last.mix, input, Reach::Beginnings);
            if let Some(typed) = typed {
                let all = own_words(personal, supplementary, &last.context.line, "");
                let verdict = last.meant(world, &typed, (&all, own_weight), 1);
                let scales = Scales { world, context: &last.context, mix: &last.mix, own: &all, own_weight };
                let found = &mut answer.candidates;
                complete_corrected(&scales, &last.distribution, &typed, of, limit, found);
                answer.typed_is_known |= verdict.is_known;
                answer.autocorrection =
                    verdict.candidates.into_iter().next().filter(|_| verdict.autocorrects);
            }
        }
        if let Some(expansion) = expansion {
            answer.autocorrection = None;
            answer.candidates.insert(0, expansion);
            answer.candidates.truncate(limit);
        }
        world.emoji.join(&mut answer.candidates, &last.context, composing, &last.mix);
        Ok(answer)
    }

    /// What the composing text may have been meant to be, as a word that ends here.
    pub(super) fn correct(
        &mut self,
        world: &World<'_>,
        context: Context,
        input: &TextInput<'_>,
        patience: &Patience,
    ) -> Result<Suggestions, PredictError> {
        let mut answer =
            Suggestions { typed_is_known: self.knows(world, input.composing), ..Suggestions::default() };
        patience.check()?;
        let own = own_words(&self.personal, &self.supplementary, &context.line, "");
        self.stand_at(world, context, patience)?;
        let own_weight = self.personal.weight();
        let Self { last: Some(last), keyboard, corrector, .. } = self else { return Ok(answer) };
        let corrector = corrector.get_or_insert_with(|| Corrector::new(&world.lexicon));
        let Some(typed) = Typed::read(corrector, keyboard.as_ref(), &last.mix, input, Reach::Wide) else {
            return Ok(answer);
        };
        let limit = input.limit.clamp(1, MOST);
        let verdict = last.meant(world, &typed, (&own, own_weight), limit);
        answer.typed_is_known |= verdict.is_known;
        answer.autocorrection = verdict.candidates.first().filter(|_| verdict.autocorrects).cloned();
        answer.candidates = verdict.candidates;
        answer.candidates.truncate(input.limit);
        Ok(answer)
    }

    fn knows(&self, world: &World<'_>, composing: &str) -> bool {
        world.lexicon.same_letters(composing).any(|word| world.is_on(word))
            || self.personal.is_established(composing)
            || self.supplementary.has(composing)
    }

    /// Takes in `context`, if the last call was not about it, or the model had no time to speak.
    pub(super) fn stand_at(
        &mut self,
        world: &World<'_>,
        context: Context,
        patience: &Patience,
    ) -> Result<(), PredictError> {
        let known = self.last.take().filter(|last| last.context == context);
        self.last = Some(match known {
            Some(last) if last.is_whole || patience.is_over() => last,
            Some(Last { context, mix, distribution, .. }) => {
                let shares = distribution.into_shares();
                Last::asked(world, context, mix, shares, self.scorer.as_mut(), patience)?
            }
            None => Last::at(world, context, self.scorer.as_mut(), patience)?,
        });
        Ok(())
    }

    pub(super) fn trim(&mut self) {
        self.scorer.trim();
        self.last = None;
        self.corrector = None;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.scorer.heap_bytes()
            + self.personal.heap_bytes()
            + self.corrector.as_ref().map_or(0, Corrector::heap_bytes)
            + self.supplementary.heap_bytes()
            + self.last.as_ref().map_or(0, |last| last.distribution.heap_bytes())
    }
}

impl Last {
    /// What can be said after `context` before letters are typed.
    pub(super) fn at(
        world: &World<'_>,
        context: Context,
        scorer: &mut dyn Scorer,
        patience: &Patience,
    ) -> Result<Self, PredictError> {
        let mix = language::mix(&world.lexicon, world.share_of_cost, world.languages, &context.words);
        let ngram = world.ngram.filter(|_| world.evidence != Evidence::Model);
        let history = ngram.map(|ngram| ngram.history(&world.lexicon, &context.line));
        let pieces = world.edges.pieces();
        let shares = Shares::new(world, &mix, history.as_ref(), context.sentence_start, pieces);
        Self::asked(world, context, mix, shares, scorer, patience)
    }

    /// The shares mixed with what the model says, if it has a say and is in time.
    fn asked(
        world: &World<'_>,
        context: Context,
        mix: Mix,
        shares: Shares,
        scorer: &mut dyn Scorer,
        patience: &Patience,
    ) -> Result<Self, PredictError> {
        let has_say = world.evidence != Evidence::Ngram;
        let logits = match has_say {
            true => patience.in_time(scorer.next(&context.tokens, patience.model()).map_err(Into::into))?,
            false => None,
        };
        let mut distribution = match logits {
            Some(logits) => Distribution::new(logits, shares, context.glued, world.edges),
            None => {
                let distribution = Distribution::without_model(shares, world.edges.pieces(), context.glued);
                return Ok(Self { context, mix, distribution, is_whole: !has_say });
            }
        };
        let found = predictions(world, &distribution, LOOKED_AT);
        let pieces = worth_expanding(world, &found, PLACES, EXPANDED);
        let said = expand(world, &mut distribution, scorer, &pieces, patience.model());
        let is_whole = patience.in_time(said)?.is_some();
        Ok(Self { context, mix, distribution, is_whole })
    }

    /// The likeliest words for the letters typed as a strip of `limit` places shows them, and the probability of all words
    /// that begin so.
    pub(super) fn strip(
        &self,
        world: &World<'_>,
        composing: &str,
        limit: usize,
        (own, own_weight): (&[Own], f32),
    ) -> (Vec<Candidate>, f32) {
        let (found, of) = find(world, &self.distribution, composing, WIDTH * limit);
        let sentence_start = self.context.sentence_start;
        Strip { composing, sentence_start, limit, own, own_weight }.candidates(world, found, of)
    }

    /// Whether the letters typed are so likely a word that they cannot be anything else.
    fn is_sure(&self, world: &World<'_>, composing: &str) -> bool {
        let mut buffer = Vec::new();
        let as_typed = world.lexicon.same_letters(composing);
        let as_typed = as_typed.filter(|&word| world.lexicon.text(word, &mut buffer) == composing);
        let score = |word| self.distribution.score(word, world.lexicon.tokens(word)).probability;
        as_typed.map(score).sum::<f32>() > SURE
    }

    /// Weighs what `typed` may have been meant to be, and decides.
    fn meant(
        &self,
        world: &World<'_>,
        typed: &Typed<'_>,
        (own, own_weight): (&[Own], f32),
        limit: usize,
    ) -> Verdict {
        let Self { context, mix, distribution, .. } = self;
        let scales = Scales { world, context, mix, own, own_weight };
        decide(typed, &Hypotheses::find(&scales, distribution, typed), limit)
    }
}

/// The person's words that begin with `letters`, learned, listed and lent, as likely as they are after `line`. By letters with
/// an error they may mean any, which are those that begin with none.
pub(super) fn own_words(
    personal: &Personal,
    supplementary: &Supplementary,
    line: &str,
    letters: &str,
) -> Vec<Own> {
    let mut own = personal.words(line, letters);
    own.extend(supplementary.words(letters));
    own
}

/// Asks the model what comes after each of `pieces`, in one batch.
fn expand(
    world: &World<'_>,
    distribution: &mut Distribution,
    scorer: &mut dyn Scorer,
    pieces: &[u32],
    cancel: &CancelToken,
) -> Result<(), PredictError> {
    if pieces.is_empty() {
        return Ok(());
    }
    let spelled = pieces.iter().map(|&piece| vec![distribution.spelled(piece, world.edges)]);
    let rows = scorer.after(&spelled.collect::<Vec<_>>(), cancel)?;
    for (&piece, logits) in pieces.iter().zip(rows) {
        distribution.expand(world, piece, logits);
    }
    Ok(())
}

/// The likeliest words for the letters typed, and the probability of all of them.
fn find(world: &World<'_>, distribution: &Distribution, typed: &str, count: usize) -> (Vec<Found>, f32) {
    if typed.is_empty() {
        return (predictions(world, distribution, count), 1.0);
    }
    completions(world, distribution, world.lexicon.with_prefix(typed), typed, count)
}
