//! The forward pass of a Llama-family transformer (Touvron et al. 2023, arXiv 2302.13971): pre-norm blocks of
//! grouped-query attention with rotary positions and a SwiGLU feed-forward layer. What Qwen and Gemma do otherwise is a
//! [`Family`](crate::model::Family).
//!
//! Reference: `llama.cpp` (`src/models/llama.cpp`), `candle-transformers` (`quantized_llama.rs`).

use super::Engine;
use super::cache::Cache;
use super::kernels::{Activations, Attention, Form, Product, RmsNorm, Team, View};
use super::rope::Angles;
use crate::cancel::{CancelToken, Cancelled};

/// Tokens that run together at most. More would spread the unpacking of weights a little thinner and cost memory.
pub(super) const CHUNK: usize = 128;

/// Tokens to run: where they go and what each sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) tokens: Vec<u32>,
    /// Each token's place in its sequence.
    pub(super) positions: Vec<usize>,
    /// Each token's part of the cache; itself included.
    pub(super) views: Vec<View>,
    /// What the views' paths refer to.
    pub(super) paths: Vec<usize>,
    /// The cache slot of the first token; the others follow.
    pub(super) slot: usize,
    /// The first token whose logits are wanted, and those of all behind it; `tokens.len()` for none.
    pub(super) wanted: usize,
}

impl Batch {
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.positions.clear();
        self.views.clear();
        self.paths.clear();
    }
}

/// Intermediate results; sized by the largest batch so far.
#[derive(Debug)]
pub(super) struct Scratch {
    /// The residual stream.
    x: Vec<f32>,
    normed: Activations,
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
    /// What attention gathered.
    mixed: Activations,
    /// The feed-forward layer's activations.
    hidden: Activations,
    /// What a block adds to the residual stream.
    delta: Vec<f32>,
    angles: Angles,
    /// Those of the layers that see only the nearest tokens.
    local_angles: Angles,
    team: Team,
}

impl Scratch {
    pub(super) fn new(team: Team) -> Self {
        Self {
            x: Vec::new(),
            normed: Activations::default(),
            queries: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
            mixed: Activations::default(),
            hidden: Activations::default(),
            delta: Vec::new(),
            angles: Angles::default(),
            local_angles: Angles::default(),
            team,
        }
    }

    /// Bytes of heap.
    pub(super) fn bytes(&self) -> usize {
        let vectors = [&self.x, &self.queries, &self.keys, &self.values, &self.delta];
        let floats: usize = vectors.iter().map(|vector| vector.capacity()).sum();
        let activations = self.normed.bytes() + self.mixed.bytes() + self.hidden.bytes();
        4 * floats + activations + self.team.bytes()
    }
}

/// Runs `batch`: fills its slots of `cache`, and `logits` with a row per wanted token.
///
/// # Errors
///
/// [`Cancelled`], found between layers; the slots then hold nothing of use.
pub(super) fn forward(
    engine: &Engine,
    batch: &Batch,
    cache: &mut Cache,
    scratch: &mut Scratch,
    logits: &mut [f32],
    cancel: &CancelToken,
) -> Result<(), Cancelled> {
    let Engine { config, weights, kernels, rope, local_rope, .. } = engine;
    let Scratch { x, normed, queries, keys, values, mixed, hidden, delta, team, .. } = scratch;
    let Scratch { angles, local_angles, .. } = scratch;
    let count = batch.tokens.len();
    let width = config.embedding_length;
    let query_row = config.head_count * config.key_length;
    let key_row = config.head_count_kv * config.key_length;
    let mixed_row = config.head_count * config.value_length;
    cache.reserve(batch.slot + count);
    rope.angles(&batch.positions, angles);
    if let Some(rope) = local_rope {
        rope.angles(&batch.positions, local_angles);
    }

    x.resize(count * width, 0.0);
    let embedding = weights.matrix(&weights.embedding);
    for (x, &token) in x.chunks_exact_mut(width).zip(&batch.tokens) {
        kernels.dequantize(embedding, token as usize, x);
    }
    if config.family.scales_embedding {
        let scale = (width as f32).sqrt();
        x.iter_mut().for_each(|x| *x *= scale);
    }

    // Added together with the norm that comes behind it.
    delta.clear();
    let epsilon = config.rms_norm_epsilon;
    let norm = |weight| RmsNorm { weight, epsilon };
    for (i, layer) in weights.layers.iter().enumerate() {
        cancel.check()?;
        // The last layer only has to go on for tokens whose logits are wanted; the others leave keys and values.
        let first = if i + 1 == weights.layers.len() { batch.wanted } else { 0 };
        let (rope, angles, window) = match local_rope {
            Some(rope) if config.is_local(i) => (rope, &*local_angles, config.sliding_window),
            _ => (rope, &*angles, usize::MAX),
        };

        let [query, key, value] =
            [&layer.query, &layer.key, &layer.value].map(|tensor| weights.matrix(tensor));
        kernels.add_norm(x, delta, norm(&layer.attention_norm), Form::of([query, key, value]), team, normed);
        let rows = count - first;
        queries.resize(rows * query_row, 0.0);
        keys.resize(count * key_row, 0.0);
        values.resize(count * config.head_count_kv * config.value_length, 0.0);
        let products = [
            Product { matrix: key, first: 0, out: keys },
            Product { matrix: value, first: 0, out: values },
            Product { matrix: query, first, out: queries },
        ];
        kernels.matmul(normed, team, products);
        if let Some([query_bias, key_bias, value_bias]) = &layer.biases {
            add_to_rows(queries, query_bias);
            add_to_rows(keys, key_bias);
            add_to_rows(values, value_bias);
        }
        team.rows(keys, key_row, |token, keys| {
            if let Some([_, weight]) = &layer.head_norms {
                norm_rows(keys, weight, epsilon);
            }
            rope.rotate(angles, token, keys, key_row, config.key_length);
        });
        cache.write(kernels, i, batch.slot, keys, values);
        if rows == 0 {
            break;
        }
        team.rows(queries, query_row, |token, queries| {
            if let Some([weight, _]) = &layer.head_norms {
                norm_rows(queries, weight, epsilon);
            }
            rope.rotate(angles, first + token, queries, query_row, config.key_length);
        });
        let (keys_at, values_at) = cache.offsets(i);
        let job = Attention {
            queries,
            cache: cache.blocks(),
            keys_at,
            values_at,
            heads: config.head_count,
            heads_kv: config.head_count_kv,
            key_length: config.key_length,
            value_length: config.value_length,
            window,
            views: &batch.views[first..],
            paths: &batch.paths,
        };
        kernels.attend(&job, team, mixed.reset(rows, mixed_row));
        let x = &mut x[first * width..];
        delta.resize(rows * width, 0.0);
        let attention_output = weights.matrix(&layer.attention_output);
        kernels.matmul(mixed, team, [Product { matrix: attention_output, first: 0, out: delta }]);
        if let Some([weight, _]) = &layer.addition_norms {
            norm_rows(delta, weight, epsilon);
        }

        let [gate, up, down] = [&layer.gate, &layer.up, &layer.down].map(|tensor| weights.matrix(tensor));
        kernels.add_norm(x, delta, norm(&layer.feed_forward_norm), Form::of([gate, up]), team, normed);
        kernels.gated([gate, up], config.family.gate, normed, Form::of([down]), team, hidden);
        kernels.matmul(hidden, team, [Product { matrix: down, first: 0, out: delta }]);
        if let Some([_, weight]) = &layer.addition_norms {
            norm_rows(delta, weight, epsilon);
        }
    }
    cancel.check()?;
    if batch.wanted < count {
        let output = weights.matrix(&weights.output);
        let x = &mut x[batch.wanted * width..];
        kernels.add_norm(x, delta, norm(&weights.output_norm), Form::of([output]), team, normed);
        kernels.matmul(normed, team, [Product { matrix: output, first: 0, out: logits }]);
    }
    Ok(())
}

/// Adds `bias` to every row.
fn add_to_rows(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        add(row, bias);
    }
}

/// RMSNorm of every row in place.
fn norm_rows(rows: &mut [f32], weight: &[f32], epsilon: f32) {
    for row in rows.chunks_exact_mut(weight.len()) {
        let square = row.iter().map(|x| x * x).sum::<f32>() / weight.len() as f32;
        let scale = 1.0 / (square + epsilon).sqrt();
        for (x, weight) in row.iter_mut().zip(weight) {
            *x *= scale * weight;
        }
    }
}

fn add(x: &mut [f32], delta: &[f32]) {
    for (x, delta) in x.iter_mut().zip(delta) {
        *x += delta;
    }
}
