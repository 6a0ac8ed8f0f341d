//! Tokens that may still be drawn, likeliest first.

use std::cmp::Ordering;

/// A token and its logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) token: u32,
    pub(super) logit: f32,
}

/// Tokens that may still be drawn; sorted from the likeliest on once [`sort`](Self::sort) was called.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    list: Vec<Candidate>,
    sorted: bool,
}

impl Candidates {
    /// All tokens whose logit is a number, and not impossible.
    pub(super) fn new(logits: &[f32]) -> Self {
        let all = (0..).zip(logits).map(|(token, logit)| Candidate { token, logit: *logit });
        let list = all.filter(|candidate| candidate.logit.is_finite()).collect();
        Self { list, sorted: false }
    }

    pub(super) fn as_slice(&self) -> &[Candidate] {
        &self.list
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [Candidate] {
        &mut self.list
    }

    /// Sorts the likeliest to the front.
    pub(super) fn sort(&mut self) {
        if !self.sorted {
            self.list.sort_unstable_by(likelier_first);
            self.sorted = true;
        }
    }

    /// Keeps the first `len`, at least one.
    pub(super) fn truncate(&mut self, len: usize) {
        self.list.truncate(len.max(1));
    }

    /// Keeps the `k` likeliest, sorted, without sorting the others.
    pub(super) fn keep_likeliest(&mut self, k: usize) {
        if k < self.list.len() && !self.sorted {
            self.list.select_nth_unstable_by(k, likelier_first);
        }
        self.truncate(k);
        self.sort();
    }

    /// Each candidate's probability among all of them, in order, not yet divided by their sum; and that sum. The
    /// likeliest one's is 1.
    pub(super) fn weights(&self) -> (impl Iterator<Item = f64>, f64) {
        let max = self.list.iter().map(|candidate| candidate.logit).fold(f32::NEG_INFINITY, f32::max);
        let weight = move |candidate: &Candidate| f64::from(candidate.logit - max).exp();
        (self.list.iter().map(weight), self.list.iter().map(weight).sum())
    }

    /// The token at `point` of the candidates' probabilities laid end to end; `point` is in 0..1.
    pub(super) fn draw(&self, point: f64) -> Option<u32> {
        let (weights, total) = self.weights();
        let mut left = point * total;
        for (candidate, weight) in self.list.iter().zip(weights) {
            left -= weight;
            if left < 0.0 {
                return Some(candidate.token);
            }
        }
        // Rounding can leave a hair of probability behind the last one.
        self.list.last().map(|candidate| candidate.token)
    }
}

/// By logit, equal ones by token, so that the order does not depend on the algorithm that sorts.
fn likelier_first(a: &Candidate, b: &Candidate) -> Ordering {
    b.logit.total_cmp(&a.logit).then(a.token.cmp(&b.token))
}

/// The token with the highest logit, the first of equal ones; `None` if no logit is a finite number.
pub(super) fn likeliest(logits: &[f32]) -> Option<u32> {
    let candidates = (0..).zip(logits).map(|(token, logit)| Candidate { token, logit: *logit });
    candidates.filter(|candidate| candidate.logit.is_finite()).min_by(likelier_first).map(|best| best.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logits_go_by_token() {
        assert_eq!(likeliest(&[1.0, 2.0, 2.0]), Some(1));
        let mut candidates = Candidates::new(&[1.0, 2.0, 2.0]);
        candidates.sort();
        assert_eq!(
            candidates.as_slice().iter().map(|candidate| candidate.token).collect::<Vec<_>>(),
            [1, 2, 0]
        );
    }

    #[test]
    fn draws_by_probability() {
        let candidates = Candidates::new(&[0.0, 0.0, 0.0, 0.0]);
        assert_eq!([0.0, 0.3, 0.5, 0.99].map(|point| candidates.draw(point)), [0, 1, 2, 3].map(Some));
        assert_eq!(candidates.draw(1.0), Some(3));
        assert_eq!(Candidates::new(&[]).draw(0.5), None);
    }
}
