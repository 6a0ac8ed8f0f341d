//! An encoder's tensors, found and checked once.

use crate::engine::EngineError;
use crate::engine::weights::{Source, Tensor, find, find_vector};
use crate::model::BertConfig;

/// The weights of a BERT encoder. Matrices stay in the map; norms, biases and the one row of segments are copied.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) source: Source,
    /// `vocab_size × embedding_length`.
    pub(super) tokens: Tensor,
    /// `context_length × embedding_length`.
    pub(super) positions: Tensor,
    /// `token_type_count × embedding_length`; a lone sentence is segment 0.
    pub(super) segments: Tensor,
    pub(super) embedding_norm: Norm,
    pub(super) layers: Vec<Layer>,
}

/// The weights of one transformer block.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) attention_output: Linear,
    pub(super) attention_norm: Norm,
    pub(super) up: Linear,
    pub(super) down: Linear,
    pub(super) output_norm: Norm,
}

/// `y = W x + b`.
#[derive(Debug)]
pub(super) struct Linear {
    pub(super) weight: Tensor,
    pub(super) bias: Vec<f32>,
}

/// LayerNorm's weights.
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Weights {
    /// Finds the tensors in `source`.
    pub(super) fn new(source: Source, config: &BertConfig) -> Result<Self, EngineError> {
        let (width, hidden) = (config.embedding_length, config.feed_forward_length);
        let linear = |name: &str, rows, cols| {
            Ok::<_, EngineError>(Linear {
                weight: find(&source, &format!("{name}.weight"), rows, cols)?,
                bias: find_vector(&source, &format!("{name}.bias"), rows)?,
            })
        };
        let norm = |name: &str| {
            Ok::<_, EngineError>(Norm {
                weight: find_vector(&source, &format!("{name}.weight"), width)?,
                bias: find_vector(&source, &format!("{name}.bias"), width)?,
            })
        };
        let layer = |i: usize| {
            let square = |name: &str| linear(&format!("blk.{i}.{name}"), width, width);
            Ok(Layer {
                query: square("attn_q")?,
                key: square("attn_k")?,
                value: square("attn_v")?,
                attention_output: square("attn_output")?,
                attention_norm: norm(&format!("blk.{i}.attn_output_norm"))?,
                up: linear(&format!("blk.{i}.ffn_up"), hidden, width)?,
                down: linear(&format!("blk.{i}.ffn_down"), width, hidden)?,
                output_norm: norm(&format!("blk.{i}.layer_output_norm"))?,
            })
        };
        Ok(Self {
            tokens: find(&source, "token_embd.weight", config.vocab_size, width)?,
            positions: find(&source, "position_embd.weight", config.context_length, width)?,
            segments: find(&source, "token_types.weight", config.token_type_count, width)?,
            embedding_norm: norm("token_embd_norm")?,
            layers: (0..config.block_count).map(layer).collect::<Result<_, EngineError>>()?,
            source,
        })
    }
}
