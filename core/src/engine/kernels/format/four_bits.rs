//! `Q4_0` and `Q4_1`: 32 weights of 4 bits.
//!
//! ```text
//! Q4_0  d: f16            qs: [u8; 16]    w = d · (q − 8)
//! Q4_1  d: f16  m: f16    qs: [u8; 16]    w = d · q + m
//! ```
//! The low nibbles are weights 0–15, the high ones 16–31.

use super::{Format, Isa, MAX_WORDS, Packing, half_scale, half_scale_and_min};

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

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in row.as_chunks::<18>().0.iter().zip(q.as_chunks_mut().0) {
            nibbles(block, 2, q);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { half_scale::<I>(words[0], scales, mins, -8.0) };
    }
}

impl Format for Q4_1 {
    const BLOCK: usize = 32;
    const BYTES: usize = 20;
    const MAX: i32 = 15;
    const PACKING: Packing = Packing::Nibbles;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in row.as_chunks::<20>().0.iter().zip(q.as_chunks_mut().0) {
            nibbles(block, 4, q);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { half_scale_and_min::<I>(words[0], scales, mins) };
    }
}
