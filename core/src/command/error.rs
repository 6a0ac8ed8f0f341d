//! What can be wrong with a command file.

/// Why a command set could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {}
