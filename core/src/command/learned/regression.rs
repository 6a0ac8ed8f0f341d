//! Multinomial logistic regression on dense and sparse features together.
//!
//! The weights lie feature by feature, a row of all classes each, so that dense and sparse features are multiplied by the
//! same loop over classes, which the compiler vectorises.

use super::lbfgs::{Limits, minimise};
use super::sparse::{BUCKETS, Sparse};

/// The features of an example: a sentence vector and telling words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Features {
    pub(super) dense: Vec<f32>,
    pub(super) sparse: Sparse,
}

/// Weights of all classes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regression {
    pub(super) classes: usize,
    pub(super) dense: usize,
    /// `(dense + BUCKETS + 1) × classes`; the last row is the bias.
    pub(super) weights: Vec<f32>,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalty {
    /// Weight of half the squared weights against the sum of the losses of the rows.
    pub(super) l2: f32,
    pub(super) limits: Limits,
}

impl Regression {
    /// All weights zero.
    pub(super) fn new(classes: usize, dense: usize) -> Self {
        Self { classes, dense, weights: vec![0.0; (dense + BUCKETS + 1) * classes] }
    }

    /// Fits to `rows`, each with its class, from the weights that are there.
    pub(super) fn fit(&mut self, rows: &[(&Features, u32)], penalty: Penalty) {
        let (classes, dense) = (self.classes, self.dense);
        let mut weights = std::mem::take(&mut self.weights);
        minimise(&mut weights, penalty.limits, |weights, gradient| {
            objective(classes, dense, weights, rows, penalty.l2, gradient)
        });
        self.weights = weights;
    }

    /// The logits of all classes.
    pub(super) fn logits(&self, features: &Features) -> Vec<f32> {
        let mut out = vec![0.0; self.classes];
        logits(self.classes, self.dense, &self.weights, features, &mut out);
        out
    }
}

/// Sum of the losses plus the penalty, and its gradient.
fn objective(
    classes: usize,
    dense: usize,
    weights: &[f32],
    rows: &[(&Features, u32)],
    l2: f32,
    gradient: &mut [f32],
) -> f64 {
    let bias = (dense + BUCKETS) * classes;
    for (gradient, weight) in gradient.iter_mut().zip(weights) {
        *gradient = l2 * weight;
    }
    gradient[bias..].fill(0.0);
    let mut value = 0.5 * f64::from(l2) * super::lbfgs::dot(&weights[..bias], &weights[..bias]);
    // Four rows at a time: a row of weights or of the gradient is then read and written once for them.
    let mut probabilities = vec![0.0; 4 * classes];
    for rows in rows.chunks(4) {
        let probabilities = &mut probabilities[..rows.len() * classes];
        for (out, (features, _)) in probabilities.chunks_exact_mut(classes).zip(rows) {
            logits(classes, dense, weights, features, out);
        }
        for (row, (_, class)) in probabilities.chunks_exact_mut(classes).zip(rows) {
            value += softmax_loss(row, *class as usize);
        }
        match rows {
            [a, b, c, d] => {
                let dense_gradient = gradient[..dense * classes].chunks_exact_mut(classes);
                let (p, q) = probabilities.split_at(2 * classes);
                let ((p0, p1), (p2, p3)) = (p.split_at(classes), q.split_at(classes));
                let values = a.0.dense.iter().zip(&b.0.dense).zip(c.0.dense.iter().zip(&d.0.dense));
                for (gradient, ((a, b), (c, d))) in dense_gradient.zip(values) {
                    let errors = p0.iter().zip(p1).zip(p2.iter().zip(p3));
                    for (gradient, ((p0, p1), (p2, p3))) in gradient.iter_mut().zip(errors) {
                        *gradient += a * p0 + b * p1 + c * p2 + d * p3;
                    }
                }
            }
            _ => {
                for ((features, _), errors) in rows.iter().zip(probabilities.chunks_exact(classes)) {
                    for (gradient, value) in gradient.chunks_exact_mut(classes).zip(&features.dense) {
                        add_scaled(gradient, *value, errors);
                    }
                }
            }
        }
        for ((features, _), errors) in rows.iter().zip(probabilities.chunks_exact(classes)) {
            for (place, value) in &features.sparse {
                let at = (dense + *place as usize) * classes;
                add_scaled(&mut gradient[at..at + classes], *value, errors);
            }
            add_scaled(&mut gradient[bias..], 1.0, errors);
        }
    }
    value
}

fn logits(classes: usize, dense: usize, weights: &[f32], features: &Features, out: &mut [f32]) {
    let bias = (dense + BUCKETS) * classes;
    out.copy_from_slice(&weights[bias..]);
    let (quads, rest) = features.dense.as_chunks::<4>();
    let mut rows = weights.chunks_exact(classes);
    for quad in quads {
        let (Some(a), Some(b), Some(c), Some(d)) = (rows.next(), rows.next(), rows.next(), rows.next())
        else {
            return;
        };
        let weights = a.iter().zip(b).zip(c.iter().zip(d));
        for (out, ((a, b), (c, d))) in out.iter_mut().zip(weights) {
            *out += quad[0] * a + quad[1] * b + quad[2] * c + quad[3] * d;
        }
    }
    for (value, row) in rest.iter().zip(rows) {
        add_scaled(out, *value, row);
    }
    for (place, value) in &features.sparse {
        let at = (dense + *place as usize) * classes;
        add_scaled(out, *value, &weights[at..at + classes]);
    }
}

/// Turns logits into the gradient of the loss with respect to them (probability minus truth); returns the loss.
fn softmax_loss(row: &mut [f32], class: usize) -> f64 {
    let truth = row.get(class).copied().unwrap_or(0.0);
    let log_total = softmax(row);
    if let Some(value) = row.get_mut(class) {
        *value -= 1.0;
    }
    f64::from(log_total - truth)
}

/// Softmax in place; returns the logarithm of the sum of the exponentials.
pub(super) fn softmax(row: &mut [f32]) -> f32 {
    let largest = row.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let mut total = 0.0;
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
        total += *value;
    }
    row.iter_mut().for_each(|value| *value /= total);
    largest + total.ln()
}

fn add_scaled(to: &mut [f32], scale: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += scale * from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn features(dense: Vec<f32>, sparse: Sparse) -> Features {
        Features { dense, sparse }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn the_gradient_is_the_slope(values in prop::collection::vec(-1f32..1.0, 30), at in 0usize..18) {
            let rows: Vec<Features> = (0..5)
                .map(|i| features(values[i * 5..i * 5 + 5].to_vec(), vec![(i as u32 % 2, values[25 + i])]))
                .collect();
            let rows: Vec<(&Features, u32)> = rows.iter().zip([0, 1, 2, 1, 0]).collect();
            let mut weights = vec![0.0; (5 + BUCKETS + 1) * 3];
            for (weight, value) in weights.iter_mut().zip(values.iter().cycle()).take(18) {
                *weight = *value;
            }
            let value = |weights: &[f32]| {
                let mut gradient = vec![0.0; weights.len()];
                (objective(3, 5, weights, &rows, 0.1, &mut gradient), gradient)
            };
            let (_, gradient) = value(&weights);
            let (mut above, mut below) = (weights.clone(), weights);
            above[at] += 1e-2;
            below[at] -= 1e-2;
            let slope = (value(&above).0 - value(&below).0) / 2e-2;
            prop_assert!((f64::from(gradient[at]) - slope).abs() < 2e-3, "{} and {slope}", gradient[at]);
        }
    }

    #[test]
    fn separates_what_can_be_separated() {
        let rows: Vec<(Features, u32)> = (0..30)
            .map(|i| {
                let class = i % 3;
                let mut dense = vec![0.1 * (i as f32 / 30.0); 4];
                dense[class] += 1.0;
                (features(dense, vec![(class as u32, 1.0)]), class as u32)
            })
            .collect();
        let rows: Vec<(&Features, u32)> = rows.iter().map(|(features, class)| (features, *class)).collect();
        let mut model = Regression::new(3, 4);
        model.fit(&rows, Penalty { l2: 0.01, limits: Limits { iterations: 50, tolerance: 1e-6 } });
        for (features, class) in rows {
            let logits = model.logits(features);
            let best = (0..3).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap();
            assert_eq!(best, class as usize);
        }
    }
}
