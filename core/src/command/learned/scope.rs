//! What the classifier's numbers mean: probabilities that hold, and the line below which nothing is understood.
//!
//! Both are read off the set itself by cross-validation: each example is judged by a classifier that has not seen it.

/// Cosines of an utterance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    /// With the nearest example.
    pub(super) example: f32,
    /// With the nearest everyday sentence, if any is known.
    pub(super) everyday: Option<f32>,
}

/// A judged example.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) logits: Vec<f32>,
    pub(super) near: Near,
    pub(super) class: u32,
}

/// How to read logits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// Logits are divided by it before they become probabilities (Guo et al. 2017, arXiv 1706.04599).
    pub(super) temperature: f32,
    /// Scores below are out of scope.
    pub(super) threshold: f32,
}

/// At most this share of the trials may be refused. Of fresh utterances it is fewer, about 2 %, since the classifier that
/// judges them has seen more than that of the trials.
const MOST_LOST: f32 = 0.03;
/// Where the classifier is nearly always right, less is refused: this times the square of the share that it gets wrong,
/// 2 % where 4.5 % are wrong and next to nothing where 1 % is.
const LOST_PER_SQUARED_ERROR: f32 = 10.0;
/// See [`usual`]. Of 34 everyday sentences that were not known when it was chosen, sets of 34 to 140 examples refused 5 to 21
/// by the quantile alone, 9 to 21 at 2.5 deviations, 14 to 25 at 2, 17 to 27 at 1.75 and 21 to 29 at 1.5, where 1 to 2 of 300 of
/// SNIPS were lost. With 20 examples of each of its intents (140), 1.78 cost SNIPS 0.8 points: hence more with their number.
const FEW_DEVIATIONS: f32 = 1.5;
const TRIALS_A_DEVIATION: f32 = 200.0;
/// What the difference of the cosines counts against a step of the logits. With half the intents of a set left out, at 3 % lost, 2,
/// 3, 4 and 6 refuse 43 to 46 % of BANKING77's others at 40 examples (36 without everyday sentences) and 28 to 31 % at 5 (23).
const NEAR_WEIGHT: f32 = 3.0;

impl Scale {
    /// Where there are no trials, because no intent has two examples, what is nearer to an example than to an everyday sentence
    /// is taken for in scope.
    pub(super) fn fit(trials: &[Trial], class_count: usize) -> Self {
        let temperature = temperature(trials);
        let wrong = trials.iter().filter(|trial| best(&trial.logits) != trial.class as usize).count();
        let error = wrong as f32 / trials.len().max(1) as f32;
        let mut scores: Vec<f32> = trials.iter().map(|trial| score(&trial.logits, trial.near)).collect();
        scores.sort_by(f32::total_cmp);
        let lost = MOST_LOST.min(LOST_PER_SQUARED_ERROR * error * error);
        // Of fresh utterances (k + 1) of (n + 1) fall below the k-th of n.
        let index = ((lost * (scores.len() + 1) as f32) as usize).saturating_sub(1);
        let least = (class_count.max(1) as f32).ln();
        let threshold = scores.get(index).copied().unwrap_or(least);
        let threshold = threshold.max(usual(&scores).unwrap_or(threshold));
        Self { temperature, threshold }
    }
}

/// What scores usually reach: a number of standard deviations below their mean that grows with their number, and no more than half
/// of them. Where they are few, the lowest is one whose like the classifier had not seen, and would let everything pass.
fn usual(scores: &[f32]) -> Option<f32> {
    let count = scores.len() as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let deviation = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f32>() / count).sqrt();
    let usual = mean - (FEW_DEVIATIONS + count / TRIALS_A_DEVIATION) * deviation;
    scores.get(scores.len() / 2).map(|median| median.min(usual))
}

/// How much an utterance looks like what the set was made for: how far its logits stand out together, and how much nearer it
/// comes to an example than to an everyday sentence.
pub(super) fn score(logits: &[f32], near: Near) -> f32 {
    let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let total: f32 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    let mean = logits.iter().sum::<f32>() / logits.len().max(1) as f32;
    let nearness = near.everyday.map_or(near.example, |everyday| NEAR_WEIGHT * (near.example - everyday));
    largest + total.ln() - mean + nearness
}

/// The class of the largest logit; the first of equals.
pub(super) fn best(logits: &[f32]) -> usize {
    (0..logits.len()).rev().max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or(0)
}

/// The temperature under which the trials are most probable: golden-section search over its logarithm.
fn temperature(trials: &[Trial]) -> f32 {
    const GOLDEN: f32 = 0.618_034;
    let loss = |log: f32| {
        let scale = (-log).exp();
        let loss = |trial: &Trial| {
            let mut row: Vec<f32> = trial.logits.iter().map(|logit| logit * scale).collect();
            let truth = row.get(trial.class as usize).copied().unwrap_or(0.0);
            f64::from(super::regression::softmax(&mut row) - truth)
        };
        trials.iter().map(loss).sum::<f64>()
    };
    let (mut low, mut high) = (-3f32, 3f32);
    for _ in 0..24 {
        let (a, b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if loss(a) <= loss(b) { high = b } else { low = a }
    }
    ((low + high) / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIKE: Near = Near { example: 0.5, everyday: None };

    /// `right` of ten trials are right, all with the same logits.
    fn trials(right: u32) -> Vec<Trial> {
        (0..10).map(|i| Trial { logits: vec![6.0, 0.0], near: ALIKE, class: u32::from(i >= right) }).collect()
    }

    #[test]
    fn probabilities_are_the_share_that_is_right() {
        for right in [6, 8, 9] {
            let scale = Scale::fit(&trials(right), 2);
            let mut row = [6.0 / scale.temperature, 0.0];
            super::super::regression::softmax(&mut row);
            assert!((row[0] - right as f32 / 10.0).abs() < 0.01, "{right}: {row:?}");
        }
    }

    #[test]
    fn the_line_lies_where_few_are_lost() {
        let trials: Vec<Trial> = (0..1000)
            .map(|i| Trial { logits: vec![0.0, i as f32 / 100.0], near: ALIKE, class: u32::from(i >= 100) })
            .collect();
        let scale = Scale::fit(&trials, 2);
        let lost = trials.iter().filter(|trial| score(&trial.logits, ALIKE) < scale.threshold).count();
        assert_eq!(lost, 29);
        let certain: Vec<Trial> = trials[100..].to_vec();
        let scale = Scale::fit(&certain, 2);
        assert!(certain.iter().all(|trial| score(&trial.logits, ALIKE) >= scale.threshold));
        assert_eq!(Scale::fit(&[], 1).threshold, 0.0);
    }

    #[test]
    fn one_of_few_does_not_draw_the_line() {
        let mut trials: Vec<Trial> = (0..30)
            .map(|i| Trial { logits: vec![8.0 + (i % 5) as f32, 0.0], near: ALIKE, class: u32::from(i > 28) })
            .collect();
        trials[0].logits[0] = 1.0;
        let scale = Scale::fit(&trials, 2);
        assert!(score(&[1.0, 0.0], ALIKE) < scale.threshold);
        assert!(trials[1..].iter().all(|trial| score(&trial.logits, ALIKE) >= scale.threshold));
    }

    #[test]
    fn what_is_nearer_to_everyday_sentences_is_doubtful() {
        let at = |example, everyday| score(&[2.0, 0.0], Near { example, everyday });
        assert!(at(0.8, Some(0.5)) > at(0.8, Some(0.7)));
        assert!(at(0.8, Some(0.7)) > at(0.6, Some(0.7)));
        assert!(at(0.8, None) > at(0.6, None));
    }
}
