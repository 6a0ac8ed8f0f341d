//! How GGML stores weights: one file per family of block layouts.
//!
//! A quantised row is a sequence of blocks. Every layout here comes down to the same thing: weights in groups of 16 or
//! 32 that share a scale and an offset, `w = scale · q + min`, with `q` a small integer. [`Format::unpack`] and
//! [`Format::scales`] turn rows into just that, and everything else (products, dequantisation, every instruction set)
//! works on the unpacked form; only where a weight is used once do instruction sets unpack by themselves, as
//! [`Format::PACKING`] says. So **a new weight type is one implementation of [`Format`]** and a line in
//! [`with_format!`].
//!
//! All is plain Rust, written so that the compiler vectorises it for the instruction set that it is inlined into. Layouts: `ggml-common.h` and `ggml-quants.c` of llama.cpp.

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

use super::isa::Isa;
use crate::model::TensorType;

/// How a format lays out its integers, for kernels that unpack 64 of them at a time in registers. Where blocks have 32
/// weights, that are two neighbouring ones.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packing {
    /// The block's last 16 bytes: low nibbles, then high ones.
    Nibbles,
    /// The same, with the fifth bits in the four bytes before.
    Quints,
    /// The block's last 32 bytes, signed.
    Bytes,
    /// `Q4_K`: from byte 16 on, 32 bytes hold 64 weights, in their low nibbles and then in their high ones.
    LongNibbles,
    /// `Q5_K`: the same from byte 48 on; bit `i` of the 32 bytes before is the fifth bit of the `i`-th 32 weights.
    LongQuints,
    /// `Q6_K`: 64 bytes hold 128 weights, the first 64 in their low nibbles; from byte 128 on, 32 bytes hold the upper
    /// two bits of 128 weights, the lowest two those of the first 32.
    Sixes,
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
    /// How the integers lie.
    const PACKING: Packing;
    /// Where in a block the 32-bit words begin that its scales and mins are made of; at most [`MAX_WORDS`].
    const WORDS: &'static [usize] = &[0];

    /// Unpacks whole blocks: `q` gets a byte per weight, of `q.len() / BLOCK` blocks in `row`.
    fn unpack(row: &[u8], q: &mut [u8]);

    /// Computes scales and mins of a block in each of `LANES` rows: of each group those of all rows.
    ///
    /// `words` are the rows' [`WORDS`](Self::WORDS). Mins of a [signed](Self::SIGNED) format stay as they are.
    ///
    /// # Safety
    ///
    /// The CPU has `I`; `scales` and `mins` are valid for as many vectors as a block has groups.
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32);
}

/// Words of a block that hold scales, at most.
pub(super) const MAX_WORDS: usize = 5;
/// Lanes of the widest instruction set.
pub(super) const MAX_LANES: usize = 16;

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

/// The little-endian word that begins at `at`, which lies in `block`.
#[inline(always)]
pub(super) fn u32_at(block: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(block[at..at + 4].as_chunks().0[0])
}

/// Computes scales and mins of the block that begins at `block` in the first of `LANES` rows, `stride` bytes apart.
///
/// # Safety
///
/// The CPU has `I`; the rows have the block, and `scales` and `mins` are valid for as many vectors as it has groups.
#[inline(always)]
pub(super) unsafe fn scales_of_rows<I: Isa, F: Format>(
    block: *const u8,
    stride: usize,
    scales: *mut f32,
    mins: *mut f32,
) {
    // SAFETY: passed on; a word lies in its block.
    unsafe {
        let mut words = [I::load_words([0; MAX_LANES].as_ptr()); MAX_WORDS];
        for (words, at) in words.iter_mut().zip(F::WORDS) {
            *words = I::gather(block.add(*at), stride);
        }
        F::scales::<I>(&words, scales, mins);
    }
}

/// A block's only scale, the lower half of its word, and a min that is `zero` times as much.
#[inline(always)]
unsafe fn half_scale<I: Isa>(word: I::I32, scales: *mut f32, mins: *mut f32, zero: f32) {
    // SAFETY: the caller vouches for the CPU and the vectors.
    unsafe {
        let scale = I::low_half(word);
        I::store(scales, scale);
        I::store(mins, I::mul(scale, I::splat(zero)));
    }
}

/// A block's only scale, the lower half of its word, and a min that is the upper one.
#[inline(always)]
unsafe fn half_scale_and_min<I: Isa>(word: I::I32, scales: *mut f32, mins: *mut f32) {
    // SAFETY: as above.
    unsafe {
        I::store(scales, I::low_half(word));
        I::store(mins, I::high_half(word));
    }
}

#[cfg(test)]
mod tests;
