//! Temperature (Ackley, Hinton and Sejnowski 1985).

use super::candidates::Candidates;

/// Divides the logits by `temperature`, which is above 0. The order stays.
pub(super) fn apply(candidates: &mut Candidates, temperature: f32) {
    let max = candidates.as_slice().iter().map(|candidate| candidate.logit).fold(f32::NEG_INFINITY, f32::max);
    for candidate in candidates.as_mut_slice() {
        // As a distance from the likeliest, so that a tiny temperature gives minus infinity, never NaN.
        candidate.logit = (candidate.logit - max) / temperature;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(temperature: f32, expected: [f32; 3]) {
        let mut candidates = Candidates::new(&[1.0, 3.0, 2.0]);
        apply(&mut candidates, temperature);
        assert_eq!(
            candidates.as_slice().iter().map(|candidate| candidate.logit).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn stretches_the_distances() {
        check(1.0, [-2.0, 0.0, -1.0]);
        check(0.5, [-4.0, 0.0, -2.0]);
        check(2.0, [-1.0, 0.0, -0.5]);
        check(1e-45, [f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY]);
    }
}
