//! The `llama` architecture: hyperparameters from `llama.*` keys, and the tensors that must go with them.
//!
//! Reference: llama.cpp's `llama-model.cpp`, whose defaults for absent keys are followed.

use super::architecture::{
    Known, MAX_CONTEXT, MAX_WIDTH, TOKEN_EMBEDDING, bounded, epsilon, part_of_block, vocab_size,
};
use super::error::Fault;
use super::metadata::Metadata;
use super::tensor::{self, Table, Tensor, TensorType};

/// Hyperparameters of a Llama-family model, named as in the GGUF specification's `llama.*` keys.
#[derive(Clone, Debug, PartialEq)]
pub struct LlamaConfig {
    /// Number of transformer blocks.
    pub block_count: usize,
    /// Width of the residual stream.
    pub embedding_length: usize,
    /// Width of the feed-forward layer.
    pub feed_forward_length: usize,
    /// Query heads.
    pub head_count: usize,
    /// Key and value heads (grouped-query attention); divides `head_count`.
    pub head_count_kv: usize,
    /// Values per key or query head.
    pub key_length: usize,
    /// Values per value head.
    pub value_length: usize,
    /// Longest context the model was trained for, in tokens.
    pub context_length: usize,
    /// Rows of the embedding.
    pub vocab_size: usize,
    /// RMSNorm's epsilon.
    pub rms_norm_epsilon: f32,
    /// How positions are rotated into queries and keys.
    pub rope: RopeConfig,
}

/// Rotary position embedding (Su et al. 2021, arXiv 2104.09864) with GGUF's scaling variants.
#[derive(Clone, Debug, PartialEq)]
pub struct RopeConfig {
    /// Rotated values per head.
    pub dimension_count: usize,
    /// Base frequency θ.
    pub freq_base: f32,
    /// Which value pairs turn together.
    pub layout: RopeLayout,
    /// How positions beyond the training length are squeezed.
    pub scaling: RopeScaling,
}

/// Which values of a head form the rotated pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RopeLayout {
    /// (0,1), (2,3), …: GGUF files of architecture `llama`, whose Q and K rows are permuted for it.
    Interleaved,
    /// (0,n/2), (1,n/2+1), …: GPT-NeoX order, as Qwen and Gemma files have it.
    Halves,
}

/// Position scaling.
#[derive(Clone, Debug, PartialEq)]
pub enum RopeScaling {
    /// Positions as they are.
    None,
    /// Positions divided by `factor`.
    Linear {
        /// Divisor of the position.
        factor: f32,
    },
    /// One divisor per rotated pair, from the tensor `rope_freqs.weight` (Llama 3.1).
    PerFrequency {
        /// Divisor of each pair's frequency; `dimension_count / 2` of them.
        factors: Vec<f32>,
    },
}

const OUTPUT: &str = "output.weight";
const ROPE_FREQUENCIES: &str = "rope_freqs.weight";

impl LlamaConfig {
    /// Reads the hyperparameters and checks the tensors of `table` against them; `file` holds the tensors' bytes.
    pub(crate) fn new(metadata: &Metadata<'_>, table: &Table, file: &[u8]) -> Result<Self, Fault> {
        let width = |key: &str| bounded(key, metadata.required_uint(key)?, MAX_WIDTH);
        let optional_width =
            |key: &str, default| bounded(key, metadata.uint(key)?.unwrap_or(default), MAX_WIDTH);
        for key in ["llama.expert_count", "llama.expert_used_count"] {
            if let Some(count @ 1..) = metadata.uint(key)? {
                return Err(Fault::unsupported(key, count.to_string(), "models without experts"));
            }
        }

        const HEADS: &str = "llama.attention.head_count";
        const HEADS_KV: &str = "llama.attention.head_count_kv";
        let embedding_length = width("llama.embedding_length")?;
        let head_count = width(HEADS)?;
        let head_count_kv = optional_width(HEADS_KV, head_count)?;
        if !head_count.is_multiple_of(head_count_kv) {
            return Err(Fault::invalid(
                HEADS_KV,
                format!("is {head_count_kv}, which does not divide {head_count} heads"),
            ));
        }
        if metadata.uint("llama.attention.key_length")?.is_none()
            && !embedding_length.is_multiple_of(head_count)
        {
            let problem =
                format!("is {head_count}, which does not divide the embedding's {embedding_length}");
            return Err(Fault::invalid(HEADS, problem));
        }
        let key_length = optional_width("llama.attention.key_length", embedding_length / head_count)?;
        let value_length = optional_width("llama.attention.value_length", embedding_length / head_count)?;

        const CONTEXT: &str = "llama.context_length";
        const EPSILON: &str = "llama.attention.layer_norm_rms_epsilon";
        let config = Self {
            block_count: width("llama.block_count")?,
            embedding_length,
            feed_forward_length: width("llama.feed_forward_length")?,
            head_count,
            head_count_kv,
            key_length,
            value_length,
            context_length: bounded(CONTEXT, metadata.required_uint(CONTEXT)?, MAX_CONTEXT)?,
            vocab_size: vocab_size(metadata, table, "llama.vocab_size")?,
            rms_norm_epsilon: epsilon(metadata, EPSILON)?,
            rope: rope(metadata, table, file, key_length)?,
        };
        config.check_tensors(table)?;
        Ok(config)
    }

    /// Every tensor that the pass reads is there with its shape, and there is none that the pass would ignore.
    fn check_tensors(&self, table: &Table) -> Result<(), Fault> {
        let (width, hidden) = (self.embedding_length, self.feed_forward_length);
        // Saturating, since on a 32-bit phone a product may overflow; no tensor has that many rows.
        let [queries, keys, values, heads] = [
            (self.head_count, self.key_length),
            (self.head_count_kv, self.key_length),
            (self.head_count_kv, self.value_length),
            (self.head_count, self.value_length),
        ]
        .map(|(count, length)| count.saturating_mul(length));

        let mut known = Known { table, architecture: "llama", count: 0 };
        known.matrix(TOKEN_EMBEDDING, [self.vocab_size, width])?;
        known.vector("output_norm.weight", width)?;
        if table.get(OUTPUT).is_some() {
            known.matrix(OUTPUT, [self.vocab_size, width])?;
        }
        if let Some(tensor) = table.get(ROPE_FREQUENCIES) {
            known.check(tensor, &[self.rope.dimension_count / 2])?;
        }
        for block in 0..self.block_count {
            let name = |part: &str| format!("blk.{block}.{part}.weight");
            known.vector(&name("attn_norm"), width)?;
            known.matrix(&name("attn_q"), [queries, width])?;
            known.matrix(&name("attn_k"), [keys, width])?;
            known.matrix(&name("attn_v"), [values, width])?;
            known.matrix(&name("attn_output"), [width, heads])?;
            known.vector(&name("ffn_norm"), width)?;
            known.matrix(&name("ffn_gate"), [hidden, width])?;
            known.matrix(&name("ffn_up"), [hidden, width])?;
            known.matrix(&name("ffn_down"), [width, hidden])?;
        }
        #[rustfmt::skip]
        const PARTS: [&str; 9] = [
            "attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down",
        ];
        known.finish(self.block_count, |name| match part_of_block(name, self.block_count) {
            Some(part) => part.strip_suffix(".weight").is_some_and(|part| PARTS.contains(&part)),
            None => [TOKEN_EMBEDDING, "output_norm.weight", OUTPUT, ROPE_FREQUENCIES].contains(&name),
        })
    }
}

fn rope(metadata: &Metadata<'_>, table: &Table, file: &[u8], key_length: usize) -> Result<RopeConfig, Fault> {
    const DIMENSIONS: &str = "llama.rope.dimension_count";
    const BASE: &str = "llama.rope.freq_base";
    let dimension_count = metadata.uint(DIMENSIONS)?.unwrap_or(key_length);
    if dimension_count == 0 || dimension_count % 2 == 1 || dimension_count > key_length {
        let problem =
            format!("is {dimension_count}, not an even number up to the head's {key_length} values");
        return Err(Fault::invalid(DIMENSIONS, problem));
    }
    let freq_base = metadata.float(BASE)?.unwrap_or(10_000.0);
    if !freq_base.is_finite() || freq_base < 1.0 {
        return Err(Fault::invalid(BASE, format!("is {freq_base}, not a finite number from 1")));
    }
    let scaling = rope_scaling(metadata)?;
    let scaling = match (table.get(ROPE_FREQUENCIES), scaling) {
        (None, scaling) => scaling,
        (Some(tensor), RopeScaling::None) => {
            RopeScaling::PerFrequency { factors: rope_factors(tensor, file)? }
        }
        (Some(_), _) => {
            let place = tensor::place(ROPE_FREQUENCIES);
            return Err(Fault::unsupported(place, "there beside linear scaling", "one of the two"));
        }
    };
    Ok(RopeConfig { dimension_count, freq_base, layout: RopeLayout::Interleaved, scaling })
}

fn rope_scaling(metadata: &Metadata<'_>) -> Result<RopeScaling, Fault> {
    const TYPE: &str = "llama.rope.scaling.type";
    const FACTOR: &str = "llama.rope.scaling.factor";
    /// The key of files from before `rope.scaling.*` (2023).
    const OLD_FACTOR: &str = "llama.rope.scale_linear";
    let factor = match metadata.float(FACTOR)? {
        Some(factor) => Some(factor),
        None => metadata.float(OLD_FACTOR)?,
    };
    if let Some(factor) = factor
        && !(factor.is_finite() && factor > 0.0)
    {
        return Err(Fault::invalid(FACTOR, format!("is {factor}, not a positive number")));
    }
    match (metadata.string(TYPE)?, factor) {
        (Some("none"), _) | (None, None) | (Some("linear") | None, Some(1.0)) => Ok(RopeScaling::None),
        (Some("linear") | None, Some(factor)) => Ok(RopeScaling::Linear { factor }),
        (Some("linear"), None) => Err(Fault::invalid(FACTOR, "is missing, though the scaling is linear")),
        (Some(other), _) => {
            Err(Fault::unsupported(TYPE, format!("{other:?}"), "none, linear and rope_freqs.weight"))
        }
    }
}

fn rope_factors(tensor: &Tensor, file: &[u8]) -> Result<Vec<f32>, Fault> {
    let place = tensor::place(ROPE_FREQUENCIES);
    if tensor.dtype != TensorType::F32 {
        return Err(Fault::unsupported(place, format!("{:?}", tensor.dtype), "F32 here"));
    }
    let bytes = file.get(tensor.range.clone()).unwrap_or_default();
    let factors: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    match factors.iter().find(|factor| !(factor.is_finite() && **factor > 0.0)) {
        Some(factor) => Err(Fault::invalid(place, format!("holds {factor}, not a positive number"))),
        None => Ok(factors),
    }
}
