//! Whether to replace the letters typed: only when the best hypothesis beats them by a margin that was measured.

use super::compound::Derived;
use super::hypotheses::{Hypotheses, Hypothesis, LAMBDA, Typed};
use super::literal::Shape;
use crate::predict::casing::Casing;
use crate::predict::{Candidate, CandidateKind};

/// ln of the share of words that no list has.
const UNLISTED: f32 = -4.0;
const WORDLIKE: f32 = 0.75;
const DERIVED: f32 = 4.0;
const REPEATED: f32 = 6.0;

/// Margins in nats.
const MARGIN: f32 = 2.0;
const MARGIN_KNOWN: f32 = 6.0;
const MARGIN_CAPITAL: f32 = 2.0;
const MARGIN_UPPER: f32 = 4.0;

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

/// Weighs the hypotheses against the letters as typed.
pub(in crate::predict) fn decide(typed: &Typed<'_>, found: &Hypotheses, limit: usize) -> Verdict {
    let literal = literal_score(found);
    let most = found.list.first().map_or(literal, |best| best.score.max(literal));
    let sum: f32 = found
        .list
        .iter()
        .map(|hypothesis| hypothesis.score)
        .chain([literal])
        .map(|score| (score - most).exp())
        .sum();
    let casing = Casing::of(typed.literal.text, false);
    let candidate = |hypothesis: &Hypothesis| Candidate {
        text: casing.apply(&hypothesis.form),
        score: (hypothesis.score - most - sum.ln()).min(0.0),
        kind: CandidateKind::Correction,
    };
    let candidates: Vec<Candidate> = found.list.iter().take(limit).map(candidate).collect();
    let autocorrects = found.list.first().is_some_and(|best| best.score - literal > margin(typed, found));
    Verdict { candidates, autocorrects, is_known: found.is_known() }
}

fn literal_score(found: &Hypotheses) -> f32 {
    match &found.known {
        Some(known) => known.score,
        None => {
            let derived = match found.derived {
                Some(Derived::Compound | Derived::Possessive | Derived::Form) => DERIVED,
                None => 0.0,
            };
            let repeated = if found.repeated { REPEATED } else { 0.0 };
            LAMBDA * UNLISTED + WORDLIKE * found.wordlike + derived + repeated
        }
    }
}

fn margin(typed: &Typed<'_>, found: &Hypotheses) -> f32 {
    let known = if found.is_known() { MARGIN_KNOWN } else { MARGIN };
    let shape = match typed.literal.shape {
        Shape::Lower => 0.0,
        Shape::Capitalised if found.sentence_start => 0.0,
        Shape::Capitalised => MARGIN_CAPITAL,
        Shape::Upper => MARGIN_UPPER,
        Shape::Mixed => f32::INFINITY,
    };
    if found.is_kept { f32::INFINITY } else { known + shape }
}
