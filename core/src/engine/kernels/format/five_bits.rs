//! `Q5_0` and `Q5_1`: 32 weights of 5 bits.
//!
//! ```text
//! Q5_0  d: f16            qh: u32    qs: [u8; 16]    w = d · (q − 16)
//! Q5_1  d: f16  m: f16    qh: u32    qs: [u8; 16]    w = d · q + m
//! ```
//! The low nibbles are weights 0–15, the high ones 16–31; bit `i` of `qh` is the fifth bit of weight `i`.

use super::{Format, Isa, MAX_WORDS, Packing, half_scale, half_scale_and_min};

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
    let high = u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    for (i, quad) in q.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        // four bits to the lowest bit of a byte each: the product has copies of them 7 bits apart
        let bits = (high >> (4 * i) & 15).wrapping_mul(0x0020_4081) & 0x0101_0101;
        *quad = (u32::from_le_bytes(*quad) | bits << 4).to_le_bytes();
    }
}

impl Format for Q5_0 {
    const BLOCK: usize = 32;
    const BYTES: usize = 22;
    const MAX: i32 = 31;
    const PACKING: Packing = Packing::Quints;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in row.as_chunks::<22>().0.iter().zip(q.as_chunks_mut().0) {
            quints(block, 2, q);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { half_scale::<I>(words[0], scales, mins, -16.0) };
    }
}

impl Format for Q5_1 {
    const BLOCK: usize = 32;
    const BYTES: usize = 24;
    const MAX: i32 = 31;
    const PACKING: Packing = Packing::Quints;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in row.as_chunks::<24>().0.iter().zip(q.as_chunks_mut().0) {
            quints(block, 4, q);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { half_scale_and_min::<I>(words[0], scales, mins) };
    }
}
