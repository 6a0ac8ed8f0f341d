//! How GGML stores weights: one file per family of block layouts.
//!
//! A quantised row is a sequence of blocks. Every layout here comes down to the same thing: weights in groups of 16 or
//! 32 that share a scale and an offset, `w = scale · q + min`, with `q` a small integer. [`Format::unpack`] turns a row
//! into just that (integers, scales, mins), and everything else (products, dequantisation, every instruction set)
//! works on the unpacked form. So **a new weight type is one implementation of [`Format`]** and a line in
//! [`with_format!`].
//!
//! The unpackers are plain Rust, written so that the compiler vectorises them for the instruction set they are
//! inlined into. Layouts: `ggml-common.h` and `ggml-quants.c` of llama.cpp.

mod five_bits;
mod four_bits;
mod k_quants;
mod plain;
mod q8_0;

pub(super) use five_bits::{Q5_0, Q5_1};
pub(super) use four_bits::{Q4_0, Q4_1};
pub(super) use k_quants::{Q4K, Q5K, Q6K};
pub(super) use plain::{Bf16, F16, F32};
pub(super) use q8_0::Q8_0;

use crate::model::TensorType;

/// How a block of 32 weights lays out its integers, for kernels that unpack them in registers; its first bytes are the
/// scale.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packing {
    /// The last 16 bytes: low nibbles, then high ones.
    Nibbles,
    /// The same, with the fifth bits in the four bytes before.
    Quints,
    /// The last 32 bytes, signed.
    Bytes,
    /// Another, which only [`Format::unpack`] knows.
    Other,
}

/// A block-quantised layout.
pub(super) trait Format {
    /// Weights of one block.
    const BLOCK: usize;
    /// Bytes of one block.
    const BYTES: usize;
    /// Weights that share a scale: 16 or 32.
    const GROUP: usize = 32;
    /// The largest `q`. At most 63, or 127 if [`SIGNED`](Self::SIGNED): kernels rely on it not to overflow.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX2 sums in 16 bits"))]
    const MAX: i32;
    /// Whether `q` is an `i8` and every min is 0; otherwise `q` is a `u8`.
    const SIGNED: bool = false;

    /// Other than [`Packing::Other`] only if the format defers its scales, whose bits then begin the block.
    const PACKING: Packing = Packing::Other;

    /// Whether [`unpack`](Self::unpack) leaves scales and mins to [`finish`](Self::finish).
    const DEFERS_SCALES: bool = false;

    /// Unpacks whole blocks: `q` gets a byte per weight, `scales` and `mins` a value per group.
    ///
    /// `row` holds `q.len() / BLOCK` blocks, `scales` and `mins` have `q.len() / GROUP` elements. A format that
    /// [defers its scales](Self::DEFERS_SCALES) writes the bits that they are made of to `scales`.
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], mins: &mut [f32]);

    /// Turns deferred scales, in any order, into scales and mins.
    ///
    /// Half precision is converted many at a time for next to nothing; one by one, between the integers, it would cost
    /// as much as those.
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        let _ = (scales, mins);
    }
}

/// A layout of floating-point numbers, a weight each.
pub(super) trait PlainFormat {
    /// Bytes of one weight.
    const BYTES: usize;

    /// Widens `row` into `values`.
    fn widen(row: &[u8], values: &mut [f32]);
}

/// Runs `$quantized` with the type `$f` bound to the [`Format`] of `$dtype`, or `$plain` with the [`PlainFormat`].
macro_rules! with_format {
    ($dtype:expr, $f:ident => quantized $quantized:expr, plain $plain:expr) => {{
        use $crate::engine::kernels::format::{Bf16, F16, F32, Q4_0, Q4_1, Q4K, Q5_0, Q5_1, Q5K, Q6K, Q8_0};
        use $crate::model::TensorType;
        match $dtype {
            TensorType::F32 => {
                type $f = F32;
                $plain
            }
            TensorType::F16 => {
                type $f = F16;
                $plain
            }
            TensorType::BF16 => {
                type $f = Bf16;
                $plain
            }
            TensorType::Q8_0 => {
                type $f = Q8_0;
                $quantized
            }
            TensorType::Q4_0 => {
                type $f = Q4_0;
                $quantized
            }
            TensorType::Q4_1 => {
                type $f = Q4_1;
                $quantized
            }
            TensorType::Q5_0 => {
                type $f = Q5_0;
                $quantized
            }
            TensorType::Q5_1 => {
                type $f = Q5_1;
                $quantized
            }
            TensorType::Q4_K => {
                type $f = Q4K;
                $quantized
            }
            TensorType::Q5_K => {
                type $f = Q5K;
                $quantized
            }
            TensorType::Q6_K => {
                type $f = Q6K;
                $quantized
            }
        }
    }};
}
pub(super) use with_format;

/// Weights and bytes of one block of `dtype`.
pub(super) fn block_size(dtype: TensorType) -> (usize, usize) {
    with_format!(dtype, F => quantized (F::BLOCK, F::BYTES), plain (1, F::BYTES))
}

/// Whether products with `dtype` run on integers, with quantised activations.
pub(super) fn is_quantized(dtype: TensorType) -> bool {
    !matches!(dtype, TensorType::F32 | TensorType::F16 | TensorType::BF16)
}

/// The value of an IEEE 754 half-precision number, given as its bits.
///
/// Integer operations and one multiplication, so that a loop of it vectorises on any CPU.
#[inline(always)]
pub(super) fn f16_to_f32(bits: u16) -> f32 {
    /// Corrects the exponent's bias: 2^(127 − 15).
    const REBIAS: f32 = f32::from_bits((127 + 112) << 23);
    let bits = u32::from(bits);
    let magnitude = (bits & 0x7fff) << 13;
    let finite = (f32::from_bits(magnitude) * REBIAS).to_bits();
    let value = if bits & 0x7c00 == 0x7c00 { magnitude | 0x7f80_0000 } else { finite };
    f32::from_bits(value | (bits & 0x8000) << 16)
}

/// Little-endian `u16` at `at`.
#[inline(always)]
fn u16_at<const N: usize>(block: &[u8; N], at: usize) -> u16 {
    u16::from_le_bytes([block[at], block[at + 1]])
}

/// Replaces scales that still are half-precision bits by their values, and sets `min = zero · scale`.
#[inline(always)]
fn finish_scales(scales: &mut [f32], mins: &mut [f32], zero: f32) {
    for (scale, min) in scales.iter_mut().zip(mins) {
        *scale = f16_to_f32(scale.to_bits() as u16);
        *min = zero * *scale;
    }
}

/// The same where the upper half of the bits is the min.
#[inline(always)]
fn finish_scales_and_mins(scales: &mut [f32], mins: &mut [f32]) {
    for (scale, min) in scales.iter_mut().zip(mins) {
        let bits = scale.to_bits();
        *scale = f16_to_f32(bits as u16);
        *min = f16_to_f32((bits >> 16) as u16);
    }
}

#[cfg(test)]
mod tests;
