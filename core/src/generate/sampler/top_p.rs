//! Nucleus sampling (Holtzman et al. 2020, arXiv 1904.09751).

use super::candidates::Candidates;

/// Keeps the fewest likeliest candidates that together have probability `p`; 1 keeps all.
pub(super) fn keep(candidates: &mut Candidates, p: f32) {
    if p >= 1.0 {
        return;
    }
    candidates.sort();
    let (weights, total) = candidates.weights();
    let wanted = f64::from(p) * total;
    let sums = weights.scan(0.0, |sum, weight| {
        *sum += weight;
        Some(*sum)
    });
    let before = sums.take_while(|sum| *sum < wanted).count();
    candidates.truncate(before + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(p: f32, expected: &[u32]) {
        let mut candidates = Candidates::new(&[0.2f32.ln(), 0.5f32.ln(), 0.3f32.ln()]);
        keep(&mut candidates, p);
        assert_eq!(
            candidates.as_slice().iter().map(|candidate| candidate.token).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn keeps_what_together_has_the_probability() {
        check(0.01, &[1]);
        check(0.49, &[1]);
        check(0.51, &[1, 2]);
        check(0.81, &[1, 2, 0]);
        check(1.0, &[0, 1, 2]);
    }
}
