//! Unpacking equals candle's dequantisation, value by value.

use crate::engine::kernels::matmul::dequantize;
use crate::engine::kernels::{TensorType, format};
use crate::engine::tests::model::{TYPES, candle_type, quantize};
use candle_core::Device;
use candle_core::quantized::{QStorage, QTensor};
use proptest::prelude::*;
use std::borrow::Cow;

fn check(dtype: TensorType, bytes: &[u8], values: usize) {
    let storage = QStorage::from_data(Cow::Borrowed(bytes), &Device::Cpu, candle_type(dtype)).unwrap();
    let tensor = QTensor::new(storage, values).unwrap().dequantize(&Device::Cpu).unwrap();
    let wanted: Vec<f32> = tensor.to_vec1().unwrap();
    let mut got = vec![f32::NAN; values];
    dequantize(bytes, dtype, &mut got);
    for (i, (got, wanted)) in got.iter().zip(&wanted).enumerate() {
        // candle computes `d · q − m` where we compute `d · q + m`, and q6_k's offset separately: a rounding apart
        let close = got == wanted || (got - wanted).abs() <= 1e-5 * wanted.abs().max(1.0);
        assert!(close || got.is_nan() && wanted.is_nan(), "{dtype:?}[{i}] = {got}, should be {wanted}");
    }
}

#[test]
fn unpacking_real_rows_equals_candle() {
    for dtype in TYPES {
        let values: Vec<f32> =
            (0..2048).map(|i| (i as f32 * 0.37).sin() * (1.0 + (i / 100) as f32)).collect();
        check(dtype, &quantize(&values, dtype), values.len());
    }
}

proptest! {
    /// Every bit of a block is read where it belongs: integers and small scales are arbitrary, and so the values.
    #[test]
    fn unpacking_arbitrary_bits_equals_candle(
        which in 0..TYPES.len(),
        seed in prop::collection::vec(any::<u8>(), 512),
        scale in 0u8..60,
    ) {
        let dtype = TYPES[which];
        let (block, block_bytes) = format::block_size(dtype);
        let blocks = 512 / block_bytes;
        let mut bytes = seed[..blocks * block_bytes].to_vec();
        // keep the half-precision scales small and finite: clear their upper exponent bits
        for block in bytes.chunks_exact_mut(block_bytes) {
            let halves: &[usize] = match dtype {
                TensorType::Q4_0 | TensorType::Q5_0 | TensorType::Q8_0 => &[1],
                TensorType::Q4_1 | TensorType::Q5_1 | TensorType::Q4_K | TensorType::Q5_K => &[1, 3],
                TensorType::Q6_K => &[209],
                TensorType::F16 | TensorType::BF16 | TensorType::F32 => &[],
            };
            for &half in halves {
                block[half] = block[half] & 0x80 | scale;
            }
        }
        if !matches!(dtype, TensorType::F32 | TensorType::BF16) {
            check(dtype, &bytes, blocks * block);
        }
    }

    #[test]
    fn halves_are_as_in_the_half_crate(bits in any::<u16>()) {
        let (got, wanted) = (format::f16_to_f32(bits), half::f16::from_bits(bits).to_f32());
        prop_assert!(got == wanted && got.is_sign_negative() == wanted.is_sign_negative() || got.is_nan() && wanted.is_nan());
    }
}

#[test]
fn a_row_of_plain_numbers_is_itself() {
    let values: Vec<f32> = vec![1.5, -2.0, f32::MIN_POSITIVE, 65504.0, 0.0];
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut got = vec![0.0; values.len()];
    dequantize(&bytes, TensorType::F32, &mut got);
    assert_eq!(got, values);
}
