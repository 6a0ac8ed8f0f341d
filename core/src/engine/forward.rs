//! The forward pass of a Llama-family transformer (Touvron et al. 2023, arXiv 2302.13971): pre-norm blocks of
//! grouped-query attention with rotary positions and a SwiGLU feed-forward layer. What Qwen and Gemma do otherwise is a
//! [`Family`](crate::model::Family).
//!
//! Reference: `llama.cpp` (`src/models/llama.cpp`), `candle-transformers` (`quantized_llama.rs`).

use super::Engine;
use super::cache::Cache;
use super::kernels::{Activations, Attention, Team, View};
use super::rope::Angles;
use crate::cancel::{CancelToken, Cancelled};
use crate::model::Gate;

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
    gate: Vec<f32>,
    up: Vec<f32>,
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
            gate: Vec::new(),
            up: Vec::new(),
            hidden: Activations::default(),
            delta: Vec::new(),
            angles: Angles::default(),
            local_angles: Angles::default(),
            team,
        }
    }

    /// Bytes of heap.
    pub(super) fn bytes(&self) -> usize {
        let vectors = [&self.x, &self.queries, &self.keys, &self.values, &self.gate, &self.up, &self.delta];
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
    let Scratch { x, normed, queries, keys, values, mixed, gate, up, hidden, delta, team, .. } = scratch;
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

    let norm = |x: &[f32], weight: &[f32], team: &mut Team, normed: &mut Activations| {
        team.rows(normed.reset(x.len() / width, width), width, |first, out| {
            for (x, out) in x[first * width..].chunks_exact(width).zip(out.chunks_exact_mut(width)) {
                kernels.rms_norm(x, weight, config.rms_norm_epsilon, out);
            }
        });
    };
    for (i, layer) in weights.layers.iter().enumerate() {
        cancel.check()?;
        // The last layer only has to go on for tokens whose logits are wanted; the others leave keys and values.
        let first = if i + 1 == weights.layers.len() { batch.wanted } else { 0 };
        let (rope, angles, window) = match local_rope {
            Some(rope) if config.is_local(i) => (rope, &*local_angles, config.sliding_window),
            _ => (rope, &*angles, usize::MAX),
        };

        norm(x, &layer.attention_norm, team, normed);
        keys.resize(count * key_row, 0.0);
        values.resize(count * config.head_count_kv * config.value_length, 0.0);
        kernels.matmul(weights.matrix(&layer.key), normed, 0, team, keys);
        kernels.matmul(weights.matrix(&layer.value), normed, 0, team, values);
        if let Some([_, key_bias, value_bias]) = &layer.biases {
            add_to_rows(keys, key_bias);
            add_to_rows(values, value_bias);
        }
        team.rows(keys, key_row, |token, keys| {
            if let Some([_, norm]) = &layer.head_norms {
                norm_rows(keys, norm, config.rms_norm_epsilon);
            }
            rope.rotate(angles, token, keys, key_row, config.key_length);
        });
        cache.write(kernels, i, batch.slot, keys, values);
        let rows = count - first;
        if rows == 0 {
            break;
        }

        queries.resize(rows * query_row, 0.0);
        kernels.matmul(weights.matrix(&layer.query), normed, first, team, queries);
        if let Some([query_bias, ..]) = &layer.biases {
            add_to_rows(queries, query_bias);
        }
        team.rows(queries, query_row, |token, queries| {
            if let Some([norm, _]) = &layer.head_norms {
                norm_rows(queries, norm, config.rms_norm_epsilon);
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
        kernels.matmul(weights.matrix(&layer.attention_output), mixed, 0, team, delta);
        if let Some([norm, _]) = &layer.addition_norms {
            norm_rows(delta, norm, config.rms_norm_epsilon);
        }
        add(x, delta);

        norm(x, &layer.feed_forward_norm, team, normed);
        gate.resize(rows * config.feed_forward_length, 0.0);
        up.resize(rows * config.feed_forward_length, 0.0);
        kernels.matmul(weights.matrix(&layer.gate), normed, 0, team, gate);
        kernels.matmul(weights.matrix(&layer.up), normed, 0, team, up);
        let hidden_row = config.feed_forward_length;
        team.rows(hidden.reset(rows, hidden_row), hidden_row, |token, hidden| {
            let part = token * hidden_row..token * hidden_row + hidden.len();
            match config.family.gate {
                Gate::Silu => kernels.swiglu(&gate[part.clone()], &up[part], hidden),
                Gate::Gelu => kernels.geglu(&gate[part.clone()], &up[part], hidden),
            }
        });
        kernels.matmul(weights.matrix(&layer.down), hidden, 0, team, delta);
        if let Some([_, norm]) = &layer.addition_norms {
            norm_rows(delta, norm, config.rms_norm_epsilon);
        }
        add(x, delta);
    }
    cancel.check()?;
    if batch.wanted < count {
        norm(&x[batch.wanted * width..], &weights.output_norm, team, normed);
        kernels.matmul(weights.matrix(&weights.output), normed, 0, team, logits);
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
