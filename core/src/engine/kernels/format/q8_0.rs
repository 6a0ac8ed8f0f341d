//! `Q8_0`: 32 weights of 8 bits.
//!
//! ```text
//! d: f16    qs: [i8; 32]    w = d · q
//! ```

use super::{Format, Isa, MAX_WORDS, Packing};

/// 34 bytes a block.
pub(in crate::engine::kernels) struct Q8_0;

impl Format for Q8_0 {
    const BLOCK: usize = 32;
    const BYTES: usize = 34;
    const MAX: i32 = 127;
    const SIGNED: bool = true;
    const PACKING: Packing = Packing::Bytes;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8]) {
        for (block, q) in row.as_chunks::<34>().0.iter().zip(q.as_chunks_mut::<32>().0) {
            q.copy_from_slice(&block[2..]);
        }
    }

    #[inline(always)]
    unsafe fn scales<I: Isa>(words: &[I::I32; MAX_WORDS], scales: *mut f32, _mins: *mut f32) {
        // SAFETY: passed on.
        unsafe { I::store(scales, I::low_half(words[0])) };
    }
}
