//! `Q4_K`, `Q5_K`, `Q6_K`: super-blocks of 256 weights whose groups have quantised scales themselves.
//!
//! ```text
//! Q4_K  d: f16  dmin: f16  scales: [u8; 12]                  qs: [u8; 128]    w = d · sc · q − dmin · m
//! Q5_K  d: f16  dmin: f16  scales: [u8; 12]  qh: [u8; 32]    qs: [u8; 128]    w = d · sc · q − dmin · m
//! Q6_K  ql: [u8; 128]  qh: [u8; 64]  scales: [i8; 16]  d: f16                 w = d · sc · (q − 32)
//! ```
//! `scales` of the first two hold eight pairs (sc, m) of 6 bits each.

use super::{Format, Isa, MAX_WORDS, Packing};

/// 144 bytes a block.
pub(in crate::engine::kernels) struct Q4K;
/// 176 bytes a block.
pub(in crate::engine::kernels) struct Q5K;
/// 210 bytes a block.
pub(in crate::engine::kernels) struct Q6K;

/// Scales and mins of `Q4_K` and `Q5_K`, whose headers are the same: a word of `d` and `dmin`, three of pairs (sc, m).
/// `get_scale_min_k4` in `ggml-quants.c`, for all rows at once.
#[inline(always)]
unsafe fn scales_and_mins<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
    let [halves, low, middle, high, _] = *words;
    // SAFETY: the caller vouches for the CPU and for eight vectors each.
    unsafe {
        let (d, d_min) = (I::low_half(halves), I::mul(I::high_half(halves), I::splat(-1.0)));
        for group in 0..4 {
            let shift = 8 * group as u32;
            let late_scale = I::or(I::field(high, shift, 15), I::field(low, shift + 2, 48));
            let late_min = I::or(I::field(high, shift + 4, 15), I::field(middle, shift + 2, 48));
            let values = [
                (d, I::field(low, shift, 63), scales),
                (d_min, I::field(middle, shift, 63), mins),
                (d, late_scale, scales.add(4 * I::LANES)),
                (d_min, late_min, mins.add(4 * I::LANES)),
            ];
            for (d, value, to) in values {
                I::store(to.add(group * I::LANES), I::mul(d, I::to_f32(value)));
            }
        }
    }
}

/// Writes the low four bits: 32 bytes hold 32 weights in their low nibbles, the next 32 in their high ones.
#[inline(always)]
fn nibbles(qs: &[u8; 128], q: &mut [u8; 256]) {
    let halves = qs.as_chunks::<32>().0.iter().zip(q.as_chunks_mut::<64>().0);
    for (qs, q) in halves {
        for i in 0..32 {
            q[i] = qs[i] & 15;
            q[i + 32] = qs[i] >> 4;
        }
    }
}

/// The `LEN` bytes of `block` that begin at `at`, which must lie in it.
#[inline(always)]
fn part<const LEN: usize>(block: &[u8], at: usize) -> &[u8; LEN] {
    &block[at..at + LEN].as_chunks().0[0]
}

/// The blocks of a row, and where their weights go.
#[inline(always)]
fn blocks<'a, const BYTES: usize>(
    row: &'a [u8],
    q: &'a mut [u8],
) -> impl Iterator<Item = (&'a [u8; BYTES], &'a mut [u8; 256])> {
    row.as_chunks().0.iter().zip(q.as_chunks_mut().0)
}

impl Format for Q4K {
    const BLOCK: usize = 256;
    const BYTES: usize = 144;
    const MAX: i32 = 15;
    const PACKING: Packing = Packing::LongNibbles;
    const WORDS: &'static [usize] = &[0, 4, 8, 12];

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in blocks::<144>(row, q) {
            nibbles(part(block, 16), q);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { scales_and_mins::<I>(words, scales, mins) };
    }
}

impl Format for Q5K {
    const BLOCK: usize = 256;
    const BYTES: usize = 176;
    const MAX: i32 = 31;
    const PACKING: Packing = Packing::LongQuints;
    const WORDS: &'static [usize] = &[0, 4, 8, 12];

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in blocks::<176>(row, q) {
            nibbles(part(block, 48), q);
            let high = part::<32>(block, 16);
            for (group, q) in q.as_chunks_mut::<32>().0.iter_mut().enumerate() {
                for (q, high) in q.iter_mut().zip(high) {
                    *q |= (high >> group & 1) << 4;
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { scales_and_mins::<I>(words, scales, mins) };
    }
}

impl Format for Q6K {
    const BLOCK: usize = 256;
    const BYTES: usize = 210;
    const GROUP: usize = 16;
    const MAX: i32 = 63;
    const PACKING: Packing = Packing::Sixes;
    const WORDS: &'static [usize] = &[192, 196, 200, 204, 206];

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in blocks::<210>(row, q) {
            let low = part::<128>(block, 0).as_chunks::<64>().0;
            let high = part::<64>(block, 128).as_chunks::<32>().0;
            for ((q, low), high) in q.as_chunks_mut::<128>().0.iter_mut().zip(low).zip(high) {
                for i in 0..32 {
                    q[i] = low[i] & 15 | (high[i] & 3) << 4;
                    q[i + 32] = low[i + 32] & 15 | (high[i] >> 2 & 3) << 4;
                    q[i + 64] = low[i] >> 4 | (high[i] >> 4 & 3) << 4;
                    q[i + 96] = low[i + 32] >> 4 | (high[i] >> 6) << 4;
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: the caller vouches for the CPU and for sixteen vectors each.
        unsafe {
            // the last word ends with `d`
            let d = I::high_half(words[4]);
            for group in 0..16 {
                let value = I::signed_byte(words[group / 4], 8 * (group % 4) as u32);
                let scale = I::mul(d, I::to_f32(value));
                I::store(scales.add(group * I::LANES), scale);
                I::store(mins.add(group * I::LANES), I::mul(scale, I::splat(-32.0)));
            }
        }
    }
}
