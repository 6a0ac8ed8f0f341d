//! `Q8_0`: 32 weights of 8 bits.
//!
//! ```text
//! d: f16    qs: [i8; 32]    w = d · q
//! ```

use super::{Format, Packing, finish_scales, u16_at};

/// 34 bytes a block.
pub(in crate::engine::kernels) struct Q8_0;

impl Format for Q8_0 {
    const BLOCK: usize = 32;
    const BYTES: usize = 34;
    const MAX: i32 = 127;
    const SIGNED: bool = true;
    const PACKING: Packing = Packing::Bytes;
    const DEFERS_SCALES: bool = true;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], _mins: &mut [f32]) {
        let blocks = row.as_chunks::<34>().0.iter().zip(q.as_chunks_mut::<32>().0).zip(scales.iter_mut());
        for ((block, q), scale) in blocks {
            *scale = f32::from_bits(u16_at(block, 0).into());
            q.copy_from_slice(&block[2..]);
        }
    }

    #[inline(always)]
    fn finish(scales: &mut [f32], mins: &mut [f32]) {
        finish_scales(scales, mins, 0.0);
    }
}
