//! A linear-chain conditional random field (Lafferty et al. 2001): labels for a sequence of words.
//!
//! Features are of two kinds: names that are there or not (each has weights for the labels it was seen with), and a short
//! dense vector. Training is by L-BFGS on the penalised likelihood (Sutton & McCallum 2012, arXiv 1011.4088, chapter 5),
//! with forward and backward sums scaled word by word instead of in logarithms.

use super::lbfgs::{Limits, dot, minimise};

/// The features of one word.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Observed {
    /// Hashes of the features' names.
    pub(super) names: Vec<u32>,
    pub(super) dense: Vec<f32>,
}

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub(super) words: Vec<Observed>,
    pub(super) labels: Vec<u16>,
}

/// Which labels may follow each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grammar {
    pub(super) labels: usize,
    /// `labels × labels`: whether the column may follow the row.
    pub(super) follows: Vec<bool>,
    /// Which may come first.
    pub(super) starts: Vec<bool>,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Crf {
    pub(super) grammar: Grammar,
    pub(super) dense_width: usize,
    /// Names that have weights, ascending.
    pub(super) names: Vec<u32>,
    /// Where the weights of each name begin; one more for the end.
    pub(super) offsets: Vec<u32>,
    /// The label of each weight.
    pub(super) labels: Vec<u16>,
    /// One a label of each name; then `dense_width × labels`, `labels × labels` for what follows what, and `labels` for
    /// the first word.
    pub(super) weights: Vec<f32>,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalty {
    /// Weight of half the squared weights against the sum of the sentences' losses.
    pub(super) l2: f32,
    /// The same for the weights of dense features.
    pub(super) dense_l2: f32,
    pub(super) limits: Limits,
}

/// Names whose weights all come out smaller say nothing and are dropped.
const SMALLEST: f32 = 0.01;

impl Grammar {
    /// Outside is 0, the first word of slot `k` is `1 + 2k`, its others `2 + 2k`: these follow only words of their own slot.
    pub(super) fn of_slots(slots: usize) -> Self {
        let labels = 1 + 2 * slots;
        let is_inside = |label: usize| label > 0 && label.is_multiple_of(2);
        let follows = (0..labels * labels).map(|way| {
            let (from, to) = (way / labels, way % labels);
            !is_inside(to) || from == to || from + 1 == to
        });
        Self {
            labels,
            follows: follows.collect(),
            starts: (0..labels).map(|label| !is_inside(label)).collect(),
        }
    }
}

impl Crf {
    pub(super) fn fit(
        grammar: Grammar,
        sentences: &[Labelled],
        dense_width: usize,
        penalty: Penalty,
    ) -> Self {
        let mut seen: Vec<(u32, u16)> = sentences
            .iter()
            .flat_map(|sentence| sentence.words.iter().zip(&sentence.labels))
            .flat_map(|(word, label)| word.names.iter().map(|name| (*name, *label)))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        let mut model = Self::with_names(grammar, dense_width, &seen);
        // Names as numbers, once, so that the iterations need not look them up.
        let indexed: Vec<Vec<Vec<u32>>> = sentences
            .iter()
            .map(|sentence| sentence.words.iter().map(|word| model.indices(&word.names)).collect())
            .collect();
        let parts = model.parts();
        let mut weights = std::mem::take(&mut model.weights);
        let mut scratch = Scratch::new(&model.grammar);
        minimise(&mut weights, penalty.limits, |weights, gradient| {
            for (gradient, weight) in gradient.iter_mut().zip(weights) {
                *gradient = penalty.l2 * weight;
            }
            let dense = parts.dense..parts.transitions;
            for (gradient, weight) in gradient[dense.clone()].iter_mut().zip(&weights[dense.clone()]) {
                *gradient = penalty.dense_l2 * weight;
            }
            let square = |part: &[f32]| dot(part, part);
            let dense_square = square(&weights[dense]);
            let mut value = 0.5
                * (f64::from(penalty.l2) * (square(weights) - dense_square)
                    + f64::from(penalty.dense_l2) * dense_square);
            scratch.transitions(&model.grammar, parts, weights);
            for (sentence, names) in sentences.iter().zip(&indexed) {
                value += model.sentence_loss(parts, weights, sentence, names, &mut scratch, gradient);
            }
            scratch.add_transition_gradient(parts, gradient);
            value
        });
        model.weights = weights;
        model.prune()
    }

    /// The most probable labels (Viterbi).
    pub(super) fn decode(&self, words: &[Observed]) -> Vec<u16> {
        let labels = self.grammar.labels;
        let parts = self.parts();
        let mut back: Vec<u16> = Vec::with_capacity(words.len() * labels);
        let mut scores = vec![f32::NEG_INFINITY; labels];
        let (mut emission, mut next) = (vec![0.0; labels], vec![0.0; labels]);
        for (at, word) in words.iter().enumerate() {
            self.emission(parts, &self.weights, &self.indices(&word.names), &word.dense, &mut emission);
            for label in 0..labels {
                let (mut best, mut from) = (f32::NEG_INFINITY, 0);
                if at == 0 {
                    if self.grammar.starts[label] {
                        best = self.weights[parts.starts + label];
                    }
                } else {
                    for (previous, score) in scores.iter().enumerate() {
                        let way = previous * labels + label;
                        let score = score + self.weights[parts.transitions + way];
                        if self.grammar.follows[way] && score > best {
                            (best, from) = (score, previous);
                        }
                    }
                }
                next[label] = best + emission[label];
                back.push(from as u16);
            }
            std::mem::swap(&mut scores, &mut next);
        }
        let mut label =
            (0..labels).rev().max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0) as u16;
        let mut out = vec![0; words.len()];
        for at in (0..words.len()).rev() {
            out[at] = label;
            label = back[at * labels + usize::from(label)];
        }
        out
    }

    /// A model that knows nothing yet.
    pub(super) fn empty(grammar: Grammar) -> Self {
        Self::with_names(grammar, 0, &[])
    }

    /// A model with a weight of zero for each name with a label, sorted.
    fn with_names(grammar: Grammar, dense_width: usize, seen: &[(u32, u16)]) -> Self {
        let mut names: Vec<u32> = Vec::new();
        let mut offsets = Vec::new();
        for (at, (name, _)) in seen.iter().enumerate() {
            if names.last() != Some(name) {
                names.push(*name);
                offsets.push(at as u32);
            }
        }
        offsets.push(seen.len() as u32);
        let labels = grammar.labels;
        let weights = vec![0.0; seen.len() + dense_width * labels + labels * labels + labels];
        Self {
            grammar,
            dense_width,
            names,
            offsets,
            labels: seen.iter().map(|(_, label)| *label).collect(),
            weights,
        }
    }

    /// Where the kinds of weights begin.
    fn parts(&self) -> Parts {
        let labels = self.grammar.labels;
        let dense = self.labels.len();
        let transitions = dense + self.dense_width * labels;
        Parts { dense, transitions, starts: transitions + labels * labels }
    }

    /// The numbers of the names that have weights.
    fn indices(&self, names: &[u32]) -> Vec<u32> {
        names
            .iter()
            .filter_map(|name| self.names.binary_search(name).ok().map(|index| index as u32))
            .collect()
    }

    fn emission(&self, parts: Parts, weights: &[f32], names: &[u32], dense: &[f32], out: &mut [f32]) {
        out.fill(0.0);
        for name in names {
            for at in self.weights_of(*name) {
                out[usize::from(self.labels[at])] += weights[at];
            }
        }
        let rows = weights[parts.dense..parts.transitions].chunks_exact(self.grammar.labels);
        for (value, row) in dense.iter().zip(rows) {
            for (out, weight) in out.iter_mut().zip(row) {
                *out += value * weight;
            }
        }
    }

    fn weights_of(&self, name: u32) -> std::ops::Range<usize> {
        let name = name as usize;
        self.offsets[name] as usize..self.offsets[name + 1] as usize
    }

    /// Minus the logarithm of the labels' probability; adds its gradient.
    fn sentence_loss(
        &self,
        parts: Parts,
        weights: &[f32],
        sentence: &Labelled,
        names: &[Vec<u32>],
        scratch: &mut Scratch,
        gradient: &mut [f32],
    ) -> f64 {
        let labels = self.grammar.labels;
        let count = sentence.words.len();
        if count == 0 {
            return 0.0;
        }
        let Scratch { ways, ways_gradient, emissions, alpha, beta, scales, tail } = scratch;
        for buffer in [&mut *emissions, alpha, beta] {
            buffer.resize(count * labels, 0.0);
        }
        scales.resize(count, 0.0);
        let (mut loss, mut previous) = (0f64, None);
        for at in 0..count {
            let row = &mut emissions[at * labels..][..labels];
            self.emission(parts, weights, &names[at], &sentence.words[at].dense, row);
            let label = usize::from(sentence.labels[at]);
            let way = previous.map_or(parts.starts, |previous: usize| parts.transitions + previous * labels);
            loss -= f64::from(row[label] + weights[way + label]);
            gradient[way + label] -= 1.0;
            previous = Some(label);

            let largest = row.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
            row.iter_mut().for_each(|value| *value = (*value - largest).exp());
            loss += f64::from(largest);
        }
        for at in 0..count {
            let (before, rest) = alpha.split_at_mut(at * labels);
            let row = &mut rest[..labels];
            if at == 0 {
                for (label, value) in row.iter_mut().enumerate() {
                    let starts = self.grammar.starts[label];
                    *value = if starts { weights[parts.starts + label].exp() } else { 0.0 };
                }
            } else {
                row.fill(0.0);
                let before = &before[(at - 1) * labels..];
                for (value, ways) in before.iter().zip(ways.chunks_exact(labels)) {
                    row.iter_mut().zip(ways).for_each(|(out, way)| *out += value * way);
                }
            }
            let mut total = 0.0;
            for (value, emission) in row.iter_mut().zip(&emissions[at * labels..]) {
                *value *= emission;
                total += *value;
            }
            let total = total.max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|value| *value /= total);
            scales[at] = total;
            loss += f64::from(total.ln());
        }
        beta[(count - 1) * labels..].fill(1.0);
        for at in (0..count - 1).rev() {
            let (now, later) = beta.split_at_mut((at + 1) * labels);
            let later = later[..labels].iter().zip(&emissions[(at + 1) * labels..]);
            tail.clear();
            tail.extend(later.map(|(beta, emission)| beta * emission / scales[at + 1]));
            for (out, ways) in now[at * labels..].iter_mut().zip(ways.chunks_exact(labels)) {
                *out = ways.iter().zip(&*tail).map(|(way, tail)| way * tail).sum();
            }
            // Expected transitions.
            let from = &alpha[at * labels..][..labels];
            for ((alpha, ways), gradient) in
                from.iter().zip(ways.chunks_exact(labels)).zip(ways_gradient.chunks_exact_mut(labels))
            {
                for ((gradient, way), tail) in gradient.iter_mut().zip(ways).zip(&*tail) {
                    *gradient += alpha * way * tail;
                }
            }
        }
        for at in 0..count {
            let row = &mut emissions[at * labels..][..labels];
            let sums = alpha[at * labels..].iter().zip(&beta[at * labels..]);
            row.iter_mut().zip(sums).for_each(|(out, (alpha, beta))| *out = alpha * beta);
            if at == 0 {
                gradient[parts.starts..].iter_mut().zip(&*row).for_each(|(gradient, p)| *gradient += p);
            }
            row[usize::from(sentence.labels[at])] -= 1.0;
            for name in &names[at] {
                for at in self.weights_of(*name) {
                    gradient[at] += row[usize::from(self.labels[at])];
                }
            }
            let rows = gradient[parts.dense..parts.transitions].chunks_exact_mut(labels);
            for (value, gradient) in sentence.words[at].dense.iter().zip(rows) {
                gradient.iter_mut().zip(&*row).for_each(|(gradient, error)| *gradient += value * error);
            }
        }
        loss
    }

    /// The model without names that say nothing.
    fn prune(self) -> Self {
        let mut kept: Vec<(u32, u16)> = Vec::new();
        let mut weights = Vec::new();
        for (index, name) in self.names.iter().enumerate() {
            for at in self.weights_of(index as u32) {
                if self.weights[at].abs() >= SMALLEST {
                    kept.push((*name, self.labels[at]));
                    weights.push(self.weights[at]);
                }
            }
        }
        weights.extend_from_slice(&self.weights[self.labels.len()..]);
        let pruned = Self::with_names(self.grammar, self.dense_width, &kept);
        Self { weights, ..pruned }
    }
}

#[derive(Clone, Copy, Debug)]
struct Parts {
    dense: usize,
    transitions: usize,
    starts: usize,
}

/// Intermediate results of training.
struct Scratch {
    /// Exponentials of what follows what; 0 for what may not.
    ways: Vec<f32>,
    ways_gradient: Vec<f32>,
    emissions: Vec<f32>,
    alpha: Vec<f32>,
    beta: Vec<f32>,
    scales: Vec<f32>,
    tail: Vec<f32>,
}

impl Scratch {
    fn new(grammar: &Grammar) -> Self {
        let square = grammar.labels * grammar.labels;
        Self {
            ways: vec![0.0; square],
            ways_gradient: vec![0.0; square],
            emissions: Vec::new(),
            alpha: Vec::new(),
            beta: Vec::new(),
            scales: Vec::new(),
            tail: Vec::new(),
        }
    }

    fn transitions(&mut self, grammar: &Grammar, parts: Parts, weights: &[f32]) {
        let ways = self.ways.iter_mut().zip(&grammar.follows).zip(&weights[parts.transitions..]);
        for ((way, follows), weight) in ways {
            *way = if *follows { weight.exp() } else { 0.0 };
        }
        self.ways_gradient.fill(0.0);
    }

    fn add_transition_gradient(&self, parts: Parts, gradient: &mut [f32]) {
        let ways = gradient[parts.transitions..].iter_mut().zip(&self.ways_gradient);
        ways.for_each(|(gradient, expected)| *gradient += expected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Three labels, the last of which may not come first nor follow the first.
    fn grammar() -> Grammar {
        let follows = vec![true, true, false, true, true, true, true, true, true];
        Grammar { labels: 3, follows, starts: vec![true, true, false] }
    }

    fn sentence(labels: &[u16], dense: &[f32]) -> Labelled {
        let words = labels.iter().enumerate().map(|(at, label)| Observed {
            names: vec![u32::from(*label) + 10, at as u32, 99],
            dense: vec![dense[at], dense[at] * dense[at]],
        });
        Labelled { words: words.collect(), labels: labels.to_vec() }
    }

    fn indexed(model: &Crf, sentence: &Labelled) -> Vec<Vec<u32>> {
        sentence.words.iter().map(|word| model.indices(&word.names)).collect()
    }

    /// Loss and gradient of one sentence without penalty.
    fn loss(model: &Crf, sentence: &Labelled, weights: &[f32]) -> (f64, Vec<f32>) {
        let mut gradient = vec![0.0; weights.len()];
        let mut scratch = Scratch::new(&model.grammar);
        let parts = model.parts();
        scratch.transitions(&model.grammar, parts, weights);
        let names = indexed(model, sentence);
        let value = model.sentence_loss(parts, weights, sentence, &names, &mut scratch, &mut gradient);
        scratch.add_transition_gradient(parts, &mut gradient);
        (value, gradient)
    }

    fn model() -> Crf {
        let seen: Vec<(u32, u16)> =
            [0, 1, 2, 3, 10, 11, 12, 99].iter().flat_map(|name| (0..3).map(|label| (*name, label))).collect();
        Crf::with_names(grammar(), 2, &seen)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn the_gradient_is_the_slope(values in prop::collection::vec(-1f32..1.0, 64), at in 0usize..42) {
            let model = model();
            let sentence = sentence(&[0, 1, 2, 0], &values[50..]);
            let mut weights: Vec<f32> = (0..model.weights.len()).map(|i| values[i % 42]).collect();
            let (_, gradient) = loss(&model, &sentence, &weights);
            let middle = weights[at];
            weights[at] = middle + 1e-2;
            let above = loss(&model, &sentence, &weights).0;
            weights[at] = middle - 1e-2;
            let slope = (above - loss(&model, &sentence, &weights).0) / 2e-2;
            prop_assert!((f64::from(gradient[at]) - slope).abs() < 5e-3, "{} and {slope}", gradient[at]);
        }

        #[test]
        fn probabilities_of_all_sequences_sum_to_one(values in prop::collection::vec(-2f32..2.0, 60)) {
            let model = model();
            let weights: Vec<f32> = (0..model.weights.len()).map(|i| values[i % 60]).collect();
            let given = sentence(&[0, 1, 0], &values);
            let mut total = 0.0;
            let (mut best, mut best_loss) = (Vec::new(), f64::INFINITY);
            for code in 0..27u16 {
                let labels = vec![code / 9, code / 3 % 3, code % 3];
                let follows = |pair: &[u16]| model.grammar.follows[usize::from(pair[0] * 3 + pair[1])];
                if labels[0] == 2 || !labels.windows(2).all(follows) {
                    continue;
                }
                let (loss, _) = loss(&model, &Labelled { labels: labels.clone(), ..given.clone() }, &weights);
                total += (-loss).exp();
                if loss < best_loss {
                    (best, best_loss) = (labels, loss);
                }
            }
            prop_assert!((total - 1.0).abs() < 1e-3, "{total}");
            prop_assert_eq!(Crf { weights, ..model }.decode(&given.words), best);
        }
    }

    #[test]
    fn learns_what_it_was_shown() {
        let sentences =
            [sentence(&[0, 1, 2, 2], &[0.0; 4]), sentence(&[1, 2, 0], &[0.0; 3]), sentence(&[0], &[0.0])];
        let penalty =
            Penalty { l2: 0.01, dense_l2: 0.01, limits: Limits { iterations: 50, tolerance: 1e-6 } };
        let model = Crf::fit(grammar(), &sentences, 2, penalty);
        for sentence in &sentences {
            assert_eq!(model.decode(&sentence.words), sentence.labels);
        }
        assert!(model.decode(&[]).is_empty());
    }
}
