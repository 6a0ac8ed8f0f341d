//! What happens between the products: norms and activations. Plain Rust that vectorises; same bits on every CPU.

/// Partial sums of a reduction. The compiler may not reorder a sum of floats, so the order that vectors want is
/// written out; it is the same for every instruction set.
const LANES: usize = 16;

/// RMSNorm (Zhang & Sennrich 2019, arXiv 1910.07467): `out = x / rms(x) · weight`.
#[inline(always)]
pub(super) fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut squares = [0f32; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            squares[lane] += chunk[lane] * chunk[lane];
        }
    }
    let total = sum(squares) + rest.iter().map(|x| x * x).sum::<f32>();
    let scale = 1.0 / (total / x.len() as f32 + epsilon).sqrt();
    for ((out, x), weight) in out.iter_mut().zip(x).zip(weight) {
        *out = x * scale * weight;
    }
}

/// LayerNorm (Ba et al. 2016, arXiv 1607.06450): `out = (x − mean) / deviation · weight + bias`.
#[inline(always)]
pub(super) fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
    let count = x.len() as f32;
    let mean = total(x, |x| x) / count;
    let scale = 1.0 / (total(x, |x| (x - mean) * (x - mean)) / count + epsilon).sqrt();
    for (((out, x), weight), bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
        *out = (x - mean) * scale * weight + bias;
    }
}

/// The sum of `of` over `x`.
#[inline(always)]
fn total(x: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut sums = [0f32; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += of(chunk[lane]);
        }
    }
    sum(sums) + rest.iter().map(|x| of(*x)).sum::<f32>()
}

/// GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415): `out = x · Φ(x)`, by the error function as in BERT, not by tanh.
#[inline(always)]
pub(super) fn gelu(x: &[f32], out: &mut [f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = 0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// The error function to within 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26).
#[inline(always)]
fn erf(x: f32) -> f32 {
    let magnitude = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * magnitude);
    let mut p = 1.061_405_4f32;
    p = p * t - 1.453_152_1;
    p = p * t + 1.421_413_8;
    p = p * t - 0.284_496_74;
    p = p * t + 0.254_829_6;
    (1.0 - p * t * exp(-magnitude * magnitude)).copysign(x)
}

/// SwiGLU (Shazeer 2020, arXiv 2002.05202): `out = silu(gate) · up`.
#[inline(always)]
pub(super) fn swiglu(gate: &[f32], up: &[f32], out: &mut [f32]) {
    for ((out, gate), up) in out.iter_mut().zip(gate).zip(up) {
        *out = gate / (1.0 + exp(-gate)) * up;
    }
}

/// The same with GELU by tanh in SiLU's place (GEGLU of the same paper), as Gemma has it: `tanh(z) = 1 − 2 / (1 + e^{2z})`.
#[inline(always)]
pub(super) fn geglu(gate: &[f32], up: &[f32], out: &mut [f32]) {
    const ROOT_2_BY_PI: f32 = 0.797_884_6;
    for ((out, gate), up) in out.iter_mut().zip(gate).zip(up) {
        let inner = ROOT_2_BY_PI * (gate + 0.044_715 * gate * gate * gate);
        *out = gate / (1.0 + exp(-2.0 * inner)) * up;
    }
}

/// Softmax in place.
#[inline(always)]
pub(super) fn softmax(x: &mut [f32]) {
    let mut largest = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            largest[lane] = if chunk[lane] > largest[lane] { chunk[lane] } else { largest[lane] };
        }
    }
    let largest = largest.iter().chain(rest).fold(f32::NEG_INFINITY, |a, &b| a.max(b));

    let mut sums = [0f32; LANES];
    let (chunks, rest) = x.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            chunk[lane] = exp(chunk[lane] - largest);
            sums[lane] += chunk[lane];
        }
    }
    let mut total = sum(sums);
    for x in rest {
        *x = exp(*x - largest);
        total += *x;
    }
    let scale = 1.0 / total;
    for x in x {
        *x *= scale;
    }
}

/// The sum of all lanes, pairwise.
#[inline(always)]
fn sum(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// `eˣ` to within 2 units in the last place; 0 below −87.3 and about 10³⁸ from 88 on.
///
/// `eˣ = 2ⁿ · eʳ` with `n = round(x / ln 2)`; the polynomial and the two parts of ln 2 are Cephes' `expf`.
#[inline(always)]
#[expect(clippy::excessive_precision, reason = "as in the reference")]
pub(super) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2^23
    let clamped = if x > 88.0 { 88.0 } else { x };
    let clamped = if clamped < -87.3 { -87.3 } else { clamped };
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = clamped - n * 0.693359375 - n * -2.12194440e-4;
    let mut p = 1.9875691500e-4f32;
    p = p * r + 1.3981999507e-3;
    p = p * r + 8.3334519073e-3;
    p = p * r + 4.1665795894e-2;
    p = p * r + 1.6666665459e-1;
    p = p * r + 5.0000001201e-1;
    let y = p * r * r + r + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    if x < -87.3 { 0.0 } else { y * power }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exp_is_close_to_the_library(x in -87.0f32..88.0) {
            let (ours, exact) = (f64::from(exp(x)), f64::from(x).exp());
            prop_assert!((ours / exact - 1.0).abs() < 2.5e-7, "exp({x}) = {ours}, should be {exact}");
        }

        #[test]
        fn softmax_is_a_distribution(mut x in prop::collection::vec(-50f32..50.0, 1..100)) {
            let exact: Vec<f64> = x.iter().map(|&x| f64::from(x).exp()).collect();
            let total: f64 = exact.iter().sum();
            softmax(&mut x);
            for (ours, exact) in x.iter().zip(exact) {
                prop_assert!((f64::from(*ours) - exact / total).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn exp_at_the_ends() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(-1e4), 0.0);
        assert!(exp(1e4).is_finite() && exp(1e4) > 1e38);
        assert!(exp(f32::NAN).is_nan());
    }

    proptest! {
        #[test]
        fn layer_norm_centres_and_scales(x in prop::collection::vec(-9f32..9.0, 2..100)) {
            let mut out = vec![0.0; x.len()];
            layer_norm(&x, &vec![2.0; x.len()], &vec![1.0; x.len()], 1e-5, &mut out);
            let exact = x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            let mean = exact.iter().sum::<f64>() / exact.len() as f64;
            let variance = exact.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / exact.len() as f64;
            for (ours, x) in out.iter().zip(exact) {
                let exact = 2.0 * (x - mean) / (variance + 1e-5).sqrt() + 1.0;
                prop_assert!((f64::from(*ours) - exact).abs() < 1e-3, "{ours}, should be {exact}");
            }
        }
    }

    #[test]
    fn gelu_is_that_of_the_error_function() {
        // From tables of the normal distribution.
        let exact = [
            (-3.0, -0.004_049_69),
            (-1.0, -0.158_655_25),
            (0.0, 0.0),
            (0.5, 0.345_731_23),
            (2.0, 1.954_499_7),
        ];
        for (x, exact) in exact {
            let mut out = [0.0];
            gelu(&[x], &mut out);
            assert!((out[0] - exact).abs() < 1e-6, "gelu({x}) = {}, should be {exact}", out[0]);
        }
        let mut out = [0.0; 2];
        gelu(&[-1e30, 1e30], &mut out);
        assert_eq!(out, [-0.0, 1e30]);
    }

    #[test]
    fn geglu_is_gelu_by_tanh() {
        let gate = [-1e30f32, -3.0, -0.5, 0.0, 0.5, 2.0, 1e30];
        let mut out = [0.0; 7];
        geglu(&gate, &[2.0; 7], &mut out);
        for (x, out) in gate.into_iter().zip(out) {
            let wide = f64::from(x);
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (wide + 0.044_715 * wide.powi(3));
            let exact = wide * (1.0 + inner.tanh());
            assert!(
                (f64::from(out) - exact).abs() <= 1e-6 * exact.abs().max(1.0),
                "{x}: {out}, should be {exact}"
            );
        }
    }

    #[test]
    fn swiglu_of_extremes_is_finite() {
        let mut out = [0.0; 3];
        swiglu(&[-1e30, 0.0, 1e30], &[1.0, 1.0, 1.0], &mut out);
        assert_eq!(out[1], 0.0);
        assert!(out[0].abs() < 1e-7 && out[2] == 1e30, "{out:?}");
    }
}
