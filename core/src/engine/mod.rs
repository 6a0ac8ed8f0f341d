//! Runs the forward pass of a model of the Llama kind (Qwen and Gemma 3 included), or of a BERT encoder, on the mapped
//! weights.
//!
//! An [`Engine`] resolves a model's tensors and kernels once and can be shared; a [`Context`] holds one token
//! sequence with its key-value cache. The cache can be rolled back to a prefix ([`Context::sync`] does so by itself),
//! copied ([`Context::fork`]), and read by many continuations at once ([`Context::score_tree`]).
//!
//! ```no_run
//! use spatz::engine::{Engine, EngineOptions};
//! use spatz::{CancelToken, Model};
//!
//! let model = Model::open("models/spatz-base.gguf")?;
//! let engine = Engine::new(&model, EngineOptions::default())?;
//! let mut context = engine.context();
//! let logits = context.sync(&[1, 42, 7], &CancelToken::new())?;
//! assert_eq!(logits.len(), engine.vocab_size());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - A token's logits have the same bits however it was run: alone, in a batch, after a rollback, in a tree, on any number
//!   of threads.
//! - Everything runs on the caller's thread, unless [`EngineOptions::threads`] asks for helpers. Nothing is allocated per
//!   token once a context has grown to its batch size; the cache grows by a block of 32 tokens.
//! - A call that fails leaves a valid sequence.
//!
//! `kernels/` holds the inner loops, `forward.rs` the network, `context.rs` the sequence. An [`Encoder`] is the other kind
//! of network, in `encoder/`: it sees a whole sentence at once and keeps no state.

mod cache;
mod context;
mod encoder;
mod error;
mod forward;
mod kernels;
mod rope;
mod tree;
mod weights;

pub use context::Context;
pub use encoder::{Encoded, Encoder};
pub use error::EngineError;
#[doc(hidden)]
pub use kernels::bench;
pub use tree::TokenTree;

use crate::model::{LlamaConfig, Model};
use kernels::{Kernels, Pool};
use rope::Rope;
use std::sync::Arc;
use weights::Weights;

/// A model made ready to run: tensors resolved, kernels chosen for this CPU. Immutable, shared by its contexts.
#[derive(Debug)]
pub struct Engine {
    config: LlamaConfig,
    weights: Weights,
    kernels: &'static Kernels,
    rope: Rope,
    /// The rotation of the layers that see only the nearest tokens.
    local_rope: Option<Rope>,
    max_context: usize,
    pool: Arc<Pool>,
}

/// How an [`Engine`] runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineOptions {
    /// Longest sequence in tokens; the cache grows towards it in blocks. At most the model's `context_length`, which
    /// is also the default.
    pub max_context: usize,
    /// Threads that run a call, the caller's included: 1, the default, runs everything on the caller's. More are started
    /// with the engine, sleep between calls and end with it. Results have the same bits whatever the number. Of several
    /// contexts that run at once, one has their help.
    pub threads: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { max_context: usize::MAX, threads: 1 }
    }
}

impl EngineOptions {
    /// Limits sequences to `tokens`.
    pub fn with_max_context(mut self, tokens: usize) -> Self {
        self.max_context = tokens;
        self
    }

    /// Runs calls on `threads` threads, the caller's included; 0 counts as 1.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }
}

impl Engine {
    /// Prepares `model` for running.
    ///
    /// # Errors
    ///
    /// [`EngineError::Model`] if the model is of another kind; [`EngineError::MissingTensor`],
    /// [`EngineError::TensorShape`] and [`EngineError::Config`] if it is not a complete model of the Llama family;
    /// [`EngineError::Threads`] if the system does not start the threads that were asked for.
    pub fn new(model: &Model, options: EngineOptions) -> Result<Arc<Self>, EngineError> {
        let config = model.llama()?.clone();
        check(&config)?;
        let weights = Weights::new(model, &config)?;
        Self::with_kernels(config, weights, Kernels::detect(), options)
    }

    fn with_kernels(
        config: LlamaConfig,
        weights: Weights,
        kernels: &'static Kernels,
        options: EngineOptions,
    ) -> Result<Arc<Self>, EngineError> {
        let rope = Rope::new(&config.rope);
        let local_rope = config.family.local.map(|local| Rope::new(&config.rope.local(local)));
        let max_context = options.max_context.min(config.context_length);
        let pool = Arc::new(Pool::new(options.threads).map_err(EngineError::Threads)?);
        Ok(Arc::new(Self { config, weights, kernels, rope, local_rope, max_context, pool }))
    }

    /// An empty sequence.
    pub fn context(self: &Arc<Self>) -> Context {
        Context::new(Arc::clone(self))
    }

    /// Rows of the output layer.
    pub fn vocab_size(&self) -> usize {
        self.config.vocab_size
    }

    /// Longest sequence in tokens.
    pub fn max_context(&self) -> usize {
        self.max_context
    }

    /// The instruction set that was chosen: `avx512-vnni`, `avx2`, `neon`, `scalar`, ….
    pub fn instruction_set(&self) -> &'static str {
        self.kernels.name()
    }
}

/// Refuses hyperparameters that the forward pass could not run with.
fn check(config: &LlamaConfig) -> Result<(), EngineError> {
    let LlamaConfig { head_count, head_count_kv, key_length, value_length, embedding_length, .. } = *config;
    let fail = |problem: String| Err(EngineError::Config { problem });
    if [head_count, head_count_kv, key_length, value_length, embedding_length].contains(&0) {
        return fail(format!(
            "head_count = {head_count}, head_count_kv = {head_count_kv}, key_length = {key_length}, value_length = \
             {value_length} and embedding_length = {embedding_length} must not be 0"
        ));
    }
    const LONGEST: usize = 1 << 20;
    let fits = key_length <= LONGEST
        && value_length <= LONGEST
        && head_count.checked_mul(key_length.max(value_length)).is_some()
        && head_count_kv.checked_mul(key_length + value_length).is_some();
    if !fits {
        return fail(format!("{head_count} heads of {key_length} and {value_length} values are too large"));
    }
    if head_count % head_count_kv != 0 {
        return fail(format!("head_count = {head_count} is no multiple of head_count_kv = {head_count_kv}"));
    }
    let rotated = config.rope.dimension_count;
    if rotated > key_length || !rotated.is_multiple_of(2) {
        return fail(format!("rope.dimension_count = {rotated} is odd or above key_length = {key_length}"));
    }
    if let crate::model::RopeScaling::PerFrequency { factors } = &config.rope.scaling
        && factors.len() != rotated / 2
    {
        return fail(format!("{} values in rope_freqs for {} rotated pairs", factors.len(), rotated / 2));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
