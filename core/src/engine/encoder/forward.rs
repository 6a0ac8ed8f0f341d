//! The forward pass of a BERT encoder (Devlin et al. 2018, arXiv 1810.04805): post-norm blocks of attention in both
//! directions and a feed-forward layer with GELU.
//!
//! Reference: Hugging Face `transformers` (`modeling_bert.py`), `llama.cpp` (`src/models/bert.cpp`).

use super::weights::{Linear, Norm};
use super::{Encoder, Inner};
use crate::engine::cache::Cache;
use crate::engine::kernels::{Activations, Attention, Product, Team, View};

/// Intermediate results; sized by the largest batch so far.
pub(super) struct Scratch {
    /// Keys and values of the layer at hand.
    cache: Cache,
    /// The residual stream behind the last norm.
    x: Activations,
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
    /// What attention gathered.
    mixed: Activations,
    up: Vec<f32>,
    hidden: Activations,
    /// What a block adds to the residual stream, then their sum.
    delta: Vec<f32>,
    team: Team,
    views: Vec<View>,
    paths: Vec<usize>,
    /// The residual stream behind the middle block.
    pub(super) middle: Vec<f32>,
}

impl Scratch {
    pub(super) fn new(encoder: &Encoder) -> Self {
        let config = &encoder.0.config;
        Self {
            cache: Cache::of_one_layer(config.head_count, config.embedding_length / config.head_count),
            x: Activations::default(),
            queries: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
            mixed: Activations::default(),
            up: Vec::new(),
            hidden: Activations::default(),
            delta: Vec::new(),
            team: Team::alone(),
            views: Vec::new(),
            paths: Vec::new(),
            middle: Vec::new(),
        }
    }
}

/// Runs sentences side by side; gives the vectors behind the middle and the last block, a row per token, one sentence
/// after the other.
///
/// Sentences are not empty, no longer than the context, and of known tokens.
pub(super) fn forward<'s>(
    encoder: &Inner,
    sentences: &[&[u32]],
    scratch: &'s mut Scratch,
) -> (&'s [f32], &'s [f32]) {
    let Inner { config, weights, kernels } = encoder;
    let Scratch { cache, x, queries, keys, values, mixed, up, hidden, delta, team, views, paths, middle } =
        scratch;
    let width = config.embedding_length;
    let count = sentences.iter().map(|sentence| sentence.len()).sum();
    let wide = count * width;

    let norm = |from: &[f32], norm: &Norm, to: &mut Activations| {
        let to = to.reset(count, width);
        for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(width)) {
            kernels.layer_norm(from, &norm.weight, &norm.bias, config.layer_norm_epsilon, to);
        }
    };
    let apply = |linear: &Linear, x: &mut Activations, team: &mut Team, out: &mut Vec<f32>| {
        out.resize(count * linear.bias.len(), 0.0);
        kernels.matmul(x, team, [Product { matrix: weights.source.matrix(&linear.weight), first: 0, out }]);
        out.chunks_exact_mut(linear.bias.len()).for_each(|row| add(row, &linear.bias));
    };

    delta.resize(wide, 0.0);
    let (mut position_row, mut segment) = (vec![0.0; width], vec![0.0; width]);
    kernels.dequantize(weights.source.matrix(&weights.segments), 0, &mut segment);
    let mut rows = delta.chunks_exact_mut(width);
    views.clear();
    paths.clear();
    for sentence in sentences {
        let first = paths.len();
        paths.extend(first..first + sentence.len());
        for ((position, token), row) in sentence.iter().enumerate().zip(&mut rows) {
            kernels.dequantize(weights.source.matrix(&weights.tokens), *token as usize, row);
            kernels.dequantize(weights.source.matrix(&weights.positions), position, &mut position_row);
            add(row, &position_row);
            add(row, &segment);
            // All of its own sentence, nothing of its neighbours in the batch. A prefix is faster to look through than a path.
            views.push(match first {
                0 => View { prefix: sentence.len(), path: 0..0 },
                first => View { prefix: 0, path: first..first + sentence.len() },
            });
        }
    }
    norm(delta, &weights.embedding_norm, x);

    cache.reserve(count);
    let (keys_at, values_at) = cache.offsets(0);
    middle.clear();
    for (block, layer) in (1..).zip(&weights.layers) {
        apply(&layer.query, x, team, queries);
        apply(&layer.key, x, team, keys);
        apply(&layer.value, x, team, values);
        cache.write(kernels, 0, 0, keys, values);
        let job = Attention {
            queries,
            cache: cache.blocks(),
            keys_at,
            values_at,
            heads: config.head_count,
            heads_kv: config.head_count,
            key_length: width / config.head_count,
            value_length: width / config.head_count,
            window: usize::MAX,
            views,
            paths,
        };
        kernels.attend(&job, team, mixed.reset(count, width));
        apply(&layer.attention_output, mixed, team, delta);
        add(delta, x.values());
        norm(delta, &layer.attention_norm, x);

        apply(&layer.up, x, team, up);
        kernels.gelu(up, hidden.reset(count, config.feed_forward_length));
        apply(&layer.down, hidden, team, delta);
        add(delta, x.values());
        norm(delta, &layer.output_norm, x);
        if block == weights.layers.len().div_ceil(2) {
            middle.extend_from_slice(x.values());
        }
    }
    (middle, x.values())
}

fn add(x: &mut [f32], delta: &[f32]) {
    for (x, delta) in x.iter_mut().zip(delta) {
        *x += delta;
    }
}
