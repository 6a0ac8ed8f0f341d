//! Two words run together: `alot`, `imHaus`.

use super::literal::{Literal, Shape};
use crate::predict::casing::Casing;
use crate::predict::context::Context;
use crate::predict::distribution::{Distribution, World};
use crate::predict::language::Mix;
use crate::predict::lexicon::{COST_STEP, NO_WORD, WordId};

/// What it costs to have left out the space; and where a capital shows that one was meant.
const COST: f32 = 5.0;
const COST_AT_CAPITAL: f32 = 1.5;
/// The rarest word that is a part, in nats.
const RAREST: f32 = 11.0;
/// One of both is so common: what is run together out of rarer ones is mostly a compound.
const COMMON: f32 = 7.5;
/// How many pairs are looked at closely.
const LOOKED_AT: usize = 2;
/// Words of one letter.
const SHORT: [&str; 2] = ["a", "i"];

/// Two words that the letters typed may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    pub(super) words: [WordId; 2],
    /// Bytes of the first word.
    pub(super) place: usize,
    /// Of both words in a row.
    pub(super) probability: f32,
}

impl Split {
    /// Both words as they are to be written, and what the missing space cost.
    pub(super) fn written(&self, literal: &Literal<'_>, first: &str, second: &str) -> (String, f32) {
        let mut first = Casing::of(literal.text.get(..self.place).unwrap_or_default(), false).apply(first);
        let typed = literal.text.get(self.place..).unwrap_or_default();
        let at_capital = literal.shape == Shape::Mixed && typed.starts_with(char::is_uppercase);
        if literal.shape == Shape::Upper {
            first.push(' ');
            return (first + &second.to_uppercase(), COST);
        }
        let second = if at_capital { Casing::of(typed, false).apply(second) } else { second.to_owned() };
        (format!("{first} {second}"), if at_capital { COST_AT_CAPITAL } else { COST })
    }
}

/// The likeliest ways to part the lower-case `letters`.
pub(super) fn splits(
    world: &World<'_>,
    mix: &Mix,
    context: &Context,
    distribution: &Distribution,
    letters: &str,
) -> Vec<Split> {
    let mut found: Vec<(Split, f32)> = Vec::new();
    for (place, _) in letters.char_indices().skip(1) {
        let (left, right) = letters.split_at(place);
        if right.chars().nth(1).is_none() || left.chars().nth(1).is_none() && !SHORT.contains(&left) {
            continue;
        }
        for (language, &part) in mix.0.iter().enumerate().filter(|(_, part)| **part > 0.0) {
            let Some((first, first_share)) = commonest(world, language, left) else { continue };
            let Some((second, share)) = commonest(world, language, right) else { continue };
            if first_share.max(share) < (-COMMON).exp() {
                continue;
            }
            let probability = part * first_share * share;
            found.push((Split { words: [first, second], place, probability }, probability));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(LOOKED_AT);
    let mut out: Vec<Split> = found.into_iter().map(|(split, _)| split).collect();
    if let Some(ngram) = world.ngram {
        let mut buffer = Vec::new();
        for split in &mut out {
            let [first, second] = split.words;
            let line = format!("{} {} ", context.line.trim_end(), world.lexicon.text(first, &mut buffer));
            let history = ngram.history(&world.lexicon, &line);
            let mut after = vec![0.0; world.lexicon.len() as usize];
            for (language, &part) in mix.0.iter().enumerate().filter(|(_, part)| **part > 0.0) {
                ngram.add(&world.lexicon, language, &history, world.share_of_cost, part, &mut after);
            }
            let score = distribution.score(first, world.lexicon.tokens(first));
            split.probability = score.probability * after[second as usize];
        }
    }
    out
}

/// The commonest word of a language with these lower-case letters, if it is no rarity, and its share of running text.
fn commonest(world: &World<'_>, language: usize, letters: &str) -> Option<(WordId, f32)> {
    let costs = world.lexicon.costs(language);
    let word = world
        .lexicon
        .same_letters(letters)
        .filter(|&word| costs[word as usize] != NO_WORD && !world.lexicon.is_sentence_form(word))
        .filter(|&word| !world.blocklist.has(word))
        .min_by_key(|&word| costs[word as usize])?;
    let cost = costs[word as usize];
    (f32::from(cost) * COST_STEP < RAREST).then(|| (word, world.share_of_cost[usize::from(cost)]))
}
