//! `F32`, `F16`, `BF16`: a number per weight, little-endian.

use super::{PlainFormat, f16_to_f32};

/// IEEE 754 single precision.
pub(in crate::engine::kernels) struct F32;
/// IEEE 754 half precision.
pub(in crate::engine::kernels) struct F16;
/// The upper half of a single-precision number.
pub(in crate::engine::kernels) struct Bf16;

impl PlainFormat for F32 {
    const BYTES: usize = 4;

    #[inline(always)]
    fn widen(row: &[u8], values: &mut [f32]) {
        for (value, bytes) in values.iter_mut().zip(row.as_chunks().0) {
            *value = f32::from_le_bytes(*bytes);
        }
    }
}

impl PlainFormat for F16 {
    const BYTES: usize = 2;

    #[inline(always)]
    fn widen(row: &[u8], values: &mut [f32]) {
        for (value, bytes) in values.iter_mut().zip(row.as_chunks().0) {
            *value = f16_to_f32(u16::from_le_bytes(*bytes));
        }
    }
}

impl PlainFormat for Bf16 {
    const BYTES: usize = 2;

    #[inline(always)]
    fn widen(row: &[u8], values: &mut [f32]) {
        for (value, bytes) in values.iter_mut().zip(row.as_chunks().0) {
            *value = f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
        }
    }
}
