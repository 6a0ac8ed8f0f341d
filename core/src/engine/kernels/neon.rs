//! AArch64: NEON, which every such CPU has, the `sdot` instruction of those since about 2018, and the `smmla` instruction
//! of those since about 2021.
//!
//! Half-precision conversions and the two instructions are written as assembly because their intrinsics are not stable in
//! Rust yet.

use super::Kernels;
use super::format::Format;
use super::isa::{Isa, four};
use std::arch::aarch64::*;
use std::arch::asm;

mod blocks;

use blocks::row_products;

/// Pairs of 128-bit vectors; `DOT` says whether the CPU has `sdot`, `MATRIX` whether it has `smmla`, too.
pub(super) struct Neon<const DOT: bool, const MATRIX: bool>;

/// The tables that this CPU runs, the fastest first.
pub(super) fn available() -> impl Iterator<Item = &'static Kernels> {
    let has_dot = std::arch::is_aarch64_feature_detected!("dotprod");
    let has_matrix = has_dot && std::arch::is_aarch64_feature_detected!("i8mm");
    let matrix = has_matrix.then_some(&with_matrix::KERNELS);
    let dot = has_dot.then_some(&with_dot::KERNELS);
    matrix.into_iter().chain(dot).chain([&without_dot::KERNELS])
}

mod with_matrix {
    crate::engine::kernels::isa::kernel_table!(super::Neon<true, true>, "neon-i8mm", "neon,dotprod,i8mm");
}

mod with_dot {
    crate::engine::kernels::isa::kernel_table!(super::Neon<true, false>, "neon-dotprod", "neon,dotprod");
}

mod without_dot {
    crate::engine::kernels::isa::kernel_table!(super::Neon<false, false>, "neon", "neon");
}

impl<const DOT: bool, const MATRIX: bool> Isa for Neon<DOT, MATRIX> {
    const LANES: usize = 8;
    const TOKENS: usize = if MATRIX { 8 } else { 4 };
    const PLAIN_TOKENS: usize = 2;
    const READS_BLOCKS: bool = true;
    type I32 = [int32x4_t; 2];
    type F32 = [float32x4_t; 2];

    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, to: *mut u32) {
        for quarter in 0..4 {
            let (row, column) = (quarter / 2 * 4, quarter % 2 * 4);
            // SAFETY: the caller vouches for the tile, of which this is a quarter.
            unsafe {
                let from = from.add(row * stride + column);
                let rows = [0, 1, 2, 3].map(|i| vld1q_u32(from.add(i * stride)));
                let (a, b) = (vtrn1q_u32(rows[0], rows[1]), vtrn2q_u32(rows[0], rows[1]));
                let (c, d) = (vtrn1q_u32(rows[2], rows[3]), vtrn2q_u32(rows[2], rows[3]));
                let wide = |x| vreinterpretq_u64_u32(x);
                let columns = [
                    vtrn1q_u64(wide(a), wide(c)),
                    vtrn1q_u64(wide(b), wide(d)),
                    vtrn2q_u64(wide(a), wide(c)),
                    vtrn2q_u64(wide(b), wide(d)),
                ];
                for (i, values) in columns.into_iter().enumerate() {
                    vst1q_u32(to.add((column + i) * 8 + row), vreinterpretq_u32_u64(values));
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn lay_out(from: *const u32, stride: usize, to: *mut u32) {
        if !MATRIX {
            // SAFETY: passed on.
            return unsafe { Self::transpose(from, stride, to) };
        }
        // for `smmla`: eight weights of a row beside eight of the next, those of all rows, then the next eight
        for pair in 0..4 {
            for half in 0..2 {
                // SAFETY: the caller vouches for the tile, of whose rows these are halves.
                unsafe {
                    let row = from.add(2 * pair * stride + 4 * half);
                    let a = vreinterpretq_u64_u32(vld1q_u32(row));
                    let b = vreinterpretq_u64_u32(vld1q_u32(row.add(stride)));
                    let to = to.add((8 * half + pair) * 4).cast();
                    vst1q_u64(to, vzip1q_u64(a, b));
                    vst1q_u64(to.add(8), vzip2q_u64(a, b));
                }
            }
        }
    }

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "an inner loop")]
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [Self::I32; T] {
        // SAFETY: the caller vouches for the group, and the constants for the instructions.
        unsafe {
            if MATRIX {
                return matrix_group::<F, T>(weights, tokens);
            }
            let mut sums = [[vdupq_n_s32(0); 2]; T];
            if DOT {
                for part in 0..F::GROUP / 16 {
                    let mut x = [vdupq_n_s8(0); T];
                    for t in 0..T {
                        x[t] = vld1q_s8(tokens[t].add(16 * part));
                    }
                    let weights = weights.add(128 * part).cast();
                    sdot_four::<T, 0>(&mut sums, weights, &x);
                    sdot_four::<T, 1>(&mut sums, weights, &x);
                    sdot_four::<T, 2>(&mut sums, weights, &x);
                    sdot_four::<T, 3>(&mut sums, weights, &x);
                }
                return sums;
            }
            for step in 0..F::GROUP / 4 {
                // unsigned weights are at most 63, so they are the same as signed bytes
                let w = [0, 16].map(|half| vld1q_s8(weights.add(step * 32 + half).cast()));
                for t in 0..T {
                    let x = vreinterpretq_s8_s32(vdupq_n_s32(four(tokens[t].add(step * 4))));
                    for (sum, w) in sums[t].iter_mut().zip(w) {
                        *sum = multiply_add(*sum, w, x);
                    }
                }
            }
            sums
        }
    }

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "an inner loop")]
    unsafe fn dot_pair<F: Format, const N: usize>(
        block: *const u8,
        pair: usize,
        stride: usize,
        token: *const i8,
    ) -> [Self::I32; N] {
        // SAFETY: the caller vouches for the blocks and the token, and `DOT` for the instruction.
        unsafe {
            let x =
                [vld1q_s8(token), vld1q_s8(token.add(16)), vld1q_s8(token.add(32)), vld1q_s8(token.add(48))];
            let mut sums = [[vdupq_n_s32(0); 2]; N];
            for quad in 0..2 {
                // not a loop, which the compiler might leave one, and keep its results in memory
                let block = block.add(4 * quad * stride);
                let a = row_products::<F, DOT, N>(block, pair, x);
                let b = row_products::<F, DOT, N>(block.add(stride), pair, x);
                let c = row_products::<F, DOT, N>(block.add(2 * stride), pair, x);
                let d = row_products::<F, DOT, N>(block.add(3 * stride), pair, x);
                for group in 0..N {
                    let (ab, cd) = (vpaddq_s32(a[group], b[group]), vpaddq_s32(c[group], d[group]));
                    sums[group][quad] = vpaddq_s32(ab, cd);
                }
            }
            sums
        }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, stride: usize) -> Self::I32 {
        let mut words = [unsafe { vdupq_n_s32(0) }; 2];
        for (quad, words) in words.iter_mut().enumerate() {
            let from = from.wrapping_add(4 * quad * stride).cast::<i32>();
            // SAFETY: the caller vouches for the words.
            unsafe {
                *words = vld1q_dup_s32(from);
                *words = vld1q_lane_s32::<1>(from.byte_add(stride), *words);
                *words = vld1q_lane_s32::<2>(from.byte_add(2 * stride), *words);
                *words = vld1q_lane_s32::<3>(from.byte_add(3 * stride), *words);
            }
        }
        words
    }

    #[inline(always)]
    unsafe fn load_words(from: *const u32) -> Self::I32 {
        // SAFETY: the caller vouches for eight words.
        unsafe { [vld1q_s32(from.cast()), vld1q_s32(from.add(4).cast())] }
    }

    #[inline(always)]
    unsafe fn low_half(words: Self::I32) -> Self::F32 {
        // SAFETY: every AArch64 CPU has NEON; so below.
        unsafe { words.map(|words| widen_four(vmovn_u32(vreinterpretq_u32_s32(words)))) }
    }

    #[inline(always)]
    unsafe fn high_half(words: Self::I32) -> Self::F32 {
        // SAFETY: as above.
        unsafe { words.map(|words| widen_four(vshrn_n_u32::<16>(vreinterpretq_u32_s32(words)))) }
    }

    #[inline(always)]
    unsafe fn field(words: Self::I32, shift: u32, mask: i32) -> Self::I32 {
        // SAFETY: as above.
        unsafe {
            let right = vdupq_n_s32(-(shift as i32));
            words.map(|words| {
                let shifted = vshlq_u32(vreinterpretq_u32_s32(words), right);
                vandq_s32(vreinterpretq_s32_u32(shifted), vdupq_n_s32(mask))
            })
        }
    }

    #[inline(always)]
    unsafe fn signed_byte(words: Self::I32, shift: u32) -> Self::I32 {
        // SAFETY: as above.
        unsafe {
            let left = vdupq_n_s32(24 - shift as i32);
            words.map(|words| vshrq_n_s32::<24>(vshlq_s32(words, left)))
        }
    }

    #[inline(always)]
    unsafe fn or(a: Self::I32, b: Self::I32) -> Self::I32 {
        // SAFETY: as above.
        unsafe { [vorrq_s32(a[0], b[0]), vorrq_s32(a[1], b[1])] }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self::F32 {
        // SAFETY: the caller vouches for eight values.
        unsafe { [vld1q_f32(from), vld1q_f32(from.add(4))] }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, values: Self::F32) {
        // SAFETY: the caller vouches for eight values.
        unsafe {
            vst1q_f32(to, values[0]);
            vst1q_f32(to.add(4), values[1]);
        }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self::F32 {
        // SAFETY: every AArch64 CPU has NEON; so below.
        unsafe { [vdupq_n_f32(value); 2] }
    }

    #[inline(always)]
    unsafe fn to_f32(values: Self::I32) -> Self::F32 {
        // SAFETY: as above.
        unsafe { [vcvtq_f32_s32(values[0]), vcvtq_f32_s32(values[1])] }
    }

    #[inline(always)]
    unsafe fn mul(a: Self::F32, b: Self::F32) -> Self::F32 {
        // SAFETY: as above.
        unsafe { [vmulq_f32(a[0], b[0]), vmulq_f32(a[1], b[1])] }
    }

    #[inline(always)]
    unsafe fn mul_add(a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32 {
        // SAFETY: as above.
        unsafe { [vfmaq_f32(c[0], a[0], b[0]), vfmaq_f32(c[1], a[1], b[1])] }
    }

    #[inline(always)]
    fn mul_add_one(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn prefetch(address: *const u8) {
        // SAFETY: a prefetch reads nothing and never faults.
        unsafe {
            asm!(
                "prfm pldl1keep, [{0}]",
                in(reg) address, options(nostack, preserves_flags, readonly)
            );
        }
    }

    #[inline(always)]
    fn prefetch_far(address: *const u8) {
        // SAFETY: as above.
        unsafe {
            asm!(
                "prfm pldl2keep, [{0}]",
                in(reg) address, options(nostack, preserves_flags, readonly)
            );
        }
    }

    #[inline(always)]
    unsafe fn widen(from: &[u16], to: &mut [f32]) {
        let (from, from_rest) = from.as_chunks::<4>();
        let (to, to_rest) = to.as_chunks_mut::<4>();
        for (from, to) in from.iter().zip(to) {
            // SAFETY: both are four values.
            unsafe { vst1q_f32(to.as_mut_ptr(), widen_four(vld1_u16(from.as_ptr()))) };
        }
        for (from, to) in from_rest.iter().zip(to_rest) {
            *to = super::format::f16_to_f32(*from);
        }
    }

    #[inline(always)]
    unsafe fn narrow(from: &[f32], to: &mut [u16]) {
        let (from, from_rest) = from.as_chunks::<4>();
        let (to, to_rest) = to.as_chunks_mut::<4>();
        for (from, to) in from.iter().zip(to) {
            // SAFETY: both are four values; `fcvtn` is part of NEON and rounds as the control register says: to nearest.
            unsafe {
                let wide = vld1q_f32(from.as_ptr());
                let halves: uint16x4_t;
                asm!("fcvtn {0:v}.4h, {1:v}.4s", out(vreg) halves, in(vreg) wide, options(pure, nomem, nostack));
                vst1_u16(to.as_mut_ptr(), halves);
            }
        }
        for (from, to) in from_rest.iter().zip(to_rest) {
            *to = half::f16::from_f32(*from).to_bits();
        }
    }
}

/// Four values from half to single precision.
#[inline(always)]
unsafe fn widen_four(halves: uint16x4_t) -> float32x4_t {
    let wide: float32x4_t;
    // SAFETY: `fcvtl` is part of NEON.
    unsafe {
        asm!("fcvtl {0:v}.4s, {1:v}.4h", out(vreg) wide, in(vreg) halves, options(pure, nomem, nostack));
    }
    wide
}

/// Adds to each lane the products of its four bytes.
#[inline(always)]
unsafe fn sdot(mut sum: int32x4_t, w: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: the caller vouches for the instruction.
    unsafe {
        asm!(
            ".arch_extension dotprod",
            "sdot {0:v}.4s, {1:v}.16b, {2:v}.16b",
            inout(vreg) sum, in(vreg) w, in(vreg) x, options(pure, nomem, nostack, preserves_flags)
        );
    }
    sum
}

/// The same for eight rows' four weights and the `STEP`-th four activations of `T` tokens.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn sdot_four<const T: usize, const STEP: usize>(
    sums: &mut [[int32x4_t; 2]; T],
    weights: *const i8,
    x: &[int8x16_t; T],
) {
    // SAFETY: the caller vouches for the weights and the instruction.
    unsafe {
        for half in 0..2 {
            let w = vld1q_s8(weights.add(32 * STEP + 16 * half));
            for t in 0..T {
                asm!(
                    ".arch_extension dotprod",
                    "sdot {0:v}.4s, {1:v}.16b, {2:v}.4b[{3}]",
                    inout(vreg) sums[t][half], in(vreg) w, in(vreg) x[t], const STEP,
                    options(pure, nomem, nostack, preserves_flags)
                );
            }
        }
    }
}

/// [`Isa::dot_group`] with `smmla`, on weights that [`Isa::lay_out`] laid out for it.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn matrix_group<F: Format, const T: usize>(
    weights: *const u8,
    tokens: [*const i8; T],
) -> [[int32x4_t; 2]; T] {
    // SAFETY: the caller vouches for the group and the instruction.
    unsafe {
        // of two tokens and two rows: the first row's with both tokens, then the second's
        let mut squares = [[vdupq_n_s32(0); 4]; T];
        let pairs = T.div_ceil(2);
        for step in 0..F::GROUP / 8 {
            let mut x = [vdupq_n_s64(0); T];
            for pair in 0..pairs {
                let at = |token: usize| tokens[token].add(8 * step).cast::<i64>();
                // an odd last token is multiplied twice
                x[pair] = vld1q_dup_s64(at(2 * pair));
                if 2 * pair + 1 < T {
                    x[pair] = vld1q_lane_s64::<1>(at(2 * pair + 1), x[pair]);
                }
            }
            for rows in 0..4 {
                let w = vld1q_s8(weights.add(64 * step + 16 * rows).cast());
                for pair in 0..pairs {
                    asm!(
                        ".arch_extension i8mm",
                        "smmla {0:v}.4s, {1:v}.16b, {2:v}.16b",
                        inout(vreg) squares[pair][rows], in(vreg) w, in(vreg) x[pair],
                        options(pure, nomem, nostack, preserves_flags)
                    );
                }
            }
        }
        let mut sums = [[vdupq_n_s32(0); 2]; T];
        for pair in 0..pairs {
            let [a, b, c, d] = squares[pair];
            sums[2 * pair] = [vuzp1q_s32(a, b), vuzp1q_s32(c, d)];
            if 2 * pair + 1 < T {
                sums[2 * pair + 1] = [vuzp2q_s32(a, b), vuzp2q_s32(c, d)];
            }
        }
        sums
    }
}

/// Adds to each lane the products of its four bytes without `sdot`. Two products fit 16 bits because activations are at
/// least −127.
#[inline(always)]
unsafe fn multiply_add(sum: int32x4_t, w: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: every AArch64 CPU has NEON.
    unsafe {
        let low = vmull_s8(vget_low_s8(w), vget_low_s8(x));
        vpadalq_s16(sum, vpaddq_s16(low, vmull_high_s8(w, x)))
    }
}
