//! The network written down naively: no cache, no batch, no quantised activations, double precision.

use super::model::TestModel;
use crate::engine::kernels::{Kernels, Matrix};
use crate::model::{Gate, LlamaConfig, RopeLayout};

/// Rows of numbers, one per token.
pub(in crate::engine) type Rows = Vec<Vec<f64>>;

fn weights(model: &TestModel, name: &str) -> Option<Rows> {
    rows(model, &format!("{name}.weight"))
}

/// The rows of a tensor, unpacked; one of the length of a vector.
pub(in crate::engine) fn rows(model: &TestModel, tensor: &str) -> Option<Rows> {
    let view = model.tensor(tensor)?;
    let (rows, cols) = match *view.shape {
        [rows, cols] => (rows, cols),
        [len] => (1, len),
        _ => unreachable!(),
    };
    let matrix = Matrix::new(view.dtype, rows, cols, view.bytes).unwrap();
    let mut row = vec![0.0; cols];
    let rows = (0..rows).map(|i| {
        Kernels::detect().dequantize(matrix, i, &mut row);
        row.iter().map(|&value| f64::from(value)).collect()
    });
    Some(rows.collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn product(w: &Rows, x: &[f64]) -> Vec<f64> {
    w.iter().map(|row| dot(row, x)).collect()
}

fn norm(x: &[f64], weight: &[f64], epsilon: f32) -> Vec<f64> {
    let rms = (dot(x, x) / x.len() as f64 + f64::from(epsilon)).sqrt();
    x.iter().zip(weight).map(|(x, weight)| x / rms * weight).collect()
}

fn rotate(x: &mut [f64], config: &LlamaConfig, freq_base: f32, position: usize) {
    let n = config.rope.dimension_count;
    for head in x.chunks_mut(config.key_length) {
        for i in 0..n / 2 {
            let angle = position as f64 * f64::from(freq_base).powf(-2.0 * i as f64 / n as f64);
            let (a, b) = match config.rope.layout {
                RopeLayout::Interleaved => (2 * i, 2 * i + 1),
                RopeLayout::Halves => (i, i + n / 2),
            };
            (head[a], head[b]) = (
                head[a] * angle.cos() - head[b] * angle.sin(),
                head[a] * angle.sin() + head[b] * angle.cos(),
            );
        }
    }
}

/// The logits after each token.
pub(super) fn logits(model: &TestModel, config: &LlamaConfig, tokens: &[u32]) -> Rows {
    let get = |name: &str| weights(model, name).unwrap();
    let embedding = get("token_embd");
    let mut x: Rows = tokens.iter().map(|&token| embedding[token as usize].clone()).collect();
    let family = config.family;
    if family.scales_embedding {
        x.iter_mut().flatten().for_each(|x| *x *= (config.embedding_length as f64).sqrt());
    }
    let normed_heads = |row: &mut Vec<f64>, weight: &Rows| {
        let heads = row.chunks(config.key_length);
        *row = heads.flat_map(|head| norm(head, &weight[0], config.rms_norm_epsilon)).collect();
    };
    for layer in 0..config.block_count {
        let get = |name: &str| get(&format!("blk.{layer}.{name}"));
        let normed: Rows = x.iter().map(|x| norm(x, &get("attn_norm")[0], config.rms_norm_epsilon)).collect();
        let project = |name: &str| -> Rows {
            let w = get(name);
            let mut rows: Rows = normed.iter().map(|x| product(&w, x)).collect();
            if family.has_biases {
                let bias = self::rows(model, &format!("blk.{layer}.{name}.bias")).unwrap();
                rows.iter_mut().for_each(|row| row.iter_mut().zip(&bias[0]).for_each(|(x, bias)| *x += bias));
            }
            rows
        };
        let (window, freq_base) = match family.local {
            Some(local) if config.is_local(layer) => (config.sliding_window, local.freq_base),
            _ => (usize::MAX, config.rope.freq_base),
        };
        let added = |delta: Vec<f64>, name: &str| match family.norms_additions {
            true => norm(&delta, &get(name)[0], config.rms_norm_epsilon),
            false => delta,
        };
        let (mut queries, mut keys, values) = (project("attn_q"), project("attn_k"), project("attn_v"));
        for (position, (query, key)) in queries.iter_mut().zip(&mut keys).enumerate() {
            if family.norms_heads {
                normed_heads(query, &get("attn_q_norm"));
                normed_heads(key, &get("attn_k_norm"));
            }
            rotate(query, config, freq_base, position);
            rotate(key, config, freq_base, position);
        }
        let (key, value) = (config.key_length, config.value_length);
        for (t, x) in x.iter_mut().enumerate() {
            let mut mixed = Vec::new();
            for head in 0..config.head_count {
                let kv = head / (config.head_count / config.head_count_kv);
                let query = &queries[t][head * key..][..key];
                let score = |s: usize| (dot(query, &keys[s][kv * key..][..key]) / (key as f64).sqrt()).exp();
                let from = (t + 1).saturating_sub(window);
                let scores: Vec<f64> = (from..=t).map(score).collect();
                let total: f64 = scores.iter().sum();
                for i in 0..value {
                    let sum: f64 = scores
                        .iter()
                        .zip(&values[from..])
                        .map(|(score, row)| score * row[kv * value + i])
                        .sum();
                    mixed.push(sum / total);
                }
            }
            let delta = added(product(&get("attn_output"), &mixed), "post_attention_norm");
            x.iter_mut().zip(delta).for_each(|(x, delta)| *x += delta);
            let normed = norm(x, &get("ffn_norm")[0], config.rms_norm_epsilon);
            let (gate, up) = (product(&get("ffn_gate"), &normed), product(&get("ffn_up"), &normed));
            let bent = |gate: f64| match family.gate {
                Gate::Silu => gate / (1.0 + (-gate).exp()),
                Gate::Gelu => {
                    let inner = (2.0 / std::f64::consts::PI).sqrt() * (gate + 0.044_715 * gate.powi(3));
                    gate * 0.5 * (1.0 + inner.tanh())
                }
            };
            let hidden: Vec<f64> = gate.iter().zip(&up).map(|(gate, up)| bent(*gate) * up).collect();
            let delta = added(product(&get("ffn_down"), &hidden), "post_ffw_norm");
            x.iter_mut().zip(delta).for_each(|(x, delta)| *x += delta);
        }
    }
    let output = weights(model, "output").unwrap_or(embedding);
    x.iter().map(|x| product(&output, &norm(x, &get("output_norm")[0], config.rms_norm_epsilon))).collect()
}
