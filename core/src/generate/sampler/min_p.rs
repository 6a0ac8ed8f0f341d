//! Min-p (Nguyen et al. 2024, arXiv 2407.01082).

use super::candidates::Candidates;

/// Keeps candidates of at least `min_p` times the likeliest one's probability; 0 keeps all.
pub(super) fn keep(candidates: &mut Candidates, min_p: f32) {
    if min_p <= 0.0 {
        return;
    }
    candidates.sort();
    let kept = candidates.weights().0.take_while(|weight| *weight >= f64::from(min_p)).count();
    candidates.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(min_p: f32, expected: &[u32]) {
        let mut candidates = Candidates::new(&[0.2f32.ln(), 0.5f32.ln(), 0.3f32.ln()]);
        keep(&mut candidates, min_p);
        assert_eq!(
            candidates.as_slice().iter().map(|candidate| candidate.token).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn measures_by_the_likeliest() {
        check(0.0, &[0, 1, 2]);
        check(0.39, &[1, 2, 0]);
        check(0.41, &[1, 2]);
        check(0.61, &[1]);
        check(1.0, &[1]);
    }
}
