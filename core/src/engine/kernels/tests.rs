//! Every instruction set equals the scalar reference, and that the exact product within what quantising the
//! activations costs.

use super::activations::GROUP;
use super::*;
use crate::engine::tests::model::{TYPES, quantize};
use crate::model::testing::random;
use proptest::prelude::*;

/// A product's operands.
#[derive(Debug)]
struct Case {
    dtype: TensorType,
    rows: usize,
    cols: usize,
    weights: Vec<u8>,
    x: Vec<f32>,
}

fn case(which: usize, rows: usize, cols: usize, tokens: usize, seed: u64) -> Case {
    let dtype = TYPES[which];
    let block = format::block_size(dtype).0;
    // plain types take any number of columns, whole blocks the others
    let cols = if block == 1 { cols } else { (cols / block + 1) * block };
    let weights = quantize(&random(rows * cols, seed), dtype);
    Case { dtype, rows, cols, weights, x: random(tokens * cols, seed ^ 0x55) }
}

impl Case {
    /// The product, with the weights at an odd address.
    fn run(&self, kernels: &Kernels, x: &[f32]) -> Vec<f32> {
        let mut shifted = vec![0];
        shifted.extend_from_slice(&self.weights);
        let w = Matrix::new(self.dtype, self.rows, self.cols, &shifted[1..]).unwrap();
        let tokens = x.len() / self.cols;
        let mut activations = Activations::default();
        activations.reset(tokens, self.cols).copy_from_slice(x);
        let mut out = vec![f32::NAN; tokens * self.rows];
        kernels.matmul(
            &mut activations,
            &mut Team::alone(),
            [Product { matrix: w, first: 0, out: &mut out }],
        );
        out
    }

    fn dequantized(&self) -> Vec<f32> {
        let w = Matrix::new(self.dtype, self.rows, self.cols, &self.weights).unwrap();
        let mut values = vec![0.0; self.rows * self.cols];
        for (row, values) in values.chunks_exact_mut(self.cols).enumerate() {
            scalar::KERNELS.dequantize(w, row, values);
        }
        values
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (0..TYPES.len(), 1usize..40, 1usize..1400, 1usize..20, any::<u64>())
        .prop_map(|(which, rows, cols, tokens, seed)| case(which, rows, cols, tokens, seed))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_instruction_set_equals_the_reference(case in cases()) {
        let wanted = case.run(&scalar::KERNELS, &case.x);
        let weights = case.dequantized();
        for kernels in Kernels::available() {
            let got = case.run(kernels, &case.x);
            for (i, (got, wanted)) in got.iter().zip(&wanted).enumerate() {
                let (token, row) = (i / case.rows, i % case.rows);
                let x = &case.x[token * case.cols..][..case.cols];
                let w = &weights[row * case.cols..][..case.cols];
                let size: f32 = w.iter().zip(x).map(|(w, x)| (w * x).abs()).sum();
                prop_assert!((got - wanted).abs() <= 2e-6 * size, "{kernels:?} {:?}: {got}, should be {wanted}", case.dtype);
            }
        }
    }

    #[test]
    fn the_reference_is_the_exact_product_but_for_quantised_activations(case in cases()) {
        let got = case.run(&scalar::KERNELS, &case.x);
        let weights = case.dequantized();
        for (i, got) in got.iter().enumerate() {
            let (token, row) = (i / case.rows, i % case.rows);
            let x = &case.x[token * case.cols..][..case.cols];
            let w = &weights[row * case.cols..][..case.cols];
            let exact: f64 = w.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
            let mut bound: f64 = w.iter().zip(x).map(|(w, x)| f64::from((w * x).abs())).sum::<f64>() * 2e-6;
            if format::is_quantized(case.dtype) {
                // an activation is at most half a step away, and a step is a 127th of its group's largest value
                for (w, x) in w.chunks(GROUP).zip(x.chunks(GROUP)) {
                    let step = x.iter().fold(0f32, |a, x| a.max(x.abs())) / 127.0;
                    bound += w.iter().map(|w| f64::from(w.abs() * step * 0.5001)).sum::<f64>();
                }
            }
            prop_assert!((f64::from(*got) - exact).abs() <= bound, "{:?}: {got}, should be {exact} ± {bound}", case.dtype);
        }
    }

    #[test]
    fn a_tokens_result_does_not_depend_on_its_batch(case in cases()) {
        for kernels in Kernels::available() {
            let together = case.run(kernels, &case.x);
            for (x, together) in case.x.chunks(case.cols).zip(together.chunks(case.rows)) {
                prop_assert_eq!(case.run(kernels, x), together);
            }
        }
    }

    #[test]
    fn halves_survive_and_round_to_nearest(values in prop::collection::vec(-70000f32..70000.0, 1..40)) {
        for kernels in Kernels::available() {
            let mut got = vec![0; values.len()];
            kernels.narrow(&values, &mut got);
            let wanted: Vec<u16> = values.iter().map(|&value| half::f16::from_f32(value).to_bits()).collect();
            prop_assert_eq!(&got, &wanted);
        }
    }
}

#[test]
fn extreme_weights_do_not_overflow() {
    // all bits set: the largest unsigned integers, and −1 where they are signed; then the most negative ones
    for (which, dtype) in TYPES.into_iter().enumerate().filter(|(_, dtype)| format::is_quantized(*dtype)) {
        for (byte, sign) in [(0xff, 1.0), (0xff, -1.0), (0x80, 1.0), (0x80, -1.0), (0x7f, -1.0)] {
            let mut case = case(which, 17, 512, 3, 1);
            let block_bytes = format::block_size(dtype).1;
            for block in case.weights.chunks_exact_mut(block_bytes) {
                let scales: &[usize] = match dtype {
                    TensorType::Q6_K => &[208],
                    TensorType::Q4_0 | TensorType::Q5_0 | TensorType::Q8_0 => &[0],
                    _ => &[0, 2],
                };
                block.fill(byte);
                for &at in scales {
                    block[at..at + 2].copy_from_slice(&half::f16::from_f32(0.01).to_bits().to_le_bytes());
                }
            }
            case.x.fill(sign);
            let wanted = case.run(&scalar::KERNELS, &case.x);
            let exact: f32 = case.dequantized()[..case.cols].iter().sum::<f32>() * sign;
            let close = |a: f32, b: f32| (a - b).abs() <= 1e-3 * b.abs().max(1.0);
            assert!(close(wanted[0], exact), "{dtype:?} of {byte:#x}: {} should be {exact}", wanted[0]);
            for kernels in Kernels::available() {
                let got = case.run(kernels, &case.x);
                let equal = got.iter().zip(&wanted).all(|(&got, &wanted)| close(got, wanted));
                assert!(equal, "{kernels:?} {dtype:?} of {byte:#x}: {got:?} should be {wanted:?}");
            }
        }
    }
}

#[test]
fn a_matrix_must_have_the_bytes_of_its_shape() {
    let bytes = [0; 360];
    assert!(Matrix::new(TensorType::Q4_0, 10, 64, &bytes).is_some());
    assert!(Matrix::new(TensorType::Q4_0, 10, 63, &bytes).is_none());
    assert!(Matrix::new(TensorType::Q4_0, 11, 64, &bytes).is_none());
    assert!(Matrix::new(TensorType::F32, usize::MAX, usize::MAX / 8, &bytes).is_none());
}
