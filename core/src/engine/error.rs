//! What can go wrong while a model runs.

use crate::cancel::Cancelled;

/// Why a forward pass did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The call's [`CancelToken`](crate::CancelToken) was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
