//! Decoders of the Llama kind: hyperparameters from the keys of their family, and the tensors that must go with them.
//!
//! Reference: llama.cpp's `llama-model.cpp`, whose defaults for absent keys are followed.

use super::architecture::{
    Known, MAX_CONTEXT, MAX_WIDTH, TOKEN_EMBEDDING, bounded, epsilon, part_of_block, vocab_size,
};
use super::error::Fault;
use super::family::{Family, LocalLayers};
use super::metadata::Metadata;
use super::tensor::{self, Table, Tensor, TensorType};

/// Hyperparameters of a decoder of the Llama kind, named as in the GGUF specification's `llama.*` keys.
#[derive(Clone, Debug, PartialEq)]
pub struct LlamaConfig {
    /// What sets its family apart.
    pub family: Family,
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
    /// Tokens that the family's local layers see, the token itself included.
    pub sliding_window: usize,
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

impl RopeConfig {
    /// The rotation of layers that see only the nearest tokens: their own base, positions as they are.
    pub(crate) fn local(&self, layers: LocalLayers) -> Self {
        Self { freq_base: layers.freq_base, scaling: RopeScaling::None, ..*self }
    }
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
    pub(crate) fn new(
        family: Family,
        metadata: &Metadata<'_>,
        table: &Table,
        file: &[u8],
    ) -> Result<Self, Fault> {
        let key = |name: &str| family.key(name);
        let width = |name: &str| bounded(&key(name), metadata.required_uint(&key(name))?, MAX_WIDTH);
        let optional_width = |name: &str, default| {
            bounded(&key(name), metadata.uint(&key(name))?.unwrap_or(default), MAX_WIDTH)
        };
        for name in ["expert_count", "expert_used_count"] {
            if let Some(count @ 1..) = metadata.uint(&key(name))? {
                return Err(Fault::unsupported(key(name), count.to_string(), "models without experts"));
            }
        }

        const HEADS: &str = "attention.head_count";
        const HEADS_KV: &str = "attention.head_count_kv";
        let embedding_length = width("embedding_length")?;
        let head_count = width(HEADS)?;
        let head_count_kv = optional_width(HEADS_KV, head_count)?;
        if !head_count.is_multiple_of(head_count_kv) {
            let problem = format!("is {head_count_kv}, which does not divide {head_count} heads");
            return Err(Fault::invalid(key(HEADS_KV), problem));
        }
        if metadata.uint(&key("attention.key_length"))?.is_none()
            && !embedding_length.is_multiple_of(head_count)
        {
            let problem =
                format!("is {head_count}, which does not divide the embedding's {embedding_length}");
            return Err(Fault::invalid(key(HEADS), problem));
        }
        let key_length = optional_width("attention.key_length", embedding_length / head_count)?;
        let value_length = optional_width("attention.value_length", embedding_length / head_count)?;

        const CONTEXT: &str = "context_length";
        let context_length = bounded(&key(CONTEXT), metadata.required_uint(&key(CONTEXT))?, MAX_CONTEXT)?;
        let sliding_window = match family.local {
            Some(_) => width("attention.sliding_window")?,
            None => context_length,
        };
        let config = Self {
            family,
            block_count: width("block_count")?,
            embedding_length,
            feed_forward_length: width("feed_forward_length")?,
            head_count,
            head_count_kv,
            key_length,
            value_length,
            context_length,
            vocab_size: vocab_size(metadata, table, &key("vocab_size"))?,
            rms_norm_epsilon: epsilon(metadata, &key("attention.layer_norm_rms_epsilon"))?,
            sliding_window,
            rope: rope(family, metadata, table, file, key_length)?,
        };
        config.check_tensors(table)?;
        Ok(config)
    }

    /// Whether layer `layer` sees only the nearest tokens.
    pub fn is_local(&self, layer: usize) -> bool {
        self.family.local.is_some_and(|local| !(layer + 1).is_multiple_of(local.period))
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

        let mut known = Known { table, architecture: self.family.name, count: 0 };
        known.matrix(TOKEN_EMBEDDING, [self.vocab_size, width])?;
        known.vector("output_norm.weight", width)?;
        if table.get(OUTPUT).is_some() {
            known.matrix(OUTPUT, [self.vocab_size, width])?;
        }
        if let Some(tensor) = table.get(ROPE_FREQUENCIES) {
            known.check(tensor, &[self.rope.dimension_count / 2])?;
        }
        for block in 0..self.block_count {
            let name = |part: &str| format!("blk.{block}.{part}");
            known.vector(&name("attn_norm.weight"), width)?;
            known.matrix(&name("attn_q.weight"), [queries, width])?;
            known.matrix(&name("attn_k.weight"), [keys, width])?;
            known.matrix(&name("attn_v.weight"), [values, width])?;
            known.matrix(&name("attn_output.weight"), [width, heads])?;
            known.vector(&name("ffn_norm.weight"), width)?;
            known.matrix(&name("ffn_gate.weight"), [hidden, width])?;
            known.matrix(&name("ffn_up.weight"), [hidden, width])?;
            known.matrix(&name("ffn_down.weight"), [width, hidden])?;
            for (part, length) in self.more_vectors() {
                known.vector(&name(part), length)?;
            }
        }
        #[rustfmt::skip]
        const PARTS: [&str; 9] = [
            "attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down",
        ];
        let more = self.more_vectors();
        known.finish(self.block_count, |name| match part_of_block(name, self.block_count) {
            Some(part) => {
                part.strip_suffix(".weight").is_some_and(|part| PARTS.contains(&part))
                    || more.iter().any(|(known, _)| *known == part)
            }
            None => [TOKEN_EMBEDDING, "output_norm.weight", OUTPUT, ROPE_FREQUENCIES].contains(&name),
        })
    }

    /// Vectors of a block that Llama does not have, and their lengths.
    pub(crate) fn more_vectors(&self) -> Vec<(&'static str, usize)> {
        let rows = |count: usize, length: usize| count.saturating_mul(length);
        let mut vectors = Vec::new();
        if self.family.has_biases {
            vectors.push(("attn_q.bias", rows(self.head_count, self.key_length)));
            vectors.push(("attn_k.bias", rows(self.head_count_kv, self.key_length)));
            vectors.push(("attn_v.bias", rows(self.head_count_kv, self.value_length)));
        }
        if self.family.norms_heads {
            vectors
                .extend([("attn_q_norm.weight", self.key_length), ("attn_k_norm.weight", self.key_length)]);
        }
        if self.family.norms_additions {
            let width = self.embedding_length;
            vectors.extend([("post_attention_norm.weight", width), ("post_ffw_norm.weight", width)]);
        }
        vectors
    }
}

fn rope(
    family: Family,
    metadata: &Metadata<'_>,
    table: &Table,
    file: &[u8],
    key_length: usize,
) -> Result<RopeConfig, Fault> {
    let dimensions = family.key("rope.dimension_count");
    let base = family.key("rope.freq_base");
    let dimension_count = metadata.uint(&dimensions)?.unwrap_or(key_length);
    if dimension_count == 0 || dimension_count % 2 == 1 || dimension_count > key_length {
        let problem =
            format!("is {dimension_count}, not an even number up to the head's {key_length} values");
        return Err(Fault::invalid(dimensions, problem));
    }
    let freq_base = metadata.float(&base)?.unwrap_or(10_000.0);
    if !freq_base.is_finite() || freq_base < 1.0 {
        return Err(Fault::invalid(base, format!("is {freq_base}, not a finite number from 1")));
    }
    let scaling = rope_scaling(family, metadata)?;
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
    Ok(RopeConfig { dimension_count, freq_base, layout: family.rope_layout, scaling })
}

fn rope_scaling(family: Family, metadata: &Metadata<'_>) -> Result<RopeScaling, Fault> {
    let kind = family.key("rope.scaling.type");
    let factor_key = family.key("rope.scaling.factor");
    let factor = match metadata.float(&factor_key)? {
        Some(factor) => Some(factor),
        // The key of files from before `rope.scaling.*` (2023).
        None => metadata.float(&family.key("rope.scale_linear"))?,
    };
    if let Some(factor) = factor
        && !(factor.is_finite() && factor > 0.0)
    {
        return Err(Fault::invalid(factor_key, format!("is {factor}, not a positive number")));
    }
    match (metadata.string(&kind)?, factor) {
        (Some("none"), _) | (None, None) | (Some("linear") | None, Some(1.0)) => Ok(RopeScaling::None),
        (Some("linear") | None, Some(factor)) => Ok(RopeScaling::Linear { factor }),
        (Some("linear"), None) => Err(Fault::invalid(factor_key, "is missing, though the scaling is linear")),
        (Some(other), _) => {
            Err(Fault::unsupported(kind, format!("{other:?}"), "none, linear and rope_freqs.weight"))
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
