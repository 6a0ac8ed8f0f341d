//! What can go wrong while generating.

/// Why there is no (more) text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The call's token was cancelled.
    #[error(transparent)]
    Cancelled(#[from] crate::cancel::Cancelled),
}
