//! Rotary position embedding (Su et al. 2021, arXiv 2104.09864).

use crate::model::{RopeConfig, RopeLayout, RopeScaling};

/// The angles by which each pair of values turns per position.
#[derive(Debug)]
pub(super) struct Rope {
    /// Radians per position, one for each pair.
    frequencies: Vec<f32>,
    layout: RopeLayout,
}

/// Cosines and sines of the positions of a batch.
#[derive(Clone, Debug, Default)]
pub(super) struct Angles {
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Rope {
    /// Precomputes the frequencies: `base^(−2 i / n)`, divided as the scaling says.
    pub(super) fn new(config: &RopeConfig) -> Self {
        let pairs = config.dimension_count / 2;
        let frequency = |i: usize| {
            let exponent = (2 * i) as f32 / config.dimension_count as f32;
            let divisor = match &config.scaling {
                RopeScaling::None => 1.0,
                RopeScaling::Linear { factor } => *factor,
                RopeScaling::PerFrequency { factors } => factors.get(i).copied().unwrap_or(1.0),
            };
            1.0 / config.freq_base.powf(exponent) / divisor
        };
        Self { frequencies: (0..pairs).map(frequency).collect(), layout: config.layout }
    }

    /// Computes the angles of `positions`.
    pub(super) fn angles(&self, positions: &[usize], angles: &mut Angles) {
        angles.cos.clear();
        angles.sin.clear();
        for &position in positions {
            for frequency in &self.frequencies {
                let (sin, cos) = (position as f32 * frequency).sin_cos();
                angles.sin.push(sin);
                angles.cos.push(cos);
            }
        }
    }

    /// Rotates the heads of a batch in place: `x` holds a row per position from `first` on, each of whole heads.
    pub(super) fn rotate(&self, angles: &Angles, first: usize, x: &mut [f32], row: usize, head: usize) {
        let pairs = self.frequencies.len();
        if pairs == 0 {
            return;
        }
        let angles = angles.cos.chunks_exact(pairs).zip(angles.sin.chunks_exact(pairs));
        for (x, (cos, sin)) in x.chunks_exact_mut(row).zip(angles.skip(first)) {
            for head in x.chunks_exact_mut(head) {
                match self.layout {
                    RopeLayout::Interleaved => {
                        for ((pair, cos), sin) in head.as_chunks_mut::<2>().0.iter_mut().zip(cos).zip(sin) {
                            let [a, b] = *pair;
                            *pair = [a * cos - b * sin, a * sin + b * cos];
                        }
                    }
                    RopeLayout::Halves => {
                        let (low, high) = head[..2 * pairs].split_at_mut(pairs);
                        for (((low, high), cos), sin) in low.iter_mut().zip(high).zip(cos).zip(sin) {
                            (*low, *high) = (*low * cos - *high * sin, *low * sin + *high * cos);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotate(layout: RopeLayout, scaling: RopeScaling, position: usize, mut x: Vec<f32>) -> Vec<f32> {
        let rope = Rope::new(&RopeConfig { dimension_count: 4, freq_base: 100.0, layout, scaling });
        let mut angles = Angles::default();
        rope.angles(&[7, position], &mut angles);
        let len = x.len();
        rope.rotate(&angles, 1, &mut x, len, len);
        x
    }

    fn check(got: &[f32], wanted: &[f32]) {
        let close = got.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(close && got.len() == wanted.len(), "{got:?} should be {wanted:?}");
    }

    #[test]
    fn pairs_turn_by_their_frequency() {
        // frequencies 1 and 100^(-1/2) = 0.1; values behind `dimension_count` stay
        let (slow, fast) = (0.3f32, 3f32);
        let interleaved =
            rotate(RopeLayout::Interleaved, RopeScaling::None, 3, vec![1.0, 0.0, 0.0, 1.0, 5.0]);
        check(&interleaved, &[fast.cos(), fast.sin(), -slow.sin(), slow.cos(), 5.0]);
        let halves = rotate(RopeLayout::Halves, RopeScaling::None, 3, vec![1.0, 0.0, 0.0, 1.0, 5.0]);
        check(&halves, &[fast.cos(), -slow.sin(), fast.sin(), slow.cos(), 5.0]);
    }

    #[test]
    fn scalings_divide_the_position() {
        let x = vec![0.2, -0.7, 0.4, 0.9];
        let plain = rotate(RopeLayout::Interleaved, RopeScaling::None, 3, x.clone());
        check(&rotate(RopeLayout::Interleaved, RopeScaling::Linear { factor: 4.0 }, 12, x.clone()), &plain);
        let factors = vec![4.0, 1.0];
        let scaled = rotate(RopeLayout::Interleaved, RopeScaling::PerFrequency { factors }, 12, x.clone());
        let unscaled = rotate(RopeLayout::Interleaved, RopeScaling::None, 12, x);
        check(&scaled[..2], &plain[..2]);
        check(&scaled[2..], &unscaled[2..]);
    }
}
