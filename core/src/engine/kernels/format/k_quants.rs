//! `Q4_K`, `Q5_K`, `Q6_K`: super-blocks of 256 weights whose groups have quantised scales themselves.
//!
//! ```text
//! Q4_K  d: f16  dmin: f16  scales: [u8; 12]                  qs: [u8; 128]    w = d · sc · q − dmin · m
//! Q5_K  d: f16  dmin: f16  scales: [u8; 12]  qh: [u8; 32]    qs: [u8; 128]    w = d · sc · q − dmin · m
//! Q6_K  ql: [u8; 128]  qh: [u8; 64]  scales: [i8; 16]  d: f16                 w = d · sc · (q − 32)
//! ```
//! `scales` of the first two hold eight pairs (sc, m) of 6 bits each.

use super::{Format, f16_to_f32, u16_at};

/// 144 bytes a block.
pub(in crate::engine::kernels) struct Q4K;
/// 176 bytes a block.
pub(in crate::engine::kernels) struct Q5K;
/// 210 bytes a block.
pub(in crate::engine::kernels) struct Q6K;

/// The pair (sc, m) of group `group`; `get_scale_min_k4` in `ggml-quants.c`. `packed` is the `scales` array.
#[inline(always)]
fn scale_and_min(packed: &[u8], group: usize) -> (u8, u8) {
    if group < 4 {
        (packed[group] & 63, packed[group + 4] & 63)
    } else {
        let scale = packed[group + 4] & 15 | packed[group - 4] >> 6 << 4;
        let min = packed[group + 4] >> 4 | packed[group] >> 6 << 4;
        (scale, min)
    }
}

/// Writes the scales and mins of a `Q4_K` or `Q5_K` block, whose headers are the same.
#[inline(always)]
fn scales_and_mins<const N: usize>(block: &[u8; N], scales: &mut [f32; 8], mins: &mut [f32; 8]) {
    let (d, d_min) = (f16_to_f32(u16_at(block, 0)), f16_to_f32(u16_at(block, 2)));
    for group in 0..8 {
        let (scale, min) = scale_and_min(&block[4..16], group);
        scales[group] = d * f32::from(scale);
        mins[group] = -d_min * f32::from(min);
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

/// The parts of a row that belong together: block, weights, scales, mins.
#[inline(always)]
fn blocks<'a, const BYTES: usize, const GROUPS: usize>(
    row: &'a [u8],
    q: &'a mut [u8],
    scales: &'a mut [f32],
    mins: &'a mut [f32],
) -> impl Iterator<Item = (&'a [u8; BYTES], &'a mut [u8; 256], &'a mut [f32; GROUPS], &'a mut [f32; GROUPS])>
{
    let scales = scales.as_chunks_mut().0.iter_mut().zip(mins.as_chunks_mut().0);
    let weights = row.as_chunks().0.iter().zip(q.as_chunks_mut().0);
    weights.zip(scales).map(|((block, q), (scales, mins))| (block, q, scales, mins))
}

impl Format for Q4K {
    const BLOCK: usize = 256;
    const BYTES: usize = 144;
    const MAX: i32 = 15;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], mins: &mut [f32]) {
        for (block, q, scales, mins) in blocks::<144, 8>(row, q, scales, mins) {
            scales_and_mins(block, scales, mins);
            nibbles(part(block, 16), q);
        }
    }
}

impl Format for Q5K {
    const BLOCK: usize = 256;
    const BYTES: usize = 176;
    const MAX: i32 = 31;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], mins: &mut [f32]) {
        for (block, q, scales, mins) in blocks::<176, 8>(row, q, scales, mins) {
            scales_and_mins(block, scales, mins);
            nibbles(part(block, 48), q);
            let high = part::<32>(block, 16);
            for (group, q) in q.as_chunks_mut::<32>().0.iter_mut().enumerate() {
                for (q, high) in q.iter_mut().zip(high) {
                    *q |= (high >> group & 1) << 4;
                }
            }
        }
    }
}

impl Format for Q6K {
    const BLOCK: usize = 256;
    const BYTES: usize = 210;
    const GROUP: usize = 16;
    const MAX: i32 = 63;

    #[inline(always)]
    fn unpack(row: &[u8], q: &mut [u8], scales: &mut [f32], mins: &mut [f32]) {
        for (block, q, scales, mins) in blocks::<210, 16>(row, q, scales, mins) {
            let d = f16_to_f32(u16_at(block, 208));
            for group in 0..16 {
                scales[group] = d * f32::from(block[192 + group] as i8);
                mins[group] = -32.0 * scales[group];
            }
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
}
