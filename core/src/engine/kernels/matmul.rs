//! Products of a weight matrix with the activations of one or more tokens.
//!
//! As in llama.cpp, activations are quantised to 8 bits in groups of 32 once per product, and the product of a group is
//! computed in integers. Here it is done by **panels**: as many rows of weights as a vector has lanes are unpacked
//! (each format by its own [`Format`]), transposed so that every lane holds its own row, and then multiplied with all
//! tokens while they lie in the first cache. So the bytes of a weight are read and unpacked once per batch, one kernel
//! serves every format, and no sum ever crosses lanes. Where there is but one token, that would be more work than the
//! product: see `decode.rs`.
//!
//! Per group and lane, `w = scale · q + min` and `x = d · a` (`q`, `a` integers) give
//! `Σ w x = (scale · d) · Σ q a + min · (d · Σ a)`; the last factor is known from the quantisation.
//!
//! A row's sum is accumulated in the same order whatever the number of tokens, so a token's result does not depend, not
//! even in its last bit, on the batch it was computed in.

use super::Matrix;
use super::activations::{GROUP, Quantized, Rows};
use super::decode;
use super::format::{self, Format, MAX_LANES, MAX_WORDS, PlainFormat, with_format};
use super::isa::{Isa, LINE};
use super::scalar::{self, Scalar};
use crate::model::TensorType;
use std::ops::Range;

/// Weights of a row that are unpacked at a time; whole blocks of every format.
const SEGMENT: usize = 1024;
/// 32-bit values from one unpacked row to the next: not a power of two, so that rows do not share cache sets.
const STRIDE: usize = SEGMENT / 4 + MAX_LANES;
/// Scales of a segment's rows, of which there is at most one for 16 weights.
const SCALES: usize = SEGMENT / 16 * MAX_LANES;
/// How far ahead weights are fetched, in bytes: they are read once, in order, so memory is what decoding waits for.
const LEAD: usize = 4096;

/// A cache line's worth of values, so that vectors never straddle two lines.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Tile<const N: usize>([u32; N]);

impl<const N: usize> Tile<N> {
    fn as_ptr(&self) -> *const u32 {
        self.0.as_ptr()
    }

    /// `len` elements from `at` on as floats.
    fn floats(&mut self, at: usize, len: usize) -> &mut [f32] {
        let part = &mut self.0[at..at + len];
        // SAFETY: u32 and f32 have the same size and alignment, and every bit pattern is valid for both.
        unsafe { std::slice::from_raw_parts_mut(part.as_mut_ptr().cast(), len) }
    }

    /// `len` bytes from element `at` on.
    fn bytes(&mut self, at: usize, len: usize) -> &mut [u8] {
        let part = &mut self.0[at..at + len.div_ceil(4)];
        // SAFETY: the slice covers at least `len` bytes, and bytes need no alignment.
        unsafe { std::slice::from_raw_parts_mut(part.as_mut_ptr().cast(), len) }
    }
}

/// Scratch memory of a product: a few rows of weights, unpacked and transposed.
#[derive(Clone)]
pub(in crate::engine) struct Panel {
    rows: Box<Tile<{ MAX_LANES * STRIDE }>>,
    weights: Box<Tile<{ MAX_LANES * STRIDE }>>,
    scales: Box<Tile<SCALES>>,
    mins: Box<Tile<SCALES>>,
    /// A vector of sums per token.
    sums: Vec<f32>,
}

impl Default for Panel {
    fn default() -> Self {
        fn tile<const N: usize>() -> Box<Tile<N>> {
            Box::new(Tile([0; N]))
        }
        Self { rows: tile(), weights: tile(), scales: tile(), mins: tile(), sums: Vec::new() }
    }
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("tokens", &(self.sums.len() / MAX_LANES)).finish_non_exhaustive()
    }
}

impl Panel {
    /// What [`decode`] needs of it.
    #[inline(always)]
    fn decode(&mut self) -> decode::Panel {
        decode::Panel {
            scales: self.scales.as_ptr().cast(),
            mins: self.mins.as_ptr().cast(),
            sums: self.sums.as_mut_ptr(),
        }
    }

    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        let words = 2 * MAX_LANES * STRIDE + 2 * SCALES;
        4 * (words + self.sums.capacity())
    }
}

/// `out[t · stride + n − range.start] = Σ_k w[n][k] · x[t][k]` for the rows `n` in `range`, of which the first is a multiple of
/// `LANES`.
///
/// # Safety
///
/// The CPU has `I`; `w` and `x` are as long as they say, `x.cols == w.cols`, `range` lies in `w.rows`, and `out` is valid
/// for these values, which are nobody else's.
#[inline(always)]
pub(super) unsafe fn matmul<I: Isa>(
    w: Matrix<'_>,
    x: Rows<'_>,
    range: Range<usize>,
    panel: &mut Panel,
    out: *mut f32,
    stride: usize,
) {
    panel.sums.resize(panel.sums.len().max(x.count * MAX_LANES), 0.0);
    for first in range.clone().step_by(I::LANES) {
        let tile = first..(first + I::LANES).min(range.end);
        panel.sums[..x.count * I::LANES].fill(0.0);
        // SAFETY: passed on.
        unsafe {
            with_format!(w.dtype, F =>
                quantized quantized::<I, F>(w, x, tile.clone(), panel),
                plain plain::<I, F>(w, x, tile.clone(), panel));
            for (t, sums) in panel.sums.chunks_exact(I::LANES).take(x.count).enumerate() {
                let out = out.add(t * stride + first - range.start);
                if tile.len() == I::LANES {
                    I::store(out, I::load(sums.as_ptr()));
                } else {
                    out.copy_from_nonoverlapping(sums.as_ptr(), tile.len());
                }
            }
        }
    }
}

/// Adds the products of up to `LANES` rows to the panel's sums.
#[inline(always)]
unsafe fn quantized<I: Isa, F: Format>(w: Matrix<'_>, x: Rows<'_>, tile: Range<usize>, panel: &mut Panel) {
    let Some(quantized) = x.quantized else { return };
    let row_bytes = w.cols / F::BLOCK * F::BYTES;
    let rows = &w.bytes[tile.start * row_bytes..tile.end * row_bytes];
    // strides are multiplied in 32 bits
    let is_whole = tile.len() == I::LANES && row_bytes < 1 << 24;
    for start in (0..w.cols).step_by(SEGMENT) {
        let len = SEGMENT.min(w.cols - start);
        let groups = len / F::GROUP;
        let offset = start / F::BLOCK * F::BYTES;
        let is_decoded = I::READS_BLOCKS && x.count == 1 && is_whole && len >= 64;
        if !is_decoded || F::BLOCK != F::GROUP {
            // SAFETY: the columns begin and end within the rows; so below.
            unsafe { scales::<I, F>(panel, rows, row_bytes, offset, len / F::BLOCK, is_whole) };
        }
        if is_decoded {
            let at = x.first * x.cols + start;
            // SAFETY: the CPU has `I`.
            unsafe { decode::tile::<I, F>(panel.decode(), quantized, at, rows, row_bytes, offset, groups) };
            continue;
        }
        for (r, row) in rows.chunks_exact(row_bytes).enumerate() {
            let bytes = &row[offset..][..len / F::BLOCK * F::BYTES];
            prefetch::<I>(bytes);
            F::unpack(bytes, panel.rows.bytes(r * STRIDE, len));
        }
        // SAFETY: the tile holds LANES rows of `STRIDE` values, which is at least the number of columns rounded up to
        // LANES. What lies beyond the columns is transposed along and never read.
        unsafe { tiles::<I, true>(panel.rows.as_ptr(), len / 4, &mut panel.weights.0) };
        let mut token = 0;
        while token < x.count {
            let at = (x.first + token) * x.cols + start;
            // SAFETY: the CPU has `I`, and the tile's tokens are below `x.count`.
            token += unsafe {
                match x.count - token {
                    8.. if I::TOKENS >= 8 => {
                        self::tile::<I, F, 8>(panel, quantized, at, x.cols, groups, token)
                    }
                    4.. if I::TOKENS >= 4 => {
                        self::tile::<I, F, 4>(panel, quantized, at, x.cols, groups, token)
                    }
                    2.. => self::tile::<I, F, 2>(panel, quantized, at, x.cols, groups, token),
                    _ => self::tile::<I, F, 1>(panel, quantized, at, x.cols, groups, token),
                }
            };
        }
    }
}

/// Computes the panel's scales and mins of `blocks` blocks, which begin at `offset` in each of the rows.
#[inline(always)]
unsafe fn scales<I: Isa, F: Format>(
    panel: &mut Panel,
    rows: &[u8],
    row_bytes: usize,
    offset: usize,
    blocks: usize,
    is_whole: bool,
) {
    let vectors = blocks * (F::BLOCK / F::GROUP);
    let (scales, mins) = (&mut panel.scales.0[..vectors * I::LANES], &mut panel.mins.0[..vectors * I::LANES]);
    let (scales, mins) = (scales.as_mut_ptr().cast::<f32>(), mins.as_mut_ptr().cast::<f32>());
    let block_len = F::BLOCK / F::GROUP * I::LANES;
    if is_whole {
        for block in 0..blocks {
            // SAFETY: `LANES` rows follow one another; scales and mins have as many vectors as the blocks groups.
            unsafe {
                let from = rows.as_ptr().add(offset + block * F::BYTES);
                let (scales, mins) = (scales.add(block * block_len), mins.add(block * block_len));
                format::scales_of_rows::<I, F>(from, row_bytes, scales, mins);
            }
        }
        return;
    }
    for block in 0..blocks {
        let mut lanes = [[0; MAX_LANES]; MAX_WORDS];
        for (r, row) in rows.chunks_exact(row_bytes).enumerate() {
            for (lanes, at) in lanes.iter_mut().zip(F::WORDS) {
                lanes[r] = format::u32_at(row, offset + block * F::BYTES + at);
            }
        }
        // SAFETY: as above.
        unsafe {
            let mut words = [I::load_words(lanes[0].as_ptr()); MAX_WORDS];
            for (words, lanes) in words.iter_mut().zip(&lanes) {
                *words = I::load_words(lanes.as_ptr());
            }
            F::scales::<I>(&words, scales.add(block * block_len), mins.add(block * block_len));
        }
    }
}

/// Adds `groups` groups of the panel to the sums of `T` tokens from `token` on; returns `T`. The first token's
/// activations begin at `at`, those of the next ones `cols` further each.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn tile<I: Isa, F: Format, const T: usize>(
    panel: &mut Panel,
    x: &Quantized,
    at: usize,
    cols: usize,
    groups: usize,
    token: usize,
) -> usize {
    // SAFETY: the `T` rows of `x` have `groups` groups from where they begin; the panel holds as many groups of `LANES`
    // rows, and `LANES` sums for each token.
    unsafe {
        let sums = panel.sums.as_mut_ptr().add(token * I::LANES);
        let group_sums = if F::GROUP == GROUP { &x.sums } else { &x.half_sums };
        let mut q = [x.q.as_ptr(); T];
        let mut scales = [x.scales.as_ptr(); T];
        let mut group_sum = [group_sums.as_ptr(); T];
        let mut total = [I::splat(0.0); T];
        for t in 0..T {
            q[t] = q[t].add(at + t * cols);
            scales[t] = scales[t].add((at + t * cols) / GROUP);
            group_sum[t] = group_sum[t].add((at + t * cols) / F::GROUP);
            total[t] = I::load(sums.add(t * I::LANES));
        }
        let weights = panel.weights.as_ptr().cast::<u8>();
        let weight_scales = panel.scales.as_ptr().cast::<f32>();
        let mins = panel.mins.as_ptr().cast::<f32>();
        for group in 0..groups {
            let products = I::dot_group::<F, T>(weights.add(group * F::GROUP * I::LANES), q);
            let scale = I::load(weight_scales.add(group * I::LANES));
            for t in 0..T {
                let both = I::mul(scale, I::splat(*scales[t].add(group * F::GROUP / GROUP)));
                total[t] = I::mul_add(I::to_f32(products[t]), both, total[t]);
            }
            if !F::SIGNED || I::SHIFTS_SIGNED {
                let min = if F::SIGNED {
                    I::mul(scale, I::splat(-128.0))
                } else {
                    I::load(mins.add(group * I::LANES))
                };
                for t in 0..T {
                    total[t] = I::mul_add(min, I::splat(*group_sum[t].add(group)), total[t]);
                }
            }
            for token in &mut q {
                *token = token.add(F::GROUP);
            }
        }
        for t in 0..T {
            I::store(sums.add(t * I::LANES), total[t]);
        }
    }
    T
}

/// The same for plain weights.
#[inline(always)]
unsafe fn plain<I: Isa, F: PlainFormat>(w: Matrix<'_>, x: Rows<'_>, tile: Range<usize>, panel: &mut Panel) {
    /// Plain weights take four bytes each once they are unpacked.
    const SEGMENT: usize = super::matmul::SEGMENT / 4;
    for start in (0..w.cols).step_by(SEGMENT) {
        let len = SEGMENT.min(w.cols - start);
        for (r, row) in tile.clone().enumerate() {
            let at = (row * w.cols + start) * F::BYTES;
            F::widen(&w.bytes[at..at + len * F::BYTES], panel.rows.floats(r * STRIDE, len));
        }
        // SAFETY: as for quantised weights.
        unsafe { tiles::<I, false>(panel.rows.as_ptr(), len, &mut panel.weights.0) };
        let mut token = 0;
        while token < x.count {
            // SAFETY: the CPU has `I`, and the tile's tokens are below `x.count`.
            token += unsafe {
                match x.count - token {
                    4.. if I::PLAIN_TOKENS >= 4 => plain_tile::<I, 4>(panel, x, token, start, len),
                    2.. if I::PLAIN_TOKENS >= 2 => plain_tile::<I, 2>(panel, x, token, start, len),
                    _ => plain_tile::<I, 1>(panel, x, token, start, len),
                }
            };
        }
    }
}

/// Adds `len` columns of the panel, which begin at column `start` of the matrix, to the sums of `T` tokens from `token`
/// on; returns `T`. Four partial sums, because an addition takes four cycles.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn plain_tile<I: Isa, const T: usize>(
    panel: &mut Panel,
    x: Rows<'_>,
    token: usize,
    start: usize,
    len: usize,
) -> usize {
    // SAFETY: as in `tile`.
    unsafe {
        let weights = panel.weights.as_ptr().cast::<f32>();
        let mut parts = [[I::splat(0.0); T]; 4];
        let mut values = [x.values.as_ptr(); T];
        for t in 0..T {
            values[t] = values[t].add((x.first + token + t) * x.cols + start);
        }
        let whole = len / 4 * 4;
        for column in (0..whole).step_by(4) {
            for (i, part) in parts.iter_mut().enumerate() {
                let w = I::load(weights.add((column + i) * I::LANES));
                for t in 0..T {
                    part[t] = I::mul_add(w, I::splat(*values[t].add(column + i)), part[t]);
                }
            }
        }
        for column in whole..len {
            let w = I::load(weights.add(column * I::LANES));
            for t in 0..T {
                parts[0][t] = I::mul_add(w, I::splat(*values[t].add(column)), parts[0][t]);
            }
        }
        let one = I::splat(1.0);
        for t in 0..T {
            let sums = panel.sums.as_mut_ptr().add((token + t) * I::LANES);
            let even = I::mul_add(parts[0][t], one, parts[2][t]);
            let odd = I::mul_add(parts[1][t], one, parts[3][t]);
            I::store(sums, I::mul_add(I::mul_add(even, one, odd), one, I::load(sums)));
        }
    }
    T
}

/// Asks for the weights that come [`LEAD`] bytes after `bytes`, whose turn is soon.
#[inline(always)]
fn prefetch<I: Isa>(bytes: &[u8]) {
    for line in bytes.chunks(LINE) {
        I::prefetch(line.as_ptr().wrapping_add(LEAD));
    }
}

/// Transposes rows of `columns` values that are [`STRIDE`] apart, in tiles of `LANES × LANES`; or lays them out as
/// quantised weights.
///
/// # Safety
///
/// `from` is valid for `LANES` such rows, and `STRIDE` is at least `columns` rounded up to `LANES`.
#[inline(always)]
unsafe fn tiles<I: Isa, const QUANTIZED: bool>(from: *const u32, columns: usize, to: &mut [u32]) {
    for column in (0..columns).step_by(I::LANES) {
        let to = to[column * I::LANES..(column + I::LANES) * I::LANES].as_mut_ptr();
        // SAFETY: the tile ends within the stride, and `to` has just been cut to its size.
        unsafe {
            if QUANTIZED {
                I::lay_out(from.add(column), STRIDE, to);
            } else {
                I::transpose(from.add(column), STRIDE, to);
            }
        }
    }
}

/// Dequantises one row.
#[inline(always)]
pub(super) fn dequantize(row: &[u8], dtype: TensorType, out: &mut [f32]) {
    with_format!(dtype, F => quantized dequantize_blocks::<F>(row, out), plain F::widen(row, out));
}

#[inline(always)]
fn dequantize_blocks<F: Format>(row: &[u8], out: &mut [f32]) {
    const LANES: usize = scalar::LANES;
    let (mut q, mut scales, mut mins) = ([0; 256], [0.0; 16 * LANES], [0.0; 16 * LANES]);
    for (block, out) in row.chunks_exact(F::BYTES).zip(out.chunks_exact_mut(F::BLOCK)) {
        F::unpack(block, &mut q[..F::BLOCK]);
        // the row is that of the first lane
        let mut words = [[0; LANES]; MAX_WORDS];
        for (words, &at) in words.iter_mut().zip(F::WORDS) {
            words[0] = format::u32_at(block, at) as i32;
        }
        // SAFETY: every CPU has plain Rust; no block has more than 16 groups.
        unsafe { F::scales::<Scalar>(&words, scales.as_mut_ptr(), mins.as_mut_ptr()) };
        for (i, (out, &q)) in out.iter_mut().zip(&q).enumerate() {
            let q = if F::SIGNED { f32::from(q as i8) } else { f32::from(q) };
            let group = i / F::GROUP * LANES;
            *out = scales[group] * q + mins[group];
        }
    }
}
