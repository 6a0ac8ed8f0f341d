//! Which language the last words are in.

use super::lexicon::Lexicon;

/// How much each of the lexicon's languages counts; sums to 1, and is 0 for a language that is off.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mix(pub(super) Vec<f32>);

impl Mix {
    /// Equal weights for the languages that are on.
    pub(super) fn equal(on: &[bool]) -> Self {
        let count = on.iter().filter(|on| **on).count().max(1) as f32;
        Self(on.iter().map(|&on| if on { 1.0 / count } else { 0.0 }).collect())
    }
}

/// Share of a word that a language does not list, for the likelihood: names and loan words decide nothing alone.
const UNLISTED: f32 = 1e-6;
/// What each language keeps, however clear the evidence: the next word may be in the other one.
const KEPT: f32 = 0.05;

/// The weights of the languages after `words`, by Bayes' rule; equal ones where there are none.
pub(super) fn mix(lexicon: &Lexicon<'_>, share_of_cost: &[f32; 256], on: &[bool], words: &[String]) -> Mix {
    let equal = Mix::equal(on);
    let mut evidence = vec![0.0_f32; on.len()];
    for word in words {
        let forms: Vec<_> = lexicon.same_letters(word).collect();
        for (language, evidence) in evidence.iter_mut().enumerate() {
            let share_of = |&form| share_of_cost[usize::from(lexicon.cost(language, form))];
            let share: f32 = forms.iter().map(share_of).sum();
            *evidence += (share + UNLISTED).ln();
        }
    }
    let most = evidence
        .iter()
        .zip(on)
        .filter(|(_, on)| **on)
        .fold(f32::NEG_INFINITY, |most, (value, _)| most.max(*value));
    let likelihood = evidence.iter().zip(&equal.0).map(|(value, weight)| weight * (value - most).exp());
    let likelihood: Vec<f32> = likelihood.map(|value| if value.is_finite() { value } else { 0.0 }).collect();
    let sum: f32 = likelihood.iter().sum();
    if sum <= 0.0 {
        return equal;
    }
    let count = on.iter().filter(|on| **on).count() as f32;
    let kept = |(value, on): (f32, &bool)| if *on { KEPT + (1.0 - KEPT * count) * value / sum } else { 0.0 };
    Mix(likelihood.into_iter().zip(on).map(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::lexicon::fixture::with_lexicon;
    use crate::predict::lexicon::shares_of_costs;

    fn check(context: &str, on: [bool; 2], english: std::ops::RangeInclusive<f32>) {
        with_lexicon(|lexicon, _| {
            let words: Vec<String> = context.split_whitespace().map(str::to_owned).collect();
            let mix = mix(lexicon, &shares_of_costs(), &on, &words);
            assert!(english.contains(&mix.0[0]), "{context:?}: {mix:?}");
            assert!((mix.0.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        });
    }

    #[test]
    fn words_tell_the_language() {
        check("they and the ", [true, true], 0.9..=1.0);
        check("schon schön ", [true, true], 0.0..=0.1);
        check("they and the schon morgen schön Essen verstehen schon ", [true, true], 0.0..=0.1);
        check("", [true, true], 0.5..=0.5);
        check("xyz 123 ", [true, true], 0.5..=0.5);
        check("schon schön ", [true, false], 1.0..=1.0);
    }
}
