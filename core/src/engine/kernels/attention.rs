//! Grouped-query attention (Ainslie et al. 2023, arXiv 2305.13245) over a cache in half precision.
//!
//! A block of keys or values of one head is widened once and then used by all queries of a handful of tokens.
//! What a token sees is a prefix of the cache and, in a tree, its ancestors behind that prefix; scores are laid out by
//! position in the token's own sequence, so the result has the same bits as if the path had been run alone.

use super::elementwise::{softmax, sum};
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
    scores: Vec<f32>,
}

impl Scratch {
    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        4 * (self.wide.capacity() + self.scores.capacity())
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
    let wide = BLOCK * job.key_length.max(job.value_length);
    scratch.wide.resize(wide.max(scratch.wide.len()), 0.0);
    scratch.scores.resize((TOKENS * group * longest).max(scratch.scores.len()), 0.0);

    let query_row = job.heads * job.key_length;
    let queries = &job.queries[part * TOKENS * query_row..];
    let end = views.iter().map(|view| job.end(view)).max().unwrap_or(0).div_ceil(BLOCK);
    let begin = views.iter().map(|view| job.from(view).min(view.prefix)).min().unwrap_or(0) / BLOCK;
    let blocks = || job.cache[..end].iter().enumerate().skip(begin);
    for (number, block) in blocks() {
        let keys = &mut scratch.wide[..BLOCK * job.key_length];
        // SAFETY: the CPU has `I`.
        unsafe { I::widen(&block[job.keys_at + head * keys.len()..][..keys.len()], keys) };
        for (t, view) in views.iter().enumerate() {
            let queries = &queries[t * query_row + head * group * job.key_length..][..group * job.key_length];
            for (position, slot) in job.seen(view, number) {
                let key = &keys[slot * job.key_length..][..job.key_length];
                for (g, query) in queries.chunks_exact(job.key_length).enumerate() {
                    scratch.scores[(t * group + g) * longest + position] = scale * dot::<I>(query, key);
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
            // SAFETY: as above.
            let out = unsafe { job.out(out, part * TOKENS + t, head * out_len, out_len) };
            for (g, out) in out.chunks_exact_mut(job.value_length).enumerate() {
                let weights = &scratch.scores[(t * group + g) * longest..];
                for (position, slot) in job.seen(view, number) {
                    let value = &values[slot * job.value_length..][..job.value_length];
                    add_scaled::<I>(out, weights[position], value);
                }
            }
        }
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

    /// What `view` sees of block `number`: position in the token's sequence, and slot within the block.
    #[inline(always)]
    fn seen(&self, view: &View, number: usize) -> impl Iterator<Item = (usize, usize)> {
        let (start, from) = (number * BLOCK, self.from(view));
        let prefix = start.max(from)..view.prefix.min(start + BLOCK);
        let prefix_len = view.prefix;
        let path = self.paths[view.path.clone()].iter().enumerate();
        let path = path.filter(move |(i, slot)| **slot / BLOCK == number && prefix_len + i >= from);
        prefix
            .map(move |slot| (slot, slot - start))
            .chain(path.map(move |(i, slot)| (prefix_len + i, slot - start)))
    }
}

#[inline(always)]
fn dot<I: Isa>(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..16 {
            sums[lane] = I::mul_add_one(a[lane], b[lane], sums[lane]);
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>();
    sum(sums) + rest
}

#[inline(always)]
fn add_scaled<I: Isa>(out: &mut [f32], scale: f32, x: &[f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = I::mul_add_one(scale, *x, *out);
    }
}
