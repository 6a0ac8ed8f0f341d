//! Products of a weight matrix with the activations of one or more tokens.
//!
//! As in llama.cpp, activations are quantised to 8 bits in groups of 32 once per product, and the product of a group is
//! computed in integers. Here it is done by **panels**: as many rows of weights as a vector has lanes are unpacked
//! (each format by its own [`Format`]), transposed so that every lane holds its own row, and then multiplied with all
//! tokens while they lie in the first cache. So the bytes of a weight are read and unpacked once per batch, one kernel
//! serves every format, and no sum ever crosses lanes.
//!
//! Per group and lane, `w = scale · q + min` and `x = d · a` (`q`, `a` integers) give
//! `Σ w x = (scale · d) · Σ q a + min · (d · Σ a)`; the last factor is known from the quantisation.
//!
//! A row's sum is accumulated in the same order whatever the number of tokens, so a token's result does not depend, not
//! even in its last bit, on the batch it was computed in.

use super::Matrix;
use super::format::{Format, PlainFormat, with_format};
use super::isa::Isa;
use crate::model::TensorType;

/// Activations that share a scale.
pub(super) const GROUP: usize = 32;

/// Weights of a row that are unpacked at a time; whole blocks of every format.
const SEGMENT: usize = 1024;
/// Lanes of the widest instruction set.
const MAX_LANES: usize = 16;
/// 32-bit values from one unpacked row to the next: not a power of two, so that rows do not share cache sets.
const STRIDE: usize = SEGMENT / 4 + MAX_LANES;
/// The same for scales, of which there is at most one for 16 weights.
const SCALE_STRIDE: usize = SEGMENT / 16 + MAX_LANES;

/// How far ahead weights are fetched, in bytes: they are read once, in order, so memory is what decoding waits for.
const LEAD: usize = 4096;

/// A cache line's worth of values, so that vectors never straddle two lines.
#[derive(Clone)]
#[repr(C, align(64))]
struct Tile<const N: usize>([u32; N]);

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
    row_scales: Box<Tile<{ MAX_LANES * SCALE_STRIDE }>>,
    row_mins: Box<Tile<{ MAX_LANES * SCALE_STRIDE }>>,
    weights: Box<Tile<{ MAX_LANES * STRIDE }>>,
    scales: Box<Tile<{ MAX_LANES * SCALE_STRIDE }>>,
    mins: Box<Tile<{ MAX_LANES * SCALE_STRIDE }>>,
    /// A vector of sums per token.
    sums: Vec<f32>,
}

impl Default for Panel {
    fn default() -> Self {
        fn tile<const N: usize>() -> Box<Tile<N>> {
            Box::new(Tile([0; N]))
        }
        Self {
            rows: tile(),
            row_scales: tile(),
            row_mins: tile(),
            weights: tile(),
            scales: tile(),
            mins: tile(),
            sums: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("tokens", &(self.sums.len() / MAX_LANES)).finish_non_exhaustive()
    }
}

impl Panel {
    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        let words = 2 * MAX_LANES * STRIDE + 4 * MAX_LANES * SCALE_STRIDE;
        4 * (words + self.sums.capacity())
    }
}

/// Activations of `count` tokens from `first` on, row-major, as the products read them.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) cols: usize,
    /// Read by products with plain weights.
    pub(super) values: &'a [f32],
    /// Read by products with quantised weights.
    pub(super) quantized: Option<&'a Quantized>,
}

/// Activations in 8 bits: groups of 32 integers `q` with `|q| ≤ 127` and a scale; `x ≈ scale · q`.
#[derive(Clone, Debug, Default)]
pub(super) struct Quantized {
    q: Vec<i8>,
    scales: Vec<f32>,
    /// Scale times sum of the integers, per 32.
    sums: Vec<f32>,
    /// The same per 16.
    half_sums: Vec<f32>,
}

impl Quantized {
    /// Makes room for `len` values, whole groups.
    pub(super) fn resize(&mut self, len: usize) {
        self.q.resize(len, 0);
        self.scales.resize(len / GROUP, 0.0);
        self.sums.resize(len / GROUP, 0.0);
        self.half_sums.resize(2 * len / GROUP, 0.0);
    }

    /// Bytes of heap.
    pub(super) fn bytes(&self) -> usize {
        self.q.capacity() + 4 * (self.scales.capacity() + self.sums.capacity() + self.half_sums.capacity())
    }
}

/// `out[t][n] = Σ_k w[n][k] · x[t][k]`.
///
/// # Safety
///
/// The CPU has `I`; `w` and `x` are as long as they say, `x.cols == w.cols`, and `out` holds `x.count × w.rows`.
#[inline(always)]
pub(super) unsafe fn matmul<I: Isa>(w: Matrix<'_>, x: Rows<'_>, panel: &mut Panel, out: &mut [f32]) {
    panel.sums.resize(panel.sums.len().max(x.count * MAX_LANES), 0.0);
    // SAFETY: passed on.
    unsafe {
        with_format!(w.dtype, F =>
            quantized quantized::<I, F>(w, x, panel, out),
            plain plain::<I, F>(w, x, panel, out))
    }
}

#[inline(always)]
unsafe fn quantized<I: Isa, F: Format>(w: Matrix<'_>, x: Rows<'_>, panel: &mut Panel, out: &mut [f32]) {
    let Some(quantized) = x.quantized else { return };
    let row_bytes = w.cols / F::BLOCK * F::BYTES;
    for first in (0..w.rows).step_by(I::LANES) {
        let rows = I::LANES.min(w.rows - first);
        panel.sums[..x.count * I::LANES].fill(0.0);
        for start in (0..w.cols).step_by(SEGMENT) {
            let len = SEGMENT.min(w.cols - start);
            let groups = len / F::GROUP;
            // offsets of rows are computed in 32 bits
            let in_reach = row_bytes < 1 << 24;
            if x.count == 1 && rows == I::LANES && groups > 1 && in_reach && I::reads_blocks(F::PACKING) {
                let blocks = &w.bytes[first * row_bytes..(first + rows) * row_bytes];
                let at = x.first * x.cols + start;
                // SAFETY: the CPU has `I`; the columns begin and end within the rows, and so do those of the token.
                unsafe { blocks_tile::<I, F>(panel, quantized, at, blocks, row_bytes, start, groups) };
                continue;
            }
            let bytes = len / F::BLOCK * F::BYTES;
            for r in 0..rows {
                let at = (first + r) * row_bytes + start / F::BLOCK * F::BYTES;
                let bytes = &w.bytes[at..at + bytes];
                prefetch::<I>(bytes);
                F::unpack(
                    bytes,
                    panel.rows.bytes(r * STRIDE, len),
                    panel.row_scales.floats(r * SCALE_STRIDE, groups),
                    panel.row_mins.floats(r * SCALE_STRIDE, groups),
                );
            }
            // SAFETY: the tiles hold LANES rows of `STRIDE` and `SCALE_STRIDE` values, and both are at least the number
            // of columns rounded up to LANES. What lies beyond the columns is transposed along and never read.
            unsafe {
                transpose::<I>(panel.rows.as_ptr(), STRIDE, len / 4, &mut panel.weights.0);
                transpose::<I>(panel.row_scales.as_ptr(), SCALE_STRIDE, groups, &mut panel.scales.0);
                if !F::DEFERS_SCALES {
                    transpose::<I>(panel.row_mins.as_ptr(), SCALE_STRIDE, groups, &mut panel.mins.0);
                }
            }
            F::finish(panel.scales.floats(0, groups * I::LANES), panel.mins.floats(0, groups * I::LANES));
            let mut token = 0;
            while token < x.count {
                let at = (x.first + token) * x.cols + start;
                // SAFETY: the CPU has `I`, and the tile's tokens are below `x.count`.
                token += unsafe {
                    match x.count - token {
                        8.. if I::TOKENS >= 8 => tile::<I, F, 8>(panel, quantized, at, x.cols, groups, token),
                        4.. if I::TOKENS >= 4 => tile::<I, F, 4>(panel, quantized, at, x.cols, groups, token),
                        2.. => tile::<I, F, 2>(panel, quantized, at, x.cols, groups, token),
                        _ => tile::<I, F, 1>(panel, quantized, at, x.cols, groups, token),
                    }
                };
            }
        }
        store_sums::<I>(panel, w.rows, first, rows, x.count, out);
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

/// Adds `groups` blocks of `LANES` rows, from column `start` on, to the sums of one token, whose activations begin at `at`.
/// The same operations in the same order as in [`tile`], on weights that are not transposed before.
#[inline(always)]
unsafe fn blocks_tile<I: Isa, F: Format>(
    panel: &mut Panel,
    x: &Quantized,
    at: usize,
    rows: &[u8],
    row_bytes: usize,
    start: usize,
    groups: usize,
) {
    let offset = start / F::BLOCK * F::BYTES;
    // the next rows lie behind these
    for line in (0..I::LANES * groups * F::BYTES).step_by(64) {
        I::prefetch(rows.as_ptr().wrapping_add(rows.len() + line));
    }
    // SAFETY: the rows have `groups` blocks from `offset` on, the token as many groups from `at` on, and the panel room for
    // as many scales of `LANES` rows each.
    unsafe {
        let blocks = rows.as_ptr().add(offset);
        let scales = panel.scales.floats(0, groups * I::LANES);
        for group in 0..groups {
            I::gather(blocks.add(group * F::BYTES), row_bytes, scales.as_mut_ptr().add(group * I::LANES));
        }
        F::finish(scales, panel.mins.floats(0, groups * I::LANES));
        let scales = panel.scales.as_ptr().cast::<f32>();
        let mins = panel.mins.as_ptr().cast::<f32>();
        let mut total = I::load(panel.sums.as_ptr());
        let token = x.q.as_ptr().add(at);
        for pair in (0..groups).step_by(2) {
            // an odd last block comes again with its neighbour, whose product has been added
            let first = pair.min(groups - 2);
            let blocks = blocks.add(first * F::BYTES);
            let products = I::dot_blocks::<F>(blocks, row_bytes, token.add(first * GROUP));
            for group in pair..first + 2 {
                let scale = I::load(scales.add(group * I::LANES));
                let both = I::mul(scale, I::splat(*x.scales.as_ptr().add(at / GROUP + group)));
                total = I::mul_add(I::to_f32(products[group - first]), both, total);
                if !F::SIGNED || I::SHIFTS_SIGNED {
                    let min = if F::SIGNED {
                        I::mul(scale, I::splat(-128.0))
                    } else {
                        I::load(mins.add(group * I::LANES))
                    };
                    total = I::mul_add(min, I::splat(*x.sums.as_ptr().add(at / GROUP + group)), total);
                }
            }
        }
        I::store(panel.sums.as_mut_ptr(), total);
    }
}

#[inline(always)]
unsafe fn plain<I: Isa, F: PlainFormat>(w: Matrix<'_>, x: Rows<'_>, panel: &mut Panel, out: &mut [f32]) {
    /// Plain weights take four bytes each once they are unpacked.
    const SEGMENT: usize = super::matmul::SEGMENT / 4;
    for first in (0..w.rows).step_by(I::LANES) {
        let rows = I::LANES.min(w.rows - first);
        panel.sums[..x.count * I::LANES].fill(0.0);
        for start in (0..w.cols).step_by(SEGMENT) {
            let len = SEGMENT.min(w.cols - start);
            for r in 0..rows {
                let at = ((first + r) * w.cols + start) * F::BYTES;
                F::widen(&w.bytes[at..at + len * F::BYTES], panel.rows.floats(r * STRIDE, len));
            }
            // SAFETY: as for quantised weights.
            unsafe { transpose::<I>(panel.rows.as_ptr(), STRIDE, len, &mut panel.weights.0) };
            let mut token = 0;
            while token < x.count {
                // SAFETY: the CPU has `I`, and the tile's tokens are below `x.count`.
                token += unsafe {
                    match x.count - token {
                        4.. if I::TOKENS >= 8 => plain_tile::<I, 4>(panel, x, token, start, len),
                        2.. if I::TOKENS >= 4 => plain_tile::<I, 2>(panel, x, token, start, len),
                        _ => plain_tile::<I, 1>(panel, x, token, start, len),
                    }
                };
            }
        }
        store_sums::<I>(panel, w.rows, first, rows, x.count, out);
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
    for line in bytes.chunks(64) {
        I::prefetch(line.as_ptr().wrapping_add(LEAD));
    }
}

/// Transposes `LANES` rows of `columns` values that are `stride` apart, in tiles of `LANES × LANES`.
///
/// # Safety
///
/// `from` is valid for `LANES · stride` values, and `stride` is at least `columns` rounded up to `LANES`.
#[inline(always)]
unsafe fn transpose<I: Isa>(from: *const u32, stride: usize, columns: usize, to: &mut [u32]) {
    for column in (0..columns).step_by(I::LANES) {
        let to = &mut to[column * I::LANES..(column + I::LANES) * I::LANES];
        // SAFETY: the tile ends within the stride, and `to` has just been cut to its size.
        unsafe { I::transpose(from.add(column), stride, to.as_mut_ptr()) };
    }
}

/// Copies the panel's sums, which belong to rows `first .. first + rows` of the matrix, to where they belong.
#[inline(always)]
fn store_sums<I: Isa>(
    panel: &Panel,
    stride: usize,
    first: usize,
    rows: usize,
    count: usize,
    out: &mut [f32],
) {
    for (t, sums) in panel.sums.chunks_exact(I::LANES).take(count).enumerate() {
        out[t * stride + first..][..rows].copy_from_slice(&sums[..rows]);
    }
}

/// Dequantises one row.
#[inline(always)]
pub(super) fn dequantize(row: &[u8], dtype: TensorType, out: &mut [f32]) {
    with_format!(dtype, F => quantized dequantize_blocks::<F>(row, out), plain F::widen(row, out));
}

#[inline(always)]
fn dequantize_blocks<F: Format>(row: &[u8], out: &mut [f32]) {
    let (mut q, mut scales, mut mins) = ([0; 256], [0.0; 16], [0.0; 16]);
    let groups = F::BLOCK / F::GROUP;
    for (block, out) in row.chunks_exact(F::BYTES).zip(out.chunks_exact_mut(F::BLOCK)) {
        F::unpack(block, &mut q[..F::BLOCK], &mut scales[..groups], &mut mins[..groups]);
        F::finish(&mut scales[..groups], &mut mins[..groups]);
        for (i, (out, &q)) in out.iter_mut().zip(&q).enumerate() {
            let q = if F::SIGNED { f32::from(q as i8) } else { f32::from(q) };
            *out = scales[i / F::GROUP] * q + mins[i / F::GROUP];
        }
    }
}

/// Quantises rows of activations, whole groups. `to` has the size for them.
///
/// Scales and sums stay in single precision (llama.cpp rounds them to half).
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "indices of two halves")]
pub(super) fn quantize(x: &[f32], to: &mut Quantized) {
    let groups = x.as_chunks::<GROUP>().0.iter().zip(to.q.as_chunks_mut::<GROUP>().0);
    let scales = to.scales.iter_mut().zip(&mut to.sums).zip(to.half_sums.as_chunks_mut::<2>().0);
    for ((x, q), ((scale, sum), halves)) in groups.zip(scales) {
        let mut largest = [0f32; 8];
        for x in x.as_chunks::<8>().0 {
            for lane in 0..8 {
                largest[lane] = if x[lane].abs() > largest[lane] { x[lane].abs() } else { largest[lane] };
            }
        }
        let largest = largest.into_iter().fold(0f32, f32::max);
        *scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let mut total = [0i32; 2];
        for half in 0..2 {
            for i in half * 16..half * 16 + 16 {
                let rounded = round(x[i] * inverse);
                q[i] = rounded as i8;
                total[half] += rounded;
            }
        }
        *halves = total.map(|total| *scale * total as f32);
        *sum = *scale * (total[0] + total[1]) as f32;
    }
}

/// Rounds to the nearest integer, ties to even, if `|x|` is below 2^22.
#[inline(always)]
fn round(x: f32) -> i32 {
    /// 1.5 · 2^23: added to `x`, it leaves no bits for a fraction.
    const MAGIC: f32 = 12_582_912.0;
    (x + MAGIC).to_bits() as i32 - MAGIC.to_bits() as i32
}
