//! Completions of what the letters typed may have been meant to be: `tomro` goes on as `tomorrow`.

use super::hypotheses::{Scales, Typed};
use crate::predict::casing::{Casing, uncapitalised};
use crate::predict::distribution::Distribution;
use crate::predict::lexicon::fold::lower;
use crate::predict::{Candidate, CandidateKind};

/// Letters that must be there before a slip is assumed.
const LEAST_LETTERS: usize = 3;
/// What slips may cost: one of them.
const DEAREST: f32 = 6.0;
/// Where words that begin with the letters themselves are at least so likely, no slip is assumed.
const LIKELY: f32 = 0.01;
/// Beginnings, and words behind them, that are looked at.
const MOST_BEGINNINGS: usize = 12;
const MOST_WORDS: usize = 8_000;
/// How much likelier a slip than anything else the candidate must be, to be shown.
const LEAST_SHARE: f32 = 0.1;
/// How much likelier it must be than a completion that gives way to it.
const LIKELIER: f32 = 1000.0;
/// The share of words that no list has.
const UNLISTED: f32 = 0.02;

/// Adds the likeliest such words to `candidates`, which are completions of the letters as typed, best first; `of` is the
/// probability of all words that begin with these. Scores become those of both together.
pub(in crate::predict) fn complete_corrected(
    scales: &Scales<'_>,
    distribution: &Distribution,
    typed: &Typed<'_>,
    of: f32,
    limit: usize,
    candidates: &mut Vec<Candidate>,
) {
    let Scales { world, .. } = *scales;
    if typed.slips.len() < LEAST_LETTERS || of > LIKELY {
        return;
    }
    let mut beginnings: Vec<_> =
        typed.walked.beginnings.iter().filter(|beginning| (0.1..DEAREST).contains(&beginning.cost)).collect();
    beginnings.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.words.start.cmp(&b.words.start)));
    let mut words: Vec<(String, String, f32, f32)> = Vec::new();
    let (mut all, mut looked_at) = (0.0, 0);
    let mut buffer = Vec::new();
    for beginning in beginnings.into_iter().take(MOST_BEGINNINGS) {
        looked_at += beginning.words.len();
        if looked_at > MOST_WORDS {
            break;
        }
        let likely = (-beginning.cost).exp();
        let mut best = words.iter().map(|word| word.2).fold(0.0, f32::max);
        for (word, tokens) in world.lexicon.scan(beginning.words.clone()) {
            let probability = likely * distribution.score(word, tokens).probability;
            all += probability;
            if probability <= LEAST_SHARE * best.max(LEAST_SHARE * of) || world.blocklist.has(word) {
                continue;
            }
            best = best.max(probability);
            let text = world.lexicon.text(word, &mut buffer);
            let form =
                if world.lexicon.is_sentence_form(word) { uncapitalised(text) } else { text.to_owned() };
            let letters = lower(text);
            match words.iter_mut().find(|known| known.0 == letters) {
                Some(known) => {
                    known.2 += probability;
                    if probability > known.3 {
                        (known.1, known.3) = (form, probability);
                    }
                }
                None => words.push((letters, form, probability, probability)),
            }
        }
    }
    let total = of + all;
    if words.is_empty() || total <= 0.0 {
        return;
    }
    for candidate in &mut *candidates {
        candidate.score += (of / total).max(f32::MIN_POSITIVE).ln();
    }
    // Whoever has a word of their own that goes on as typed is not assumed to have slipped.
    let is_own = |text: &str| {
        let letters = lower(text);
        scales.own.iter().any(|own| own.letters == letters)
    };
    let best_own =
        candidates.iter().find(|candidate| is_own(&candidate.text)).map(|candidate| candidate.score);
    let unlisted = UNLISTED * typed.wordlike.exp();
    let casing = Casing::of(typed.literal.text, false);
    for (_, form, probability, _) in words {
        let text = casing.apply(&form);
        let score = (probability / total).min(1.0).ln();
        let is_new = candidates.iter().all(|candidate| candidate.text != text);
        let has_room = limit.checked_sub(1).and_then(|last| candidates.get(last));
        let has_room = has_room.is_none_or(|last| score > last.score + LIKELIER.ln());
        if is_new && has_room && probability > LEAST_SHARE * (total + unlisted) {
            let score = best_own.map_or(score, |best| score.min(best));
            candidates.push(Candidate { text, score, kind: CandidateKind::Correction });
        }
    }
    // What is typed in full stays last; of equals, what was there before comes first.
    candidates.sort_by(|a, b| {
        let is_typed = |candidate: &Candidate| candidate.kind == CandidateKind::Typed;
        is_typed(a).cmp(&is_typed(b)).then_with(|| b.score.total_cmp(&a.score))
    });
    candidates.truncate(limit);
}
