//! `Q5_0` and `Q5_1`: 32 weights of 5 bits.
//!
//! ```text
//! Q5_0  d: f16            qh: u32    qs: [u8; 16]    w = d · (q − 16)
//! Q5_1  d: f16  m: f16    qh: u32    qs: [u8; 16]    w = d · q + m
//! ```
//! The low nibbles are weights 0–15, the high ones 16–31; bit `i` of `qh` is the fifth bit of weight `i`.

use super::{Format, finish_scales, finish_scales_and_mins, u16_at};

/// 22 bytes a block.
pub(in crate::engine::kernels) struct Q5_0;
/// 24 bytes a block.
pub(in crate::engine::kernels) struct Q5_1;

/// Unpacks `qh` at `at` and `qs` behind it.
#[inline(always)]
fn quints<const N: usize>(block: &[u8; N], at: usize, q: &mut [u8; 32]) {
    for i in 0..16 {
        q[i] = block[at + 4 + i] & 15;
        q[i + 16] = block[at + 4 + i] >> 4;
    }
    for i in 0..32 {
        let bit = 1 << (i % 8);
        let high = block[at + i / 8] & bit;
        q[i] |= if high == bit { 16 } else { 0 };
    }
}

impl Format for Q5_0 {
    const BLOCK: usize = 32;
    const BYTES: usize = 22;
    const MAX: i32 = 31;
    const DEFERS_SCALES: bool = true;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], _mins: &mut [f32]) {
        let blocks = row.as_chunks::<22>().0.iter().zip(q.as_chunks_mut().0).zip(scales.iter_mut());
        for ((block, q), scale) in blocks {
            *scale = f32::from_bits(u16_at(block, 0).into());
            quints(block, 2, q);
        }
    }

    #[inline(always)]
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        finish_scales(scales, mins, -16.0);
    }
}

impl Format for Q5_1 {
    const BLOCK: usize = 32;
    const BYTES: usize = 24;
    const MAX: i32 = 31;
    const DEFERS_SCALES: bool = true;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], _mins: &mut [f32]) {
        let blocks = row.as_chunks::<24>().0.iter().zip(q.as_chunks_mut().0).zip(scales.iter_mut());
        for ((block, q), scale) in blocks {
            *scale = f32::from_bits(u32::from_le_bytes([block[0], block[1], block[2], block[3]]));
            quints(block, 4, q);
        }
    }

    #[inline(always)]
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        finish_scales_and_mins(scales, mins);
    }
}
