//! Top-k (Fan et al. 2018, arXiv 1805.04833).

use super::candidates::Candidates;

/// Keeps the `k` likeliest candidates; 0 keeps all.
pub(super) fn keep(candidates: &mut Candidates, k: usize) {
    if k > 0 {
        candidates.keep_likeliest(k);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(k: usize, expected: &[u32]) {
        let mut candidates = Candidates::new(&[0.1, 0.4, 0.2, 0.3]);
        keep(&mut candidates, k);
        assert_eq!(
            candidates.as_slice().iter().map(|candidate| candidate.token).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn keeps_the_likeliest() {
        check(0, &[0, 1, 2, 3]);
        check(1, &[1]);
        check(3, &[1, 3, 2]);
        check(4, &[1, 3, 2, 0]);
        check(99, &[1, 3, 2, 0]);
    }
}
