//! Opens a model package: one GGUF file with weights, vocabulary and Spatz's own sections, memory-mapped.
//!
//! [`Model::open`] checks everything before anything is used (magic, version, alignment, bounds, shapes against the
//! metadata, types), so the rooms above can trust what they are handed. Weights are never copied: a [`TensorView`]
//! borrows the map.
//!
//! # Sections
//!
//! A package carries more than weights: a compiled lexicon, say. llama.cpp refuses a file with tensors it does not
//! know, and candle copies metadata arrays into heap values of 32 bytes each, so Spatz puts these bytes *behind* the
//! last tensor, where both readers ignore them, and names them in the metadata (`docs/adr/0002`).

mod error;
pub mod tokenizer;

pub use error::ModelError;
pub use tokenizer::{BytePairEncoder, Vocabulary};

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// An open model package. Cloning is an `Arc` clone; all clones share one map.
#[derive(Clone, Debug)]
pub struct Model(Arc<Inner>);

#[derive(Debug)]
struct Inner {}

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// `general.name`, or the file's name.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// `general.license` (SPDX), if given.
    pub license: Option<String>,
    /// `general.languages` (ISO 639-1), if given.
    pub languages: Vec<String>,
    /// Number of weights.
    pub parameters: u64,
    /// Size of the package in bytes.
    pub file_bytes: u64,
    /// `spatz.format_version`; `None` for a GGUF that Spatz did not make.
    pub format_version: Option<u32>,
    /// Names of the sections behind the tensors.
    pub sections: Vec<String>,
}

/// The storage type of a tensor, with GGML's block layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, non_camel_case_types)]
pub enum TensorType {
    F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K,
}

/// A tensor as it lies in the map.
///
/// `shape` is outermost first: a weight matrix that maps `k` inputs to `n` outputs is `[n, k]`, row-major; rows are
/// contiguous blocks of `dtype`.
#[derive(Clone, Copy, Debug)]
pub struct TensorView<'a> {
    /// The tensor's name in the file.
    pub name: &'a str,
    /// Dimensions, outermost first.
    pub shape: &'a [usize],
    /// How the values are stored.
    pub dtype: TensorType,
    /// The values' bytes, borrowed from the map; no alignment is promised (an APK asset may start at any offset).
    pub bytes: &'a [u8],
}

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

impl Model {
    /// Opens the package at `path`. Costs a few milliseconds: weights are paged in when they are first used.
    ///
    /// # Errors
    ///
    /// [`ModelError`] names the file, the key or tensor, what was found and what is supported.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let _ = path;
        todo!()
    }

    /// Opens a package that lies inside another file: an asset in an APK, at `range` in bytes.
    pub fn open_at(file: File, range: Range<u64>) -> Result<Self, ModelError> {
        let _ = (file, range);
        todo!()
    }

    /// The hyperparameters.
    pub fn config(&self) -> &LlamaConfig {
        todo!()
    }

    /// The pieces of the vocabulary and the special tokens.
    pub fn vocabulary(&self) -> &Vocabulary {
        todo!()
    }

    /// The Jinja chat template, if the model brings one.
    pub fn chat_template(&self) -> Option<&str> {
        todo!()
    }

    /// What the file says of itself: name, licence, languages, size, format version.
    pub fn info(&self) -> &ModelInfo {
        todo!()
    }

    /// Reads every byte once and compares checksums where the package has them (`spatz.checksum.*`).
    pub fn verify(&self) -> Result<(), ModelError> {
        todo!()
    }

    /// The tensor called `name`, if the file has it.
    pub fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        let _ = name;
        todo!()
    }

    /// One of Spatz's own sections, such as `lexicon`; borrowed from the map.
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        let _ = name;
        todo!()
    }
}
