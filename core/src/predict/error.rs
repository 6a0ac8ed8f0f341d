//! What can go wrong while predicting.

use crate::cancel::Cancelled;
use crate::engine::EngineError;
use crate::model::ModelError;

/// Why there are no suggestions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The call's [`CancelToken`](crate::CancelToken) was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A newer keystroke arrived; its answer is the one to show.
    #[error("a newer keystroke arrived")]
    Superseded,
    /// The package is not made for prediction, or is damaged.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The forward pass failed.
    #[error(transparent)]
    Engine(EngineError),
}
