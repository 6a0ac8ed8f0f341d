//! What can be wrong with a model package.

/// Why a model package could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {}
