//! What may be meant by the letters typed, each hypothesis with its score.

use super::channel::Slips;
use super::compound::{Derived, derived};
use super::literal::Literal;
use super::spelling::Walked;
use super::split::splits;
use super::{Corrector, Keyboard};
use crate::predict::TextInput;
use crate::predict::context::Context;
use crate::predict::distribution::{Distribution, World};
use crate::predict::language::Mix;
use crate::predict::lexicon::WordId;
use crate::predict::lexicon::fold::{fold, lower};
use crate::predict::personal::Own;
use std::collections::HashMap;

/// How much a word's probability counts beside its slips.
const LAMBDA: f32 = 0.5;
/// Probabilities below are noise.
const LEAST: f32 = 1e-10;
/// ln of the share of running text of a word that only the person uses.
const UNLISTED_SHARE: f32 = -13.0;
/// Rarer words than this may be two run together, −ln of their share.
const RARE: f32 = 9.5;
/// Hypotheses kept.
const KEPT: usize = 16;
/// Words whose slips are looked at closely.
const LOOKED_AT: usize = 160;

/// What slips may cost in all, by the number of letters typed.
fn bound(letters: usize) -> Option<f32> {
    match letters {
        0 | 1 => None,
        2 => Some(5.5),
        3 => Some(7.6),
        4 | 5 => Some(9.3),
        _ => Some(11.0),
    }
}

/// The same for words of at least [`LONG`] letters, where nothing is nearer than [`NEAR`].
const WIDE_BOUND: f32 = 15.0;
const LONG: usize = 6;
const NEAR: f32 = 7.0;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::predict) enum Reach {
    /// Also for words of which only the beginning is typed.
    Beginnings,
    /// Further where nothing is near.
    Wide,
}

/// The letters typed, and all words that are near.
#[derive(Debug)]
pub(in crate::predict) struct Typed<'a> {
    pub(super) literal: Literal<'a>,
    pub(super) slips: Slips,
    pub(super) walked: Walked,
    /// ln of how much the letters look like a word.
    pub(super) wordlike: f32,
}

impl<'a> Typed<'a> {
    /// Reads `input` and walks; `None` if it is nothing that may be changed.
    pub(in crate::predict) fn read(
        corrector: &Corrector,
        host: Option<&Keyboard>,
        mix: &Mix,
        input: &TextInput<'a>,
        reach: Reach,
    ) -> Option<Self> {
        let literal = Literal::read(input.context, input.composing);
        if !literal.is_word {
            return None;
        }
        let keyboards = match host {
            Some(keyboard) => vec![(keyboard.clone(), 1.0)],
            None => {
                let on = corrector.keyboards.iter().zip(&mix.0).filter(|(_, part)| **part > 0.0);
                on.map(|(keyboard, part)| (keyboard.clone(), *part)).collect()
            }
        };
        let slips = Slips::new(&literal.letters, input.touches, keyboards);
        let walk = |bound| corrector.spelling.walk(&slips.loosened(), bound, reach == Reach::Beginnings);
        let mut walked = bound(slips.len()).map(walk).unwrap_or_default();
        let is_near = |(_, cost): &(WordId, f32)| *cost < NEAR;
        if reach == Reach::Wide && slips.len() >= LONG && !walked.words.iter().any(is_near) {
            walked = walk(WIDE_BOUND);
        }
        let mut folded = String::new();
        fold(&literal.letters, &mut folded);
        let wordlike = corrector.wordlike.log_probability(&folded);
        Some(Self { literal, slips, walked, wordlike })
    }
}

/// A word, or two, that may be meant.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::predict) struct Hypothesis {
    /// In lower case.
    pub(super) letters: String,
    /// As it is written inside a sentence.
    pub(super) form: String,
    /// All forms of the letters, as listed.
    words: Vec<WordId>,
    pub(super) cost: f32,
    /// After the context.
    probability: f32,
    /// ln of its share of running text, of the rarer one of two.
    pub(super) log_share: f32,
    pub(super) score: f32,
}

/// All of them, and the letters as typed.
#[derive(Debug)]
pub(in crate::predict) struct Hypotheses {
    /// Best first.
    pub(super) list: Vec<Hypothesis>,
    /// The letters as typed, if they are a word that is listed, or the person's.
    pub(super) known: Option<Hypothesis>,
    /// The person keeps these letters, or they are a blocked word: neither is turned into another.
    pub(super) is_kept: bool,
    pub(super) derived: Option<Derived>,
    /// Whether the message has the letters already.
    pub(super) repeated: bool,
    pub(super) sentence_start: bool,
    /// Whether the word before is all capitals.
    pub(super) is_shouting: bool,
    /// Whether the letters are only listed with a capital.
    pub(super) has_capital: bool,
}

/// What hypotheses are weighed by.
#[derive(Clone, Copy, Debug)]
pub(in crate::predict) struct Scales<'a> {
    pub(in crate::predict) world: &'a World<'a>,
    pub(in crate::predict) context: &'a Context,
    pub(in crate::predict) mix: &'a Mix,
    /// The person's words that could follow, and their weight.
    pub(in crate::predict) own: &'a [Own],
    pub(in crate::predict) own_weight: f32,
}

impl Hypotheses {
    /// What `typed` may have been meant to be.
    pub(in crate::predict) fn find(
        scales: &Scales<'_>,
        distribution: &Distribution,
        typed: &Typed<'_>,
    ) -> Self {
        let Scales { world, context, .. } = *scales;
        let letters = &typed.literal.letters;
        let mut near: Vec<&(WordId, f32)> = typed.walked.words.iter().collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        near.truncate(LOOKED_AT);
        let mut list: Vec<Hypothesis> = Vec::new();
        let mut known: Option<Hypothesis> = None;
        let mut buffer = Vec::new();
        for &(word, _) in near {
            if !world.is_on(word) {
                continue;
            }
            let spelled = lower(world.lexicon.text(word, &mut buffer));
            if spelled == *letters {
                known.get_or_insert_with(|| Hypothesis::new(spelled, 0.0)).words.push(word);
            } else if !world.blocklist.has(word) {
                match list.iter_mut().find(|hypothesis| hypothesis.letters == spelled) {
                    Some(hypothesis) => hypothesis.words.push(word),
                    None => {
                        let cost = typed.slips.cost(&spelled);
                        list.push(Hypothesis { words: vec![word], ..Hypothesis::new(spelled, cost) });
                    }
                }
            }
        }
        if known.is_none() {
            // Too short to be walked to.
            let words: Vec<WordId> =
                world.lexicon.same_letters(letters).filter(|&word| world.is_on(word)).collect();
            if !words.is_empty() {
                known = Some(Hypothesis { words, ..Hypothesis::new(letters.clone(), 0.0) });
            }
        }
        let has_blocked = |known: &Hypothesis| known.words.iter().any(|&word| world.blocklist.has(word));
        let mut is_kept = known.as_ref().is_some_and(has_blocked);
        for own in scales.own.iter().filter(|own| own.is_established) {
            if own.letters == *letters {
                is_kept |= own.is_kept;
                known.get_or_insert_with(|| Hypothesis::new(letters.clone(), 0.0));
            } else if own.letters.len().abs_diff(letters.len()) <= 2
                && list.iter().all(|hypothesis| hypothesis.letters != own.letters)
                && world.lexicon.same_letters(&own.letters).next().is_none()
            {
                let cost = typed.slips.cost(&own.letters);
                if bound(typed.slips.len()).is_some_and(|bound| cost <= bound) {
                    list.push(Hypothesis {
                        form: own.form.clone(),
                        ..Hypothesis::new(own.letters.clone(), cost)
                    });
                }
            }
        }
        let has_capital = known.as_ref().is_some_and(|known| {
            let mut texts = known.words.iter().map(|&word| {
                !world.lexicon.is_sentence_form(word)
                    && world.lexicon.text(word, &mut buffer).starts_with(char::is_uppercase)
            });
            !known.words.is_empty() && texts.all(|has_capital| has_capital)
        });
        let derived = if known.is_none() { derived(world, letters) } else { None };
        let is_common = |known: &Hypothesis| {
            known.words.iter().any(|&word| share(world, word) > (-RARE).exp()) || known.words.is_empty()
        };
        if !known.as_ref().is_some_and(is_common) && derived.is_none() && letters.chars().count() > 3 {
            for split in splits(world, scales.mix, context, distribution, letters) {
                let [first, second] =
                    split.words.map(|word| world.lexicon.text(word, &mut buffer).to_owned());
                let (form, cost) = split.written(&typed.literal, &first, &second);
                list.push(Hypothesis {
                    form,
                    probability: split.probability,
                    log_share: split
                        .words
                        .map(|word| share(world, word).max(LEAST).ln())
                        .into_iter()
                        .fold(0.0, f32::min),
                    ..Hypothesis::new(lower(&format!("{first} {second}")), cost)
                });
            }
        }
        let mut found = Self {
            list,
            known,
            is_kept,
            derived,
            repeated: context.words.iter().any(|word| lower(word) == *letters),
            sentence_start: context.sentence_start,
            is_shouting: context.words.first().is_some_and(|word| is_upper(word)),
            has_capital,
        };
        found.weigh(scales, distribution);
        found.list.truncate(KEPT);
        found
    }

    /// Weighs all hypotheses by what `distribution` says, best first.
    fn weigh(&mut self, scales: &Scales<'_>, distribution: &Distribution) {
        let own: HashMap<&str, f32> =
            scales.own.iter().map(|own| (own.letters.as_str(), own.probability)).collect();
        for hypothesis in self.list.iter_mut().chain(&mut self.known) {
            hypothesis.weigh(scales, distribution, &own);
        }
        self.list.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.letters.cmp(&b.letters)));
    }

    pub(in crate::predict) fn is_known(&self) -> bool {
        self.known.is_some() || self.derived.is_some()
    }
}

impl Hypothesis {
    fn new(letters: String, cost: f32) -> Self {
        let (probability, log_share, score) = (0.0, UNLISTED_SHARE, 0.0);
        Self { letters, form: String::new(), words: Vec::new(), cost, probability, log_share, score }
    }

    /// Whether it is two words.
    pub(super) fn is_split(&self) -> bool {
        self.letters.contains(' ')
    }

    /// ln P(word | context).
    pub(super) fn log_probability(&self) -> f32 {
        self.probability.max(LEAST).ln()
    }

    fn weigh(&mut self, scales: &Scales<'_>, distribution: &Distribution, own: &HashMap<&str, f32>) {
        let lexicon = &scales.world.lexicon;
        if !self.words.is_empty() {
            let (mut sum, mut best) = (0.0, (0.0, None));
            for &word in &self.words {
                let probability = distribution.score(word, lexicon.tokens(word)).probability;
                sum += probability;
                let better = best.1.is_none() || probability > best.0;
                if better && (!lexicon.is_sentence_form(word) || best.1.is_none()) {
                    best = (probability, Some(word));
                }
            }
            self.probability = (1.0 - scales.own_weight) * sum;
            self.log_share =
                self.words.iter().map(|&word| share(scales.world, word)).sum::<f32>().max(LEAST).ln();
            if let Some(word) = best.1 {
                let mut buffer = Vec::new();
                let text = lexicon.text(word, &mut buffer);
                self.form = match lexicon.is_sentence_form(word) {
                    true => super::super::casing::uncapitalised(text),
                    false => text.to_owned(),
                };
            }
        } else if !self.is_split() {
            self.probability = 0.0;
        }
        if let Some(own) = own.get(self.letters.as_str()) {
            self.probability += scales.own_weight * own;
        }
        self.score = LAMBDA * self.log_probability() - self.cost;
    }
}

/// The largest share of running text that a language which is on has of `word`.
fn share(world: &World<'_>, word: WordId) -> f32 {
    let on = world.languages.iter().enumerate().filter(|(_, on)| **on);
    let shares = on.map(|(language, _)| world.share_of_cost[usize::from(world.lexicon.cost(language, word))]);
    shares.fold(0.0, f32::max)
}

fn is_upper(word: &str) -> bool {
    word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase)
}
