//! The repetition penalty of CTRL (Keskar et al. 2019, arXiv 1909.05858).

/// Makes the tokens of `recent` less likely: divides their logits by `penalty`, multiplies where they are negative.
/// A token is penalized once, however often it appears.
pub(super) fn penalize(logits: &mut [f32], recent: &[u32], penalty: f32) {
    if penalty == 1.0 {
        return;
    }
    let mut tokens = recent.to_vec();
    tokens.sort_unstable();
    tokens.dedup();
    for token in tokens {
        if let Some(logit) = logits.get_mut(token as usize) {
            *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recent: &[u32], penalty: f32, expected: [f32; 3]) {
        let mut logits = [2.0, -2.0, 0.5];
        penalize(&mut logits, recent, penalty);
        assert_eq!(logits, expected);
    }

    #[test]
    fn lowers_recent_tokens_once() {
        check(&[], 2.0, [2.0, -2.0, 0.5]);
        check(&[0, 1], 1.0, [2.0, -2.0, 0.5]);
        check(&[0, 1, 0, 0], 2.0, [1.0, -4.0, 0.5]);
        check(&[99], 2.0, [2.0, -2.0, 0.5]);
    }
}
