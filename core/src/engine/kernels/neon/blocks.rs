//! Weights as they lie in the file, 64 of a row at a time: unpacked in registers, and multiplied.

use super::sdot;
use crate::engine::kernels::format::{Format, Packing};
use std::arch::aarch64::*;
use std::arch::asm;

/// Four partial sums of each group in 64 weights of a row.
#[inline(always)]
pub(super) unsafe fn row_products<F: Format, const DOT: bool, const N: usize>(
    block: *const u8,
    pair: usize,
    x: [int8x16_t; 4],
) -> [int32x4_t; N] {
    // SAFETY: the caller vouches for the blocks, and `DOT` for the instruction.
    unsafe {
        let w = pair_of::<F>(block, pair);
        let mut sums = [vdupq_n_s32(0); N];
        for (group, sum) in sums.iter_mut().enumerate() {
            let first = 4 / N * group;
            *sum = match N {
                4 => product::<DOT>(w[first], x[first]),
                _ if DOT => sdot(product::<DOT>(w[first], x[first]), w[first + 1], x[first + 1]),
                _ => products_of_two::<F>([w[first], w[first + 1]], [x[first], x[first + 1]]),
            };
        }
        sums
    }
}

/// 64 weights as bytes; unsigned ones are at most 63, so they are the same as signed bytes.
#[inline(always)]
unsafe fn pair_of<F: Format>(block: *const u8, pair: usize) -> [int8x16_t; 4] {
    // SAFETY: the caller vouches for the blocks of `F`.
    unsafe {
        let nibble = vdupq_n_u8(15);
        let mut weights = [vdupq_n_u8(0); 4];
        for half in 0..2 {
            let next = block.add(half * F::BYTES);
            let (low, high) = match F::PACKING {
                Packing::Bytes => {
                    let at = next.add(F::BYTES - 32);
                    (vld1q_u8(at), vld1q_u8(at.add(16)))
                }
                Packing::Nibbles | Packing::Quints => {
                    let bytes = vld1q_u8(next.add(F::BYTES - 16));
                    let (low, high) = (vandq_u8(bytes, nibble), vshrq_n_u8::<4>(bytes));
                    if F::PACKING == Packing::Nibbles {
                        (low, high)
                    } else {
                        // for each weight the byte that has its bit
                        let fifth = vld1q_dup_u32(next.add(F::BYTES - 20).cast());
                        let fifth = vreinterpretq_u8_u32(fifth);
                        let bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040_2010_0804_0201));
                        let bytes = vcombine_u8(vdup_n_u8(0), vdup_n_u8(1));
                        let low = add_fifth(low, vqtbl1q_u8(fifth, bytes), bits);
                        let bytes = vcombine_u8(vdup_n_u8(2), vdup_n_u8(3));
                        (low, add_fifth(high, vqtbl1q_u8(fifth, bytes), bits))
                    }
                }
                Packing::LongNibbles | Packing::LongQuints => {
                    let at = block.add(F::BYTES - 128 + 32 * pair);
                    let bytes = [vld1q_u8(at), vld1q_u8(at.add(16))];
                    let [a, b] = match half {
                        0 => bytes.map(|bytes| vandq_u8(bytes, nibble)),
                        _ => bytes.map(|bytes| vshrq_n_u8::<4>(bytes)),
                    };
                    if F::PACKING == Packing::LongNibbles {
                        (a, b)
                    } else {
                        let bit = vdupq_n_u8(1 << (2 * pair + half));
                        let [c, d] = [vld1q_u8(block.add(16)), vld1q_u8(block.add(32))];
                        (add_fifth(a, c, bit), add_fifth(b, d, bit))
                    }
                }
                Packing::Sixes => {
                    let (part, odd) = (pair / 2, pair % 2);
                    let (low, high) = (block.add(64 * part + 32 * half), block.add(128 + 32 * part));
                    let down = vdupq_n_s8(-4 * odd as i8);
                    let high_down = vdupq_n_s8(-(4 * odd as i8 + 2 * half as i8));
                    let six = |low, high| {
                        let low = vandq_u8(vshlq_u8(vld1q_u8(low), down), nibble);
                        let high = vandq_u8(vshlq_u8(vld1q_u8(high), high_down), vdupq_n_u8(3));
                        vsliq_n_u8::<4>(low, high)
                    };
                    (six(low, high), six(low.add(16), high.add(16)))
                }
            };
            (weights[2 * half], weights[2 * half + 1]) = (low, high);
        }
        weights.map(|weights| vreinterpretq_s8_u8(weights))
    }
}

/// Adds 16 to the weights that have one of `bits` set in `high`.
#[inline(always)]
unsafe fn add_fifth(weights: uint8x16_t, high: uint8x16_t, bits: uint8x16_t) -> uint8x16_t {
    let set: uint8x16_t;
    // SAFETY: every AArch64 CPU has NEON. As assembly, because the compiler makes four instructions of these two.
    unsafe {
        asm!(
            "cmtst {0:v}.16b, {1:v}.16b, {2:v}.16b",
            out(vreg) set, in(vreg) high, in(vreg) bits, options(pure, nomem, nostack, preserves_flags)
        );
        // all ones are −1
        vmlsq_u8(weights, set, vdupq_n_u8(16))
    }
}

/// Four partial sums of 16 products.
#[inline(always)]
unsafe fn product<const DOT: bool>(w: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: `DOT` vouches for the instruction; two products fit 16 bits, as above.
    unsafe {
        if DOT {
            return sdot(vdupq_n_s32(0), w, x);
        }
        let low = vmull_s8(vget_low_s8(w), vget_low_s8(x));
        vpaddlq_s16(vmlal_high_s8(low, w, x))
    }
}

/// Four partial sums of 32 products, without `sdot`.
#[inline(always)]
unsafe fn products_of_two<F: Format>(w: [int8x16_t; 2], x: [int8x16_t; 2]) -> int32x4_t {
    // SAFETY: every AArch64 CPU has NEON.
    unsafe {
        let sums = vmlal_high_s8(vmull_s8(vget_low_s8(w[0]), vget_low_s8(x[0])), w[0], x[0]);
        if F::SIGNED {
            let next = vmlal_high_s8(vmull_s8(vget_low_s8(w[1]), vget_low_s8(x[1])), w[1], x[1]);
            return vpadalq_s16(vpaddlq_s16(sums), next);
        }
        // weights are at most 63, so four products fit 16 bits
        let sums = vmlal_s8(sums, vget_low_s8(w[1]), vget_low_s8(x[1]));
        vpaddlq_s16(vmlal_high_s8(sums, w[1], x[1]))
    }
}
