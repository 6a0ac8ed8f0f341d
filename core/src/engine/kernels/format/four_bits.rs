//! `Q4_0` and `Q4_1`: 32 weights of 4 bits.
//!
//! ```text
//! Q4_0  d: f16            qs: [u8; 16]    w = d · (q − 8)
//! Q4_1  d: f16  m: f16    qs: [u8; 16]    w = d · q + m
//! ```
//! The low nibbles are weights 0–15, the high ones 16–31.

use super::{Format, Packing, finish_scales, finish_scales_and_mins, u16_at};

/// 18 bytes a block.
pub(in crate::engine::kernels) struct Q4_0;
/// 20 bytes a block.
pub(in crate::engine::kernels) struct Q4_1;

#[inline(always)]
fn nibbles<const N: usize>(block: &[u8; N], at: usize, q: &mut [u8; 32]) {
    for i in 0..16 {
        q[i] = block[at + i] & 15;
        q[i + 16] = block[at + i] >> 4;
    }
}

impl Format for Q4_0 {
    const BLOCK: usize = 32;
    const BYTES: usize = 18;
    const MAX: i32 = 15;
    const PACKING: Packing = Packing::Nibbles;
    const DEFERS_SCALES: bool = true;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], _mins: &mut [f32]) {
        let blocks = row.as_chunks::<18>().0.iter().zip(q.as_chunks_mut().0).zip(scales.iter_mut());
        for ((block, q), scale) in blocks {
            *scale = f32::from_bits(u16_at(block, 0).into());
            nibbles(block, 2, q);
        }
    }

    #[inline(always)]
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        finish_scales(scales, mins, -8.0);
    }
}

impl Format for Q4_1 {
    const BLOCK: usize = 32;
    const BYTES: usize = 20;
    const MAX: i32 = 15;
    const PACKING: Packing = Packing::Nibbles;
    const DEFERS_SCALES: bool = true;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], _mins: &mut [f32]) {
        let blocks = row.as_chunks::<20>().0.iter().zip(q.as_chunks_mut().0).zip(scales.iter_mut());
        for ((block, q), scale) in blocks {
            *scale = f32::from_bits(u32::from_le_bytes([block[0], block[1], block[2], block[3]]));
            nibbles(block, 4, q);
        }
    }

    #[inline(always)]
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        finish_scales_and_mins(scales, mins);
    }
}
