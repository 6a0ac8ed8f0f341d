//! Grouped-query attention (Ainslie et al. 2023, arXiv 2305.13245) over a cache in half precision.
//!
//! A block of keys or values of one head is widened once and then used by all queries of a handful of tokens; keys are
//! transposed, too, so that a vector holds one dimension of several of them and no sum crosses lanes. What a token sees is
//! a prefix of the cache and, in a tree, its ancestors behind that prefix; scores are laid out by position in the token's own
//! sequence, so the result has the same bits as if the path had been run alone.

use super::elementwise::softmax;
use super::isa::Isa;

/// Positions in a block of the cache.
pub(in crate::engine) const BLOCK: usize = 32;
/// Tokens that share a widened block: bounds the memory for their scores.
const TOKENS: usize = 16;

/// One layer's attention: queries, the cache, and what each token sees of it.
pub(in crate::engine) struct Attention<'a> {
    /// `tokens × heads × key_length`, rotated.
    pub(in crate::engine) queries: &'a [f32],
    /// Blocks of [`BLOCK`] positions.
    pub(in crate::engine) cache: &'a [std::sync::Arc<[u16]>],
    /// Where the layer's keys begin in a block: `heads_kv × BLOCK × key_length`.
    pub(in crate::engine) keys_at: usize,
    /// Where the layer's values begin in a block: `heads_kv × BLOCK × value_length`.
    pub(in crate::engine) values_at: usize,
    pub(in crate::engine) heads: usize,
    pub(in crate::engine) heads_kv: usize,
    pub(in crate::engine) key_length: usize,
    pub(in crate::engine) value_length: usize,
    /// Tokens that a token sees at most, the nearest ones, itself included.
    pub(in crate::engine) window: usize,
    /// One per token.
    pub(in crate::engine) views: &'a [View],
    /// Slots that [`View::path`] refers to.
    pub(in crate::engine) paths: &'a [usize],
}

/// The part of the cache that a token sees, itself included.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct View {
    /// The first `prefix` slots,
    pub(in crate::engine) prefix: usize,
    /// and these, in ascending order, all behind the prefix: a range of [`Attention::paths`].
    pub(in crate::engine) path: std::ops::Range<usize>,
}

impl View {
    fn len(&self) -> usize {
        self.prefix + self.path.len()
    }
}

/// Scratch memory of [`attend`].
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Scratch {
    wide: Vec<f32>,
    transposed: Vec<f32>,
    scores: Vec<f32>,
}

impl Scratch {
    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        4 * (self.wide.capacity() + self.transposed.capacity() + self.scores.capacity())
    }
}

/// Part `part` of the attention: a handful of tokens and one head of keys and values.
///
/// # Safety
///
/// The CPU has `I`; `out` is valid for [`Attention::out_len`] values, of which those of the part are nobody else's.
#[inline(always)]
pub(super) unsafe fn attend<I: Isa>(job: &Attention<'_>, part: usize, scratch: &mut Scratch, out: *mut f32) {
    let group = job.heads / job.heads_kv;
    let (part, head) = (part / job.heads_kv, part % job.heads_kv);
    let views = &job.views[part * TOKENS..job.views.len().min((part + 1) * TOKENS)];
    let scale = 1.0 / (job.key_length as f32).sqrt();
    let longest = views.iter().map(View::len).max().unwrap_or(0).next_multiple_of(BLOCK);
    let stride = job.key_length.next_multiple_of(I::LANES);
    scratch.wide.resize((BLOCK * stride.max(job.value_length)).max(scratch.wide.len()), 0.0);
    scratch.transposed.resize((BLOCK * stride).max(scratch.transposed.len()), 0.0);
    scratch.scores.resize((TOKENS * group * longest).max(scratch.scores.len()), 0.0);

    let query_row = job.heads * job.key_length;
    let queries = &job.queries[part * TOKENS * query_row..];
    let end = views.iter().map(|view| job.end(view)).max().unwrap_or(0).div_ceil(BLOCK);
    let begin = views.iter().map(|view| job.from(view).min(view.prefix)).min().unwrap_or(0) / BLOCK;
    let blocks = || job.cache[..end].iter().enumerate().skip(begin);
    for (number, block) in blocks() {
        let keys = BLOCK * job.key_length;
        let keys = &block[job.keys_at + head * keys..][..keys];
        // SAFETY: the CPU has `I`; the scratch memory has just been made long enough.
        unsafe { transpose::<I>(keys, job.key_length, stride, &mut scratch.wide, &mut scratch.transposed) };
        for (t, view) in views.iter().enumerate() {
            let seen = job.seen(view, number);
            if seen.len == 0 {
                continue;
            }
            let queries = &queries[t * query_row + head * group * job.key_length..][..group * job.key_length];
            for (pair, queries) in queries.chunks(2 * job.key_length).enumerate() {
                let mut products = [[0.0; BLOCK]; 2];
                let (from, count) = (scratch.transposed.as_ptr(), queries.len() / job.key_length);
                // SAFETY: the CPU has `I`; a query has as many dimensions as the keys.
                unsafe {
                    match count {
                        2 => multiply::<I, 2>(queries, job.key_length, from, stride, &mut products),
                        _ => multiply::<I, 1>(queries, job.key_length, from, stride, &mut products),
                    }
                }
                let rows = scratch.scores[(t * group + 2 * pair) * longest..].chunks_mut(longest);
                for (products, row) in products.iter().zip(rows).take(count) {
                    for (slot, position) in seen.iter() {
                        row[position] = scale * products[slot];
                    }
                }
            }
        }
    }
    let out_len = group * job.value_length;
    for (t, view) in views.iter().enumerate() {
        for g in 0..group {
            softmax(&mut scratch.scores[(t * group + g) * longest..][job.from(view)..view.len()]);
        }
        // SAFETY: the values of the part's heads in the row of one of its tokens.
        unsafe { job.out(out, part * TOKENS + t, head * out_len, out_len).fill(0.0) };
    }
    for (number, block) in blocks() {
        let values = &mut scratch.wide[..BLOCK * job.value_length];
        // SAFETY: the CPU has `I`.
        unsafe { I::widen(&block[job.values_at + head * values.len()..][..values.len()], values) };
        for (t, view) in views.iter().enumerate() {
            let seen = job.seen(view, number);
            if seen.len == 0 {
                continue;
            }
            // SAFETY: as above.
            let out = unsafe { job.out(out, part * TOKENS + t, head * out_len, out_len) };
            for (pair, out) in out.chunks_mut(2 * job.value_length).enumerate() {
                let mut weights = [[0.0; BLOCK]; 2];
                let rows = scratch.scores[(t * group + 2 * pair) * longest..].chunks(longest);
                for (weights, row) in weights.iter_mut().zip(rows) {
                    for (weight, (_, position)) in weights.iter_mut().zip(seen.iter()) {
                        *weight = row[position];
                    }
                }
                // SAFETY: the CPU has `I`.
                unsafe {
                    match out.len() / job.value_length {
                        2 => mix::<I, 2>(values, job.value_length, &seen, &weights, out),
                        _ => mix::<I, 1>(values, job.value_length, &seen, &weights, out),
                    }
                }
            }
        }
    }
}

/// Widens a block's keys of `length` dimensions and turns them: behind one another, of `LANES` keys at a time, each of
/// `stride` dimensions.
///
/// # Safety
///
/// The CPU has `I`; `stride` is a multiple of `LANES`, `wide` and `to` hold `BLOCK` times as many values.
#[inline(always)]
unsafe fn transpose<I: Isa>(keys: &[u16], length: usize, stride: usize, wide: &mut [f32], to: &mut [f32]) {
    // SAFETY: every tile lies in `BLOCK` rows of `stride` values, and has as many places in `to`.
    unsafe {
        if length == stride {
            I::widen(keys, &mut wide[..keys.len()]);
        } else {
            for (key, wide) in keys.chunks_exact(length).zip(wide.chunks_exact_mut(stride)) {
                I::widen(key, &mut wide[..length]);
            }
        }
        for first in (0..BLOCK).step_by(I::LANES) {
            for dimension in (0..stride).step_by(I::LANES) {
                let from = wide.as_ptr().add(first * stride + dimension);
                let to = to.as_mut_ptr().add(first * stride + dimension * I::LANES);
                I::transpose(from.cast(), stride, to.cast());
            }
        }
    }
}

/// Products of `Q` queries of `length` dimensions with the keys of a block, as [`transpose`] left them.
///
/// # Safety
///
/// The CPU has `I`, and `keys` holds `BLOCK · stride` values.
#[inline(always)]
unsafe fn multiply<I: Isa, const Q: usize>(
    queries: &[f32],
    length: usize,
    keys: *const f32,
    stride: usize,
    out: &mut [[f32; BLOCK]; 2],
) {
    /// Enough sums at a time that none waits for the one before.
    const VECTORS: usize = 2;
    debug_assert_eq!(BLOCK % (VECTORS * I::LANES), 0, "a block is whole vectors");
    for first in (0..BLOCK).step_by(VECTORS * I::LANES) {
        // SAFETY: dimensions are below the stride, keys below the block's.
        unsafe {
            let mut sums = [[I::splat(0.0); VECTORS]; Q];
            for dimension in 0..length {
                let mut vectors = [I::splat(0.0); VECTORS];
                for (v, vector) in vectors.iter_mut().enumerate() {
                    *vector = I::load(keys.add((first + v * I::LANES) * stride + dimension * I::LANES));
                }
                for (q, sums) in sums.iter_mut().enumerate() {
                    let query = I::splat(queries[q * length + dimension]);
                    for (sum, vector) in sums.iter_mut().zip(vectors) {
                        *sum = I::mul_add(query, vector, *sum);
                    }
                }
            }
            for (sums, out) in sums.iter().zip(out.iter_mut()) {
                for (v, sum) in sums.iter().enumerate() {
                    I::store(out[first + v * I::LANES..].as_mut_ptr(), *sum);
                }
            }
        }
    }
}

/// Adds the values that are seen, of `length` dimensions, times the weights of `Q` heads, to the rows of `out`.
///
/// # Safety
///
/// The CPU has `I`.
#[inline(always)]
unsafe fn mix<I: Isa, const Q: usize>(
    values: &[f32],
    length: usize,
    seen: &Seen,
    weights: &[[f32; BLOCK]; 2],
    out: &mut [f32],
) {
    let mut at = 0;
    // SAFETY: vectors end within the dimensions.
    unsafe {
        while at + 4 * I::LANES <= length {
            mix_at::<I, Q, 4>(values, length, at, seen, weights, out);
            at += 4 * I::LANES;
        }
        while at + I::LANES <= length {
            mix_at::<I, Q, 1>(values, length, at, seen, weights, out);
            at += I::LANES;
        }
    }
    for (out, weights) in out.chunks_exact_mut(length).zip(weights) {
        for (dimension, out) in out.iter_mut().enumerate().skip(at) {
            for ((slot, _), weight) in seen.iter().zip(weights) {
                *out = I::mul_add_one(*weight, values[slot * length + dimension], *out);
            }
        }
    }
}

/// [`mix`] for the `V` vectors of dimensions from `at` on.
#[inline(always)]
unsafe fn mix_at<I: Isa, const Q: usize, const V: usize>(
    values: &[f32],
    length: usize,
    at: usize,
    seen: &Seen,
    weights: &[[f32; BLOCK]; 2],
    out: &mut [f32],
) {
    let place = |row: usize, vector: usize| row * length + at + vector * I::LANES;
    // SAFETY: the caller vouches for the CPU and that the vectors end within a row; slots are below `BLOCK`.
    unsafe {
        let mut sums = [[I::splat(0.0); V]; Q];
        for (q, sums) in sums.iter_mut().enumerate() {
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = I::load(out.as_ptr().add(place(q, v)));
            }
        }
        for (i, (slot, _)) in seen.iter().enumerate() {
            let mut vectors = [I::splat(0.0); V];
            for (v, vector) in vectors.iter_mut().enumerate() {
                *vector = I::load(values.as_ptr().add(place(slot, v)));
            }
            for (sums, weights) in sums.iter_mut().zip(weights) {
                let weight = I::splat(weights[i]);
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = I::mul_add(weight, vector, *sum);
                }
            }
        }
        for (q, sums) in sums.iter().enumerate() {
            for (v, sum) in sums.iter().enumerate() {
                I::store(out.as_mut_ptr().add(place(q, v)), *sum);
            }
        }
    }
}

/// What a token sees of a block, in the order of its sequence: slots of the block, and their positions in the sequence.
struct Seen {
    len: usize,
    slots: [usize; BLOCK],
    positions: [usize; BLOCK],
}

impl Seen {
    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.slots.iter().copied().zip(self.positions).take(self.len)
    }

    #[inline(always)]
    fn push(&mut self, slot: usize, position: usize) {
        self.slots[self.len] = slot;
        self.positions[self.len] = position;
        self.len += 1;
    }
}

impl Attention<'_> {
    /// Values of a result.
    pub(super) fn out_len(&self) -> usize {
        self.views.len() * self.heads * self.value_length
    }

    /// Parts that can be computed apart.
    pub(super) fn parts(&self) -> usize {
        self.views.len().div_ceil(TOKENS) * self.heads_kv
    }

    /// `len` values from `at` on in the row of token `token`.
    ///
    /// # Safety
    ///
    /// They lie in that row, and nobody else uses them.
    unsafe fn out<'a>(&self, out: *mut f32, token: usize, at: usize, len: usize) -> &'a mut [f32] {
        let row = token * self.heads * self.value_length;
        // SAFETY: passed on.
        unsafe { std::slice::from_raw_parts_mut(out.add(row + at), len) }
    }

    /// The first position of the token's sequence that it sees.
    fn from(&self, view: &View) -> usize {
        view.len().saturating_sub(self.window)
    }

    /// The slot behind the last one that `view` sees.
    fn end(&self, view: &View) -> usize {
        self.paths[view.path.clone()].last().map_or(view.prefix, |last| last + 1)
    }

    /// What `view` sees of block `number`.
    #[inline(always)]
    fn seen(&self, view: &View, number: usize) -> Seen {
        let (start, from) = (number * BLOCK, self.from(view));
        let mut seen = Seen { len: 0, slots: [0; BLOCK], positions: [0; BLOCK] };
        for slot in start.max(from)..view.prefix.min(start + BLOCK) {
            seen.push(slot - start, slot);
        }
        for (i, slot) in self.paths[view.path.clone()].iter().enumerate() {
            if slot / BLOCK == number && view.prefix + i >= from {
                seen.push(slot - start, view.prefix + i);
            }
        }
        seen
    }
}
