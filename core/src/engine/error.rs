//! What can go wrong while a model runs.

use crate::cancel::Cancelled;
use crate::model::ModelError;

/// Why a model could not be made ready, or a forward pass did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The call's [`CancelToken`](crate::CancelToken) was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),

    /// The model is of another kind: an encoder where a language model is wanted, or the other way round.
    #[error(transparent)]
    Model(#[from] ModelError),

    /// The sequence would become too long.
    #[error(
        "{wanted} tokens do not fit the context of {limit}: shorten the text, or raise `EngineOptions::max_context` if \
         the model allows more"
    )]
    ContextLimit {
        /// Tokens that the sequence would have had.
        wanted: usize,
        /// Tokens that it may have.
        limit: usize,
    },

    /// A token that the model has no embedding for.
    #[error(
        "token {token} is outside the vocabulary of {vocab_size}: was the text encoded for another model?"
    )]
    UnknownToken {
        /// The token.
        token: u32,
        /// Size of the vocabulary.
        vocab_size: usize,
    },

    /// A call that needs at least one token got none.
    #[error(
        "there is nothing to run: pass at least one token (an empty text begins with the model's first token)"
    )]
    NoTokens,

    /// A node of a [`TokenTree`](super::TokenTree) whose parent does not come before it.
    #[error("node {node} of the token tree continues node {parent}, which does not come before it")]
    TreeOrder {
        /// The node.
        node: usize,
        /// Its parent.
        parent: usize,
    },

    /// The package lacks a tensor.
    #[error("the model has no tensor `{name}`, which its architecture needs: is the file complete?")]
    MissingTensor {
        /// Name of the tensor.
        name: String,
    },

    /// A tensor's shape does not follow from the hyperparameters, or its bytes not from its shape.
    #[error("tensor `{name}` is {found}, but the hyperparameters ask for {wanted}: is the file damaged?")]
    TensorShape {
        /// Name of the tensor.
        name: String,
        /// What the file has.
        found: String,
        /// What it should have.
        wanted: String,
    },

    /// Hyperparameters that no model can have.
    #[error("the hyperparameters contradict each other: {problem}")]
    Config {
        /// Which ones, with their values.
        problem: String,
    },

    /// The system refused a thread.
    #[error("the engine's threads could not be started: {0}; ask for fewer in `EngineOptions::threads`")]
    Threads(#[source] std::io::Error),
}
