//! The `bert` architecture: hyperparameters from `bert.*` keys, and the tensors that must go with them.
//!
//! Reference: llama.cpp's `llama-model.cpp` and `convert_hf_to_gguf.py` (`BertModel`).

use super::architecture::{
    Known, MAX_CONTEXT, MAX_WIDTH, TOKEN_EMBEDDING, bounded, epsilon, part_of_block, vocab_size,
};
use super::error::Fault;
use super::everyday::Everyday;
use super::metadata::Metadata;
use super::tensor::{self, Table};

/// Hyperparameters of a BERT encoder (Devlin et al. 2018, arXiv 1810.04805), named as in the GGUF specification's
/// `bert.*` keys.
#[derive(Clone, Debug, PartialEq)]
pub struct BertConfig {
    /// Number of transformer blocks.
    pub block_count: usize,
    /// Width of the residual stream, and of the sentence vector.
    pub embedding_length: usize,
    /// Width of the feed-forward layer.
    pub feed_forward_length: usize,
    /// Heads; divides `embedding_length`.
    pub head_count: usize,
    /// Longest text in tokens: rows of the position embedding.
    pub context_length: usize,
    /// Rows of the token embedding.
    pub vocab_size: usize,
    /// Rows of the segment embedding, of which the first is used.
    pub token_type_count: usize,
    /// LayerNorm's epsilon.
    pub layer_norm_epsilon: f32,
    /// How text is normalised before it is cut into pieces.
    pub normalizer: Normalizer,
    /// Vectors of everyday sentences, and their mean.
    pub everyday: Everyday,
}

/// How text is normalised (`spatz.sentence.normalizer`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Normalizer {
    /// `bert-uncased`: lower case, no accents.
    #[default]
    Uncased,
    /// `bert-uncased-umlauts`: the same, but ä, ö and ü stay.
    UncasedUmlauts,
}

const POSITIONS: &str = "position_embd.weight";
const SEGMENTS: &str = "token_types.weight";
const EMBEDDING_NORM: [&str; 2] = ["token_embd_norm.weight", "token_embd_norm.bias"];
/// Vectors as wide as the residual stream in each block.
#[rustfmt::skip]
const VECTORS: [&str; 9] = [
    "attn_q.bias", "attn_k.bias", "attn_v.bias", "attn_output.bias", "attn_output_norm.weight", "attn_output_norm.bias",
    "ffn_down.bias", "layer_output_norm.weight", "layer_output_norm.bias",
];
const ATTENTION: [&str; 4] = ["attn_q.weight", "attn_k.weight", "attn_v.weight", "attn_output.weight"];
const FEED_FORWARD: [&str; 3] = ["ffn_up.weight", "ffn_up.bias", "ffn_down.weight"];

impl BertConfig {
    /// Reads the hyperparameters and checks the tensors of `table` against them.
    pub(super) fn new(metadata: &Metadata<'_>, table: &Table) -> Result<Self, Fault> {
        const HEADS: &str = "bert.attention.head_count";
        const CONTEXT: &str = "bert.context_length";
        const CAUSAL: &str = "bert.attention.causal";
        const POOLING: &str = "bert.pooling_type";
        let width = |key: &str| bounded(key, metadata.required_uint(key)?, MAX_WIDTH);
        let (embedding_length, head_count) = (width("bert.embedding_length")?, width(HEADS)?);
        if !embedding_length.is_multiple_of(head_count) {
            let problem =
                format!("is {head_count}, which does not divide the embedding's {embedding_length}");
            return Err(Fault::invalid(HEADS, problem));
        }
        if metadata.bool(CAUSAL)? == Some(true) {
            return Err(Fault::unsupported(CAUSAL, "true", "false: an encoder sees the whole sentence"));
        }
        match metadata.required_uint(POOLING)? {
            1 => {}
            other => return Err(Fault::unsupported(POOLING, other.to_string(), "1: the mean of the tokens")),
        }
        let segments = table.get(SEGMENTS);
        let segments = segments.ok_or_else(|| Fault::invalid(tensor::place(SEGMENTS), "is missing"))?;
        let config = Self {
            block_count: width("bert.block_count")?,
            embedding_length,
            feed_forward_length: width("bert.feed_forward_length")?,
            head_count,
            context_length: bounded(CONTEXT, metadata.required_uint(CONTEXT)?, MAX_CONTEXT)?,
            vocab_size: vocab_size(metadata, table, "bert.vocab_size")?,
            token_type_count: segments.shape.first().copied().unwrap_or(0),
            layer_norm_epsilon: epsilon(metadata, "bert.attention.layer_norm_epsilon")?,
            normalizer: normalizer(metadata)?,
            everyday: Everyday::read(metadata, embedding_length)?,
        };
        config.check_tensors(table)?;
        Ok(config)
    }

    /// Every tensor that the pass reads is there with its shape, and there is none that the pass would ignore.
    fn check_tensors(&self, table: &Table) -> Result<(), Fault> {
        let (width, hidden) = (self.embedding_length, self.feed_forward_length);
        let mut known = Known { table, architecture: "bert", count: 0 };
        known.matrix(TOKEN_EMBEDDING, [self.vocab_size, width])?;
        known.matrix(POSITIONS, [self.context_length, width])?;
        known.matrix(SEGMENTS, [self.token_type_count, width])?;
        for name in EMBEDDING_NORM {
            known.vector(name, width)?;
        }
        for block in 0..self.block_count {
            let name = |part: &str| format!("blk.{block}.{part}");
            for part in ATTENTION {
                known.matrix(&name(part), [width, width])?;
            }
            known.matrix(&name("ffn_up.weight"), [hidden, width])?;
            known.vector(&name("ffn_up.bias"), hidden)?;
            known.matrix(&name("ffn_down.weight"), [width, hidden])?;
            for part in VECTORS {
                known.vector(&name(part), width)?;
            }
        }
        known.finish(self.block_count, |name| match part_of_block(name, self.block_count) {
            Some(part) => [&VECTORS[..], &ATTENTION, &FEED_FORWARD].concat().contains(&part),
            None => [TOKEN_EMBEDDING, POSITIONS, SEGMENTS].contains(&name) || EMBEDDING_NORM.contains(&name),
        })
    }
}

fn normalizer(metadata: &Metadata<'_>) -> Result<Normalizer, Fault> {
    const KEY: &str = "spatz.sentence.normalizer";
    match metadata.string(KEY)? {
        None | Some("bert-uncased") => Ok(Normalizer::Uncased),
        Some("bert-uncased-umlauts") => Ok(Normalizer::UncasedUmlauts),
        Some(other) => {
            Err(Fault::unsupported(KEY, format!("{other:?}"), "bert-uncased and bert-uncased-umlauts"))
        }
    }
}
