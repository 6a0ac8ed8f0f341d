//! Plain Rust: the reference for every other instruction set, and what runs where there is none.

use super::format::{Format, f16_to_f32};
use super::isa::{Isa, kernel_table};

/// Vectors are arrays.
pub(super) struct Scalar;

/// As many as AVX2 has.
pub(super) const LANES: usize = 8;

impl Isa for Scalar {
    const LANES: usize = LANES;
    const TOKENS: usize = 2;
    type I32 = [i32; LANES];
    type F32 = [f32; LANES];

    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, to: *mut u32) {
        for row in 0..LANES {
            for column in 0..LANES {
                // SAFETY: both lie in the tile that the caller vouches for.
                unsafe {
                    to.add(column * LANES + row)
                        .write_unaligned(from.add(row * stride + column).read_unaligned())
                };
            }
        }
    }

    #[inline(always)]
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [Self::I32; T] {
        let mut sums = [[0; LANES]; T];
        for (sums, token) in sums.iter_mut().zip(tokens) {
            for i in 0..F::GROUP {
                // SAFETY: `i` is within the group.
                let x = unsafe { i32::from(token.add(i).read()) };
                for (lane, sum) in sums.iter_mut().enumerate() {
                    // SAFETY: the group's weights are `GROUP / 4` vectors of `LANES` times four bytes.
                    let q = unsafe { weights.add((i / 4 * LANES + lane) * 4 + i % 4).read() };
                    *sum += x * if F::SIGNED { i32::from(q as i8) } else { i32::from(q) };
                }
            }
        }
        sums
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, stride: usize) -> Self::I32 {
        // SAFETY: the caller vouches for the words.
        std::array::from_fn(|row| unsafe { from.add(row * stride).cast::<i32>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn load_words(from: *const u32) -> Self::I32 {
        // SAFETY: the caller vouches for `LANES` words.
        unsafe { from.cast::<Self::I32>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn low_half(words: Self::I32) -> Self::F32 {
        words.map(|word| f16_to_f32(word as u16))
    }

    #[inline(always)]
    unsafe fn high_half(words: Self::I32) -> Self::F32 {
        words.map(|word| f16_to_f32((word >> 16) as u16))
    }

    #[inline(always)]
    unsafe fn field(words: Self::I32, shift: u32, mask: i32) -> Self::I32 {
        words.map(|word| word >> shift & mask)
    }

    #[inline(always)]
    unsafe fn signed_byte(words: Self::I32, shift: u32) -> Self::I32 {
        words.map(|word| i32::from((word >> shift) as i8))
    }

    #[inline(always)]
    unsafe fn or(a: Self::I32, b: Self::I32) -> Self::I32 {
        std::array::from_fn(|lane| a[lane] | b[lane])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self::F32 {
        // SAFETY: the caller vouches for `LANES` values.
        unsafe { from.cast::<Self::F32>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, values: Self::F32) {
        // SAFETY: the caller vouches for `LANES` values.
        unsafe { to.cast::<Self::F32>().write_unaligned(values) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self::F32 {
        [value; LANES]
    }

    #[inline(always)]
    unsafe fn to_f32(values: Self::I32) -> Self::F32 {
        values.map(|value| value as f32)
    }

    #[inline(always)]
    unsafe fn mul(a: Self::F32, b: Self::F32) -> Self::F32 {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    unsafe fn mul_add(a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32 {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    #[inline(always)]
    fn mul_add_one(a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }
}

kernel_table!(Scalar, "scalar");
