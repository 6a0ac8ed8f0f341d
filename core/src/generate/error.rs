//! What can go wrong while generating.

/// Why there is no (more) text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {}
