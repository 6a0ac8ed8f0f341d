//! The decoder families that one forward pass runs, and what sets each apart.
//!
//! Reference: llama.cpp's `llama-arch.cpp` and `llama-model.cpp`, and `candle-transformers` (`quantized_qwen2.rs`,
//! `quantized_qwen3.rs`, `quantized_gemma3.rs`).

use super::llama::RopeLayout;

/// What sets a family of decoders apart from Llama.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Family {
    /// Its `general.architecture`, which is also the prefix of its keys.
    pub name: &'static str,
    /// Which values of a head form the rotated pairs.
    pub rope_layout: RopeLayout,
    /// Whether products for queries, keys and values have a bias.
    pub has_biases: bool,
    /// Whether the queries and keys of each head are normed before they are rotated.
    pub norms_heads: bool,
    /// Whether what a block's two halves add is normed before it is added.
    pub norms_additions: bool,
    /// Whether the embedding is multiplied by the root of its width.
    pub scales_embedding: bool,
    /// How the feed-forward layer's gate bends.
    pub gate: Gate,
    /// The layers that see only the nearest tokens, if there are such.
    pub local: Option<LocalLayers>,
}

/// The gate of a feed-forward layer: `out = gate(g) · u`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// SiLU.
    Silu,
    /// GELU by tanh.
    Gelu,
}

/// Layers with a sliding window; every so-manieth sees all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalLayers {
    /// Of so many layers the last sees all.
    pub period: usize,
    /// Base frequency of their rotation.
    pub freq_base: f32,
}

impl Family {
    const LLAMA: Self = Self {
        name: "llama",
        rope_layout: RopeLayout::Interleaved,
        has_biases: false,
        norms_heads: false,
        norms_additions: false,
        scales_embedding: false,
        gate: Gate::Silu,
        local: None,
    };
    const QWEN2: Self =
        Self { name: "qwen2", rope_layout: RopeLayout::Halves, has_biases: true, ..Self::LLAMA };
    const QWEN3: Self = Self { name: "qwen3", norms_heads: true, has_biases: false, ..Self::QWEN2 };
    const GEMMA3: Self = Self {
        name: "gemma3",
        norms_additions: true,
        scales_embedding: true,
        gate: Gate::Gelu,
        local: Some(LocalLayers { period: 6, freq_base: 10_000.0 }),
        ..Self::QWEN3
    };

    /// All, in the order in which messages list them.
    pub const ALL: [Self; 4] = [Self::LLAMA, Self::QWEN2, Self::QWEN3, Self::GEMMA3];

    /// The one called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name == name)
    }

    /// The full name of a key of its own.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }
}

#[cfg(test)]
impl Family {
    /// Llama with the pairs of its heads laid out otherwise.
    pub(crate) fn llama(rope_layout: RopeLayout) -> Self {
        Self { rope_layout, ..Self::LLAMA }
    }
}
