//! AArch64: NEON, which every such CPU has, and the `sdot` instruction of those since about 2018.
//!
//! Half-precision conversions and `sdot` are written as assembly because their intrinsics are not stable in Rust yet.

use super::Kernels;
use super::format::Format;
use super::isa::{Isa, four};
use std::arch::aarch64::*;
use std::arch::asm;

/// Pairs of 128-bit vectors; `DOT` says whether the CPU has `sdot`.
pub(super) struct Neon<const DOT: bool>;

/// The tables that this CPU runs, the fastest first.
pub(super) fn available() -> impl Iterator<Item = &'static Kernels> {
    let dot = std::arch::is_aarch64_feature_detected!("dotprod").then_some(&with_dot::KERNELS);
    dot.into_iter().chain([&without_dot::KERNELS])
}

mod with_dot {
    crate::engine::kernels::isa::kernel_table!(super::Neon<true>, "neon-dotprod", "neon,dotprod");
}

mod without_dot {
    crate::engine::kernels::isa::kernel_table!(super::Neon<false>, "neon", "neon");
}

impl<const DOT: bool> Isa for Neon<DOT> {
    const LANES: usize = 8;
    const TOKENS: usize = 4;
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
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [Self::I32; T] {
        // SAFETY: the caller vouches for the group, and `DOT` for the instruction.
        unsafe {
            let mut sums = [[vdupq_n_s32(0); 2]; T];
            for step in 0..F::GROUP / 4 {
                // unsigned weights are at most 63, so they are the same as signed bytes
                let w = [0, 16].map(|half| vld1q_s8(weights.add(step * 32 + half).cast()));
                for t in 0..T {
                    let x = vreinterpretq_s8_s32(vdupq_n_s32(four(tokens[t].add(step * 4))));
                    for (sum, w) in sums[t].iter_mut().zip(w) {
                        *sum = if DOT { sdot(*sum, w, x) } else { multiply_add(*sum, w, x) };
                    }
                }
            }
            sums
        }
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
        unsafe { asm!("prfm pldl1keep, [{}]", in(reg) address, options(nostack, preserves_flags, readonly)) };
    }

    #[inline(always)]
    unsafe fn widen(from: &[u16], to: &mut [f32]) {
        let (from, from_rest) = from.as_chunks::<4>();
        let (to, to_rest) = to.as_chunks_mut::<4>();
        for (from, to) in from.iter().zip(to) {
            // SAFETY: both are four values; `fcvtl` is part of NEON.
            unsafe {
                let halves = vld1_u16(from.as_ptr());
                let wide: float32x4_t;
                asm!("fcvtl {0:v}.4s, {1:v}.4h", out(vreg) wide, in(vreg) halves, options(pure, nomem, nostack));
                vst1q_f32(to.as_mut_ptr(), wide);
            }
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

/// The same without `sdot`. Two products fit 16 bits because activations are at least −127.
#[inline(always)]
unsafe fn multiply_add(sum: int32x4_t, w: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: every AArch64 CPU has NEON.
    unsafe {
        let low = vmull_s8(vget_low_s8(w), vget_low_s8(x));
        vpadalq_s16(sum, vpaddq_s16(low, vmull_high_s8(w, x)))
    }
}
