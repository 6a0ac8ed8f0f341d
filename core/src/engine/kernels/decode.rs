//! Products with a single token, on weights as they lie in the file.
//!
//! Decoding uses each weight once. To unpack and transpose it first, as `matmul.rs` does, costs more than the product: here
//! each row's weights are unpacked in registers, 64 at a time or 128 where vectors are long enough, multiplied along the row,
//! and the sums of all rows brought into the lanes at the end. The integers' sums are exact, and what follows are the
//! operations of `matmul.rs` in the same order, so the results have the same bits.

use super::activations::{GROUP, Quantized};
use super::format::{self, Format, MAX_LANES, MAX_WORDS, Packing};
use super::isa::{Isa, LINE};
use std::ops::Range;

/// How many times the rows at hand ahead memory is asked for, into the second cache: on Zen 4 1.2 to 1.8 times as fast as one
/// time and into the first, which keeps too few requests open (`docs/benchmarks.md`).
const AHEAD: usize = 2;

/// Of the rows at hand: per group of weights a vector of scales and one of mins, where a block has several groups; and
/// their sums so far.
pub(super) struct Panel {
    pub(super) scales: *const f32,
    pub(super) mins: *const f32,
    pub(super) sums: *mut f32,
}

/// Adds `groups` groups, which begin `offset` bytes into each of `LANES` rows of `row_bytes`, to the sums of the token
/// whose activations begin at `at`. There are at least 64 weights.
///
/// # Safety
///
/// The CPU has `I` with its [`READS_BLOCKS`](Isa::READS_BLOCKS); rows and token have as many groups, the panel `groups`
/// vectors of scales and mins unless a block is a group.
#[inline(always)]
pub(super) unsafe fn tile<I: Isa, F: Format>(
    panel: Panel,
    x: &Quantized,
    at: usize,
    rows: &[u8],
    row_bytes: usize,
    offset: usize,
    groups: usize,
) {
    // the next rows lie behind these
    let next = rows.as_ptr().wrapping_add(AHEAD * rows.len() + I::LANES * offset);
    // SAFETY: passed on.
    unsafe {
        let blocks = rows.as_ptr().add(offset);
        let mut first = 0;
        if I::READS_QUADS && F::PACKING == Packing::Nibbles {
            first = groups / 4 * 4;
            quads::<I, F>(&panel, x, at, blocks, row_bytes, first, next);
        }
        if first < groups {
            match F::GROUP {
                GROUP => pairs::<I, F, 2>(&panel, x, at, blocks, row_bytes, first..groups, next),
                _ => pairs::<I, F, 4>(&panel, x, at, blocks, row_bytes, first..groups, next),
            }
        }
    }
}

/// [`tile`] for the first `groups` groups, a multiple of four, where the instruction set reads as many blocks at a time; meanwhile
/// asks for what begins at `next`.
#[inline(always)]
unsafe fn quads<I: Isa, F: Format>(
    panel: &Panel,
    x: &Quantized,
    at: usize,
    blocks: *const u8,
    row_bytes: usize,
    groups: usize,
    next: *const u8,
) {
    let step_bytes = I::LANES * 4 * F::BYTES;
    // SAFETY: the caller vouches for the lengths, and no index below is beyond them.
    unsafe {
        let group_sums = x.sums.as_ptr().add(at / GROUP);
        let x_scales = x.scales.as_ptr().add(at / GROUP);
        let token = x.q.as_ptr().add(at);
        let mut total = I::load(panel.sums);
        for first in (0..groups).step_by(4) {
            for line in (first / 4 * step_bytes..(first / 4 + 1) * step_bytes).step_by(LINE) {
                I::prefetch_far(next.wrapping_add(line));
            }
            let block = blocks.add(first * F::BYTES);
            let (products, heads) = I::dot_quad::<F>(block, row_bytes, token.add(first * GROUP));
            for i in 0..4 {
                let known = Scales::<I>::of_head::<F>(heads[i]);
                let (x_scale, x_sum) = (*x_scales.add(first + i), *group_sums.add(first + i));
                total = known.add::<F>(products[i], x_scale, x_sum, total);
            }
        }
        I::store(panel.sums, total);
    }
}

/// [`tile`] for formats that have `N` groups in 64 weights; meanwhile asks for what begins at `next`, a little with each
/// step, since a processor keeps few requests to memory open and stands still when there are more.
#[inline(always)]
unsafe fn pairs<I: Isa, F: Format, const N: usize>(
    panel: &Panel,
    x: &Quantized,
    at: usize,
    blocks: *const u8,
    row_bytes: usize,
    groups: Range<usize>,
    next: *const u8,
) {
    let Range { start, end: groups } = groups;
    let step_bytes = I::LANES * 64 * F::BYTES / F::BLOCK;
    // SAFETY: the caller vouches for the lengths, and no index below is beyond them.
    unsafe {
        let group_sums = if F::GROUP == GROUP { &x.sums } else { &x.half_sums };
        let group_sums = group_sums.as_ptr().add(at / F::GROUP);
        let x_scales = x.scales.as_ptr().add(at / GROUP);
        let token = x.q.as_ptr().add(at);
        let mut total = I::load(panel.sums);
        let whole = groups / N * N;
        for first in (start..whole).step_by(N) {
            let block = blocks.add(first * F::GROUP / F::BLOCK * F::BYTES);
            let pair = first * F::GROUP % F::BLOCK / 64;
            for line in (first / N * step_bytes..(first / N + 1) * step_bytes).step_by(LINE) {
                I::prefetch_far(next.wrapping_add(line));
            }
            let products = I::dot_pair::<F, N>(block, pair, row_bytes, token.add(first * F::GROUP));
            for (i, product) in products.into_iter().enumerate() {
                let group = first + i;
                let known = Scales::<I>::read::<F>(panel, blocks, row_bytes, group);
                let x_scale = *x_scales.add(group * F::GROUP / GROUP);
                total = known.add::<F>(product, x_scale, *group_sums.add(group), total);
            }
        }
        if whole < groups {
            // a last block of 32 weights, with its neighbour, whose product has been added
            let block = blocks.add((groups - 2) * F::BYTES);
            let products = I::dot_pair::<F, N>(block, 0, row_bytes, token.add((groups - 2) * F::GROUP));
            let known = Scales::<I>::read::<F>(panel, blocks, row_bytes, whole);
            total = known.add::<F>(products[1], *x_scales.add(whole), *group_sums.add(whole), total);
        }
        I::store(panel.sums, total);
    }
}

/// Of one group of weights in all rows.
struct Scales<I: Isa> {
    scale: I::F32,
    min: I::F32,
}

impl<I: Isa> Scales<I> {
    /// From the blocks, where a group is one: they are at hand, and a pass of its own would wait for memory.
    #[inline(always)]
    unsafe fn read<F: Format>(panel: &Panel, blocks: *const u8, row_bytes: usize, group: usize) -> Self {
        // SAFETY: the rows have the group, and so has the panel where a block has several.
        unsafe {
            if F::BLOCK != F::GROUP {
                let at = group * I::LANES;
                return Self { scale: I::load(panel.scales.add(at)), min: I::load(panel.mins.add(at)) };
            }
            let (mut scale, mut min) = ([0.0; MAX_LANES], [0.0; MAX_LANES]);
            let block = blocks.add(group * F::BYTES);
            format::scales_of_rows::<I, F>(block, row_bytes, scale.as_mut_ptr(), min.as_mut_ptr());
            Self { scale: I::load(scale.as_ptr()), min: I::load(min.as_ptr()) }
        }
    }

    /// From the first words of blocks that have no others.
    #[inline(always)]
    unsafe fn of_head<F: Format>(words: I::I32) -> Self {
        let (mut scale, mut min) = ([0.0; MAX_LANES], [0.0; MAX_LANES]);
        // SAFETY: the caller vouches for the CPU; a block is a group.
        unsafe {
            F::scales::<I>(&[words; MAX_WORDS], scale.as_mut_ptr(), min.as_mut_ptr());
            Self { scale: I::load(scale.as_ptr()), min: I::load(min.as_ptr()) }
        }
    }

    /// Adds the group's product to the sums.
    #[inline(always)]
    unsafe fn add<F: Format>(self, product: I::I32, x_scale: f32, x_sum: f32, total: I::F32) -> I::F32 {
        // SAFETY: the caller vouches for the CPU.
        unsafe {
            let total = I::mul_add(I::to_f32(product), I::mul(self.scale, I::splat(x_scale)), total);
            if F::SIGNED && !I::SHIFTS_SIGNED {
                return total;
            }
            let min = if F::SIGNED { I::mul(self.scale, I::splat(-128.0)) } else { self.min };
            I::mul_add(min, I::splat(x_sum), total)
        }
    }
}
