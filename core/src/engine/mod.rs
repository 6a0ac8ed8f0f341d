//! Runs the forward pass of a Llama-family model on the mapped weights.
//!
//! An [`Engine`] resolves a model's tensors and kernels once and can be shared; a [`Context`] holds one token
//! sequence with its key-value cache. The cache can be rolled back to a prefix ([`Context::sync`] does so by itself),
//! copied ([`Context::fork`]), and read by many continuations at once ([`Context::score_tree`]).

mod error;

pub use error::EngineError;

use crate::cancel::CancelToken;
use crate::model::Model;
use std::sync::Arc;

/// A model made ready to run: tensors resolved, kernels chosen for this CPU. Immutable, shared by its contexts.
#[derive(Debug)]
pub struct Engine {}

/// How an [`Engine`] runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineOptions {
    /// Longest sequence in tokens; the cache grows towards it in blocks. At most the model's `context_length`.
    pub max_context: usize,
}

/// One token sequence and its key-value cache.
#[derive(Debug)]
pub struct Context {}

/// Continuations of a context's sequence that share prefixes: node `i` continues node `parent[i]`, or the sequence.
#[derive(Clone, Debug, Default)]
pub struct TokenTree {}

impl Engine {
    /// Prepares `model` for running.
    pub fn new(model: &Model, options: EngineOptions) -> Result<Arc<Self>, EngineError> {
        let _ = (model, options);
        todo!()
    }

    /// An empty sequence.
    pub fn context(self: &Arc<Self>) -> Context {
        todo!()
    }

    /// Rows of the output layer.
    pub fn vocab_size(&self) -> usize {
        todo!()
    }
}

impl Context {
    /// The tokens whose keys and values are cached.
    pub fn tokens(&self) -> &[u32] {
        todo!()
    }

    /// Makes the sequence equal `tokens`, running only what follows the common prefix with the present one, and
    /// returns the logits (`vocab_size` values) after the last token. `tokens` must not be empty.
    ///
    /// # Errors
    ///
    /// [`EngineError::Cancelled`] leaves a valid, shorter sequence. A sequence beyond `max_context` and a token
    /// outside the vocabulary are refused before anything runs.
    pub fn sync(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let _ = (tokens, cancel);
        todo!()
    }

    /// Appends `tokens` and returns the logits after the last one.
    pub fn extend(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let _ = (tokens, cancel);
        todo!()
    }

    /// Appends `tokens` and returns the logits after each of them: `tokens.len() × vocab_size` values, row-major.
    pub fn extend_all(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let _ = (tokens, cancel);
        todo!()
    }

    /// Shortens the sequence to its first `len` tokens.
    pub fn rollback(&mut self, len: usize) {
        let _ = len;
        todo!()
    }

    /// A copy with its own cache.
    pub fn fork(&self) -> Context {
        todo!()
    }

    /// Runs all nodes of `tree` in one batch on top of this sequence, which stays as it is, and returns the logits
    /// after each node: `tree.len() × vocab_size` values, row-major.
    pub fn score_tree(&mut self, tree: &TokenTree, cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let _ = (tree, cancel);
        todo!()
    }

    /// Gives the memory of cache and scratch back; the sequence becomes empty.
    pub fn trim(&mut self) {
        todo!()
    }

    /// Bytes of heap that cache and scratch hold.
    pub fn resident_bytes(&self) -> usize {
        todo!()
    }
}

impl TokenTree {
    /// Adds `token` as a continuation of node `parent`, or of the context's sequence; returns the new node's index.
    pub fn push(&mut self, parent: Option<usize>, token: u32) -> usize {
        let _ = (parent, token);
        todo!()
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        todo!()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
