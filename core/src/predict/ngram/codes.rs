//! Probabilities and backoff weights in five bits: steps of their logarithm.

/// Bits of a code.
pub(super) const CODE_BITS: u32 = 5;
/// The code of what is no word and has no probability.
pub(super) const NO_PROBABILITY: u8 = 31;
/// Nats between two probabilities.
const STEP: f32 = 0.32;
/// Nats between two backoff weights, and the highest one's logarithm.
const BACKOFF_STEP: f32 = 0.16;
const HIGHEST_BACKOFF: f32 = 0.64;

/// The code nearest to `probability`; `NO_PROBABILITY` for 0.
pub fn probability_code(probability: f32) -> u8 {
    if probability <= 0.0 {
        return NO_PROBABILITY;
    }
    (-probability.ln() / STEP - 0.5).round().clamp(0.0, f32::from(NO_PROBABILITY - 1)) as u8
}

/// What a code stands for.
pub fn probability_of(code: u8) -> f32 {
    if code == NO_PROBABILITY { 0.0 } else { (-(f32::from(code) + 0.5) * STEP).exp() }
}

/// The code nearest to a backoff weight.
pub fn backoff_code(weight: f32) -> u8 {
    let steps = (HIGHEST_BACKOFF - weight.max(f32::MIN_POSITIVE).ln()) / BACKOFF_STEP;
    steps.round().clamp(0.0, 31.0) as u8
}

/// What a code stands for.
pub fn backoff_of(code: u8) -> f32 {
    (HIGHEST_BACKOFF - f32::from(code) * BACKOFF_STEP).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_near() {
        for probability in [0.8_f32, 0.3, 0.011, 1e-4] {
            let read = probability_of(probability_code(probability));
            assert!((read / probability).ln().abs() <= STEP / 2.0 + 1e-3, "{probability}: {read}");
        }
        for weight in [1.5_f32, 1.0, 0.5, 0.02] {
            let read = backoff_of(backoff_code(weight));
            assert!((read / weight).ln().abs() <= BACKOFF_STEP / 2.0 + 1e-3, "{weight}: {read}");
        }
    }

    #[test]
    fn extremes_have_codes() {
        assert_eq!(probability_of(probability_code(0.0)), 0.0);
        assert_eq!((probability_code(2.0), probability_code(1e-30)), (0, NO_PROBABILITY - 1));
        assert_eq!((backoff_code(100.0), backoff_code(0.0)), (0, 31));
    }
}
