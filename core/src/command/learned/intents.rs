//! Which intent is meant: logistic regression on the sentence vector and telling words, with the nearest example beside it.

use super::centroids::words_weight;
use super::everyday::Everyday;
use super::lbfgs::Limits;
use super::neighbours::Neighbours;
use super::regression::{Features, Penalty, Regression, softmax};
use super::scope::{Near, Scale, Trial, score};
use super::sparse::TfIdf;
use crate::model::Model;

/// A fitted classifier.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Intents {
    /// What is taken off every sentence vector.
    pub(super) mean: Vec<f32>,
    pub(super) tfidf: TfIdf,
    /// What the telling words count against the vector.
    pub(super) words_weight: f32,
    pub(super) regression: Regression,
    pub(super) neighbours: Neighbours,
    /// Numbers of the encoder's everyday vectors that do not count, in ascending order, because the set is made for them.
    pub(super) own_everyday: Vec<u32>,
    pub(super) scale: Scale,
}

/// What to fit to: texts, their vectors and their classes, and how many classes there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Training<'a> {
    pub(super) texts: &'a [&'a str],
    pub(super) vectors: &'a [Vec<f32>],
    pub(super) classes: &'a [u32],
    pub(super) class_count: usize,
}

/// What an utterance may mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranking {
    /// Classes with their probabilities, the most probable first.
    pub(super) guesses: Vec<(u32, f32)>,
    /// Whether it looks like what the set was made for.
    pub(super) in_scope: bool,
    /// How sure one may be that it does not, 0 to 1.
    pub(super) doubt: f32,
}

const L2: f32 = 0.1;
const FULL: Penalty = Penalty { l2: L2, limits: Limits { iterations: 40, tolerance: 1e-4 } };
/// Cross-validation of few examples need not be as exact. With many it must be: a classifier that stopped early scores the
/// doubtful higher, and too many would be refused.
const QUICK: Penalty = Penalty { l2: L2, limits: Limits { iterations: 20, tolerance: 1e-3 } };
const FOLDS: usize = 5;
/// Beyond this many examples one fold is judged, not all: it has enough of them.
const ALL_FOLDS: usize = 2500;
/// Examples kept to be nearest to, evenly spread over those of each class.
const MOST_NEIGHBOURS: usize = 4000;

impl Intents {
    /// Fits to `training`, whose vectors are `encoder`'s.
    pub(super) fn fit(training: Training<'_>, encoder: &Model) -> Self {
        let Training { texts, vectors, classes, class_count } = training;
        let width = vectors.first().map_or(0, Vec::len);
        let everyday_mean = encoder.bert().ok().and_then(|config| config.everyday.mean.as_deref());
        let mean = mean(vectors, everyday_mean, width);
        let tfidf = TfIdf::fit(texts.iter().copied());
        let mut features: Vec<Features> = texts
            .iter()
            .zip(vectors)
            .map(|(text, vector)| Features { dense: centred(vector, &mean), sparse: tfidf.features(text) })
            .collect();
        let words_weight = words_weight(&features, classes, class_count);
        for features in &mut features {
            features.sparse.iter_mut().for_each(|(_, value)| *value *= words_weight);
        }

        let mut neighbours = Neighbours::new(width);
        // The place of each example within its class: folds and choices take every so-manieth of each.
        let mut seen = vec![0usize; class_count];
        let places: Vec<usize> = classes
            .iter()
            .map(|class| {
                let seen = &mut seen[*class as usize];
                *seen += 1;
                *seen - 1
            })
            .collect();
        let step = texts.len().div_ceil(MOST_NEIGHBOURS).max(1);
        for (features, place) in features.iter().zip(&places) {
            if place % step == 0 {
                neighbours.add(&features.dense);
            }
        }

        let rows: Vec<(&Features, u32)> = features.iter().zip(classes.iter().copied()).collect();
        let mut regression = Regression::new(class_count, width);
        regression.fit(&rows, FULL);
        let kept: Vec<usize> = places.iter().copied().filter(|place| place % step == 0).collect();
        let everyday = Everyday::around(&mean, encoder);
        let held_out = HeldOut { rows: &rows, places: &places, neighbours: &neighbours, kept: &kept };
        // The line is drawn with all of them: what a person says is less like the examples than these are like each other.
        let scale = Scale::fit(&held_out.trials(class_count, width, &everyday), class_count);
        let own_everyday = everyday.close_to(&neighbours);
        Self { mean, tfidf, words_weight, regression, neighbours, own_everyday, scale }
    }

    /// The vectors of `encoder` that an utterance is compared with.
    pub(super) fn everyday(&self, encoder: &Model) -> Everyday {
        Everyday::around(&self.mean, encoder).without(&self.own_everyday)
    }

    /// What `text` with its sentence vector may mean.
    pub(super) fn rank(&self, text: &str, vector: &[f32], everyday: &Everyday) -> Ranking {
        let mut sparse = self.tfidf.features(text);
        sparse.iter_mut().for_each(|(_, value)| *value *= self.words_weight);
        let features = Features { dense: centred(vector, &self.mean), sparse };
        let mut logits = self.regression.logits(&features);
        let example = largest(self.neighbours.cosines(&features.dense));
        let near = Near { example, everyday: everyday.nearest(&features.dense) };
        let above = score(&logits, near) - self.scale.threshold;
        let doubt = 1.0 / (1.0 + above.exp());
        logits.iter_mut().for_each(|logit| *logit /= self.scale.temperature);
        softmax(&mut logits);
        let mut guesses: Vec<(u32, f32)> = (0..).zip(logits).collect();
        guesses.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ranking { guesses, in_scope: above >= 0.0, doubt }
    }
}

/// Examples to be judged by classifiers that have not seen them.
struct HeldOut<'a> {
    rows: &'a [(&'a Features, u32)],
    /// Of each row within its class.
    places: &'a [usize],
    neighbours: &'a Neighbours,
    /// Places of the neighbours in their classes.
    kept: &'a [usize],
}

impl HeldOut<'_> {
    fn trials(&self, class_count: usize, width: usize, everyday: &Everyday) -> Vec<Trial> {
        let Self { rows, places, neighbours, kept } = self;
        let folds = if rows.len() > ALL_FOLDS { 1 } else { FOLDS };
        let mut trials = Vec::new();
        for fold in 0..folds {
            let is_held_out = |place: usize| place % FOLDS == fold;
            let rows_of = |held_out: bool| {
                let chosen = move |(_, place): &(_, &usize)| is_held_out(**place) == held_out;
                rows.iter().zip(*places).filter(chosen).map(|(row, _)| *row)
            };
            let seen: Vec<(&Features, u32)> = rows_of(false).collect();
            let mut regression = Regression::new(class_count, width);
            regression.fit(&seen, if folds == 1 { FULL } else { QUICK });
            let step = (rows.len() / FOLDS * folds).div_ceil(ALL_FOLDS).max(1);
            for (features, class) in rows_of(true).step_by(step) {
                let cosines = neighbours.cosines(&features.dense).zip(*kept);
                let example =
                    largest(cosines.filter(|(_, place)| !is_held_out(**place)).map(|(cosine, _)| cosine));
                let near = Near { example, everyday: everyday.nearest(&features.dense) };
                // Without another example nothing could be near it, and the line would be where everything passes.
                if near.example <= -1.0 {
                    continue;
                }
                trials.push(Trial { logits: regression.logits(features), near, class });
            }
        }
        trials
    }
}

fn largest(cosines: impl Iterator<Item = f32>) -> f32 {
    cosines.fold(-1.0, f32::max)
}

/// Half way between the mean of the set's own vectors, which all share what the app is about, and that of everyday
/// sentences.
fn mean(vectors: &[Vec<f32>], everyday: Option<&[f32]>, width: usize) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for vector in vectors {
        mean.iter_mut().zip(vector).for_each(|(mean, value)| *mean += value);
    }
    mean.iter_mut().for_each(|mean| *mean /= vectors.len().max(1) as f32);
    if let Some(everyday) = everyday {
        mean.iter_mut().zip(everyday).for_each(|(mean, everyday)| *mean = (*mean + everyday) / 2.0);
    }
    mean
}

/// `vector` without the mean, at length 1.
pub(super) fn centred(vector: &[f32], mean: &[f32]) -> Vec<f32> {
    let mut out: Vec<f32> = vector.iter().zip(mean).map(|(value, mean)| value - mean).collect();
    let length = out.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        out.iter_mut().for_each(|value| *value /= length);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::TinyModel;
    use candle_core::quantized::gguf_file::Value;

    const WIDTH: usize = 32;

    /// A direction for each number.
    fn along(number: usize) -> Vec<f32> {
        (0..WIDTH).map(|i| if i == number { 1.0 } else { 0.0 }).collect()
    }

    #[test]
    fn everyday_sentences_that_a_set_is_made_for_do_not_count() {
        let everyday =
            [0, 1, 20, 21].map(along).concat().iter().map(|value| Value::I8((value * 100.0) as i8)).collect();
        let encoder = TinyModel::bert()
            .set("spatz.sentence.everyday", Value::Array(everyday))
            .set("spatz.sentence.everyday_scale", Value::F32(0.01));
        let encoder = Model::open(encoder.file()).unwrap();
        let texts = ["make coffee", "brew coffee", "some coffee", "stop it", "stop that", "stop"];
        let vectors: Vec<Vec<f32>> = [0, 0, 2, 1, 1, 3].map(along).to_vec();
        let training =
            Training { texts: &texts, vectors: &vectors, classes: &[0, 0, 0, 1, 1, 1], class_count: 2 };
        let intents = Intents::fit(training, &encoder);
        assert_eq!(intents.own_everyday, [0, 1]);
        let asked = centred(&along(0), &intents.mean);
        let all = Everyday::around(&intents.mean, &encoder).nearest(&asked).unwrap();
        let counted = intents.everyday(&encoder).nearest(&asked).unwrap();
        assert!(all > 0.99 && counted < 0.5, "{all} {counted}");
    }
}
