//! Whether to replace the letters typed: only where that is right by odds that were measured.
//!
//! Logistic regression over what speaks for the best hypothesis and for the letters as typed, fitted on lines of the
//! development sets with and without errors (`docs/prediction.md`). One nat of slips is the unit of all weights.

use super::channel::costs;
use super::compound::Derived;
use super::hypotheses::{Hypotheses, Hypothesis, Typed};
use super::literal::Shape;
use crate::predict::casing::Casing;
use crate::predict::{Candidate, CandidateKind};

/// Weights where the letters are no word that is known.
mod unlisted {
    pub(super) const BASE: f32 = 9.2;
    /// Of ln P(word | context).
    pub(super) const CONTEXT: f32 = 0.25;
    /// Of ln of the word's share of running text.
    pub(super) const COMMON: f32 = 0.43;
    /// Of ln of how much the letters look like a word.
    pub(super) const WORDLIKE: f32 = 0.2;
    /// A capital inside a sentence: a name.
    pub(super) const CAPITAL: f32 = 1.5;
    pub(super) const APOSTROPHE: f32 = 2.9;
    /// A form of a listed word, or a compound.
    pub(super) const DERIVED: f32 = 3.1;
    /// The message has it already.
    pub(super) const REPEATED: f32 = 3.0;
    /// Three letters may be an abbreviation.
    pub(super) const THREE: f32 = 1.5;
    /// What two words instead of one must be surer by.
    pub(super) const SPLIT: f32 = 2.0;
}

/// Weights where the letters are a listed word, or the person's.
mod listed {
    pub(super) const BASE: f32 = -4.6;
    /// Of the logarithm of how much likelier the hypothesis is after the context.
    pub(super) const CONTEXT: f32 = 0.93;
    pub(super) const COMMON: f32 = 0.36;
    pub(super) const CAPITAL: f32 = 2.9;
    pub(super) const APOSTROPHE: f32 = 2.8;
    pub(super) const REPEATED: f32 = 2.0;
    /// Many words of two letters that are listed are none.
    pub(super) const TWO: f32 = 1.8;
    pub(super) const THREE: f32 = 0.9;
    /// Slips that cost more make no other word of a word.
    pub(super) const MOST: f32 = 7.0;
    /// How much commoner the right spelling of what is listed without its apostrophe or umlaut is, in nats: at all, and
    /// after the context. `dont` is as often written as many a word; `its` is one.
    pub(super) const MISSPELLED: f32 = 2.5;
    pub(super) const MISSPELLED_HERE: f32 = 1.0;
    /// Shorter ones, such as `id` and `ill`, are words more often than not.
    pub(super) const MISSPELLED_LETTERS: usize = 4;
}

/// What to do with the letters typed.
#[derive(Debug, Default)]
pub(in crate::predict) struct Verdict {
    /// Replacements, best first.
    pub(in crate::predict) candidates: Vec<Candidate>,
    /// Whether the first of them is safe to put in place of the letters.
    pub(in crate::predict) autocorrects: bool,
    /// Whether the letters are a word as they stand.
    pub(in crate::predict) is_known: bool,
}

/// Weighs the hypotheses against the letters as typed; at most `limit` candidates.
pub(in crate::predict) fn decide(typed: &Typed<'_>, found: &Hypotheses, limit: usize) -> Verdict {
    let best = found.list.first();
    let odds = best.map_or(f32::NEG_INFINITY, |best| odds(typed, found, best));
    // The letters as typed are one more hypothesis, by the odds of the best one against them.
    let most = best.map_or(0.0, |best| best.score);
    let sum: f32 = found.list.iter().map(|hypothesis| (hypothesis.score - most).exp()).sum();
    let literal = (-odds.clamp(-30.0, 30.0)).exp();
    let casing = match typed.literal.shape {
        Shape::Slipped => Casing::Capitalised,
        _ => Casing::of(typed.literal.text, false),
    };
    let candidate = |hypothesis: &Hypothesis| Candidate {
        text: if hypothesis.is_split() { hypothesis.form.clone() } else { casing.apply(&hypothesis.form) },
        score: ((hypothesis.score - most).exp() / (sum + literal)).max(f32::MIN_POSITIVE).ln().min(0.0),
        kind: CandidateKind::Correction,
    };
    let mut candidates: Vec<Candidate> = found.list.iter().take(limit).map(candidate).collect();
    let mut autocorrects = odds > 0.0;
    if let Some(form) = capital_missing(typed, found).filter(|_| !autocorrects) {
        candidates.insert(0, Candidate { text: form, score: 0.0, kind: CandidateKind::Correction });
        candidates.truncate(limit);
        autocorrects = true;
    }
    Verdict { candidates, autocorrects, is_known: found.is_known() }
}

/// ln of the odds, by which replacing the letters by `best` is safe above 0.
fn odds(typed: &Typed<'_>, found: &Hypotheses, best: &Hypothesis) -> f32 {
    let literal = &typed.literal;
    let keeps = found.is_kept
        || found.derived == Some(Derived::Possessive)
        || literal.is_drawn_out()
        || literal.shape == Shape::Upper && !found.is_shouting
        || literal.shape == Shape::Mixed && !best.is_split()
        || literal.shape == Shape::Slipped && !is_case_slip(&literal.letters, best);
    if keeps {
        return f32::NEG_INFINITY;
    }
    let is_capital = matches!(literal.shape, Shape::Capitalised | Shape::Slipped);
    let is_name = is_capital && !found.sentence_start;
    let has_apostrophe = literal.letters.contains('\'');
    let letters = typed.slips.len();
    let if_so = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
    match &found.known {
        Some(known) => {
            if best.cost > listed::MOST || best.is_split() {
                return f32::NEG_INFINITY;
            }
            let likelier = best.log_probability() - known.log_probability();
            let is_misspelled = letters >= listed::MISSPELLED_LETTERS
                && is_spelling(&literal.letters, best)
                && likelier > listed::MISSPELLED_HERE
                && best.log_share - known.log_share > listed::MISSPELLED;
            if is_misspelled {
                return likelier;
            }
            listed::BASE - best.cost + listed::CONTEXT * likelier + listed::COMMON * best.log_share
                - if_so(is_name, listed::CAPITAL)
                - if_so(has_apostrophe, listed::APOSTROPHE)
                - if_so(found.repeated, listed::REPEATED)
                + if_so(letters <= 2, listed::TWO)
                + if_so(letters == 3, listed::THREE)
        }
        None => {
            unlisted::BASE - best.cost
                + unlisted::CONTEXT * best.log_probability()
                + unlisted::COMMON * best.log_share
                - unlisted::WORDLIKE * typed.wordlike
                - if_so(is_name, unlisted::CAPITAL)
                - if_so(has_apostrophe, unlisted::APOSTROPHE)
                - if_so(found.derived.is_some(), unlisted::DERIVED)
                - if_so(found.repeated, unlisted::REPEATED)
                - if_so(letters == 3, unlisted::THREE)
                - if_so(best.is_split(), unlisted::SPLIT)
        }
    }
}

/// Whether `best` is the letters with the first two swapped, one of them left out, or as they are: what the shift key does.
fn is_case_slip(letters: &str, best: &Hypothesis) -> bool {
    let mut rest = letters.chars();
    let (Some(first), Some(second)) = (rest.next(), rest.next()) else { return false };
    let rest = rest.as_str();
    let mut found = best.letters.chars();
    match (found.next(), found.next()) {
        (Some(a), Some(b)) if (a, b) == (second, first) => found.as_str() == rest,
        (Some(a), _) if a == first && first == second => best.letters.get(a.len_utf8()..) == Some(rest),
        _ => false,
    }
}

/// Whether the letters lack nothing but an apostrophe, or have `ae` for `ä` and the like.
fn is_spelling(letters: &str, best: &Hypothesis) -> bool {
    best.cost <= costs::SPELLED + 0.01 || best.letters.replace('\'', "") == letters
}

/// The letters with a capital, if they are a word that has one wherever it stands: `i`, `montag`.
fn capital_missing(typed: &Typed<'_>, found: &Hypotheses) -> Option<String> {
    let known = found.known.as_ref()?;
    let is_missing = typed.literal.shape == Shape::Lower && found.has_capital && !found.is_kept;
    is_missing.then(|| known.form.clone())
}
