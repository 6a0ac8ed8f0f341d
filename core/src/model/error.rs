//! What can be wrong with a model package.

use std::io;

/// Why a model package could not be opened.
///
/// Every message names the file, the place in it (a key, a tensor, a section, a byte), what was found there and what
/// to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file could not be found, opened or mapped.
    #[error("cannot read the model {file}: {source}; check the path and that the app may read it")]
    Io {
        /// The file as it was named by the caller.
        file: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is no GGUF, or is damaged, or contradicts itself.
    #[error("the model {file} is invalid: {place}: {problem}; copy or download it again, or export it anew")]
    Invalid {
        /// The file as it was named by the caller.
        file: String,
        /// The key, tensor, section or byte.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// The file is sound but needs something that this version of Spatz does not have.
    #[error("the model {file} is not supported: {place} is {found}, but this version reads {supported}")]
    Unsupported {
        /// The file as it was named by the caller.
        file: String,
        /// The key, tensor or section.
        place: String,
        /// What the file asks for.
        found: String,
        /// What is supported, and what to do where that is not obvious.
        supported: String,
    },
}

/// A [`ModelError`] before it is known which file it is about.
#[derive(Debug)]
pub(crate) enum Fault {
    Invalid { place: String, problem: String },
    Unsupported { place: String, found: String, supported: String },
}

impl Fault {
    pub(crate) fn invalid(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { place: place.into(), problem: problem.into() }
    }

    pub(crate) fn unsupported(
        place: impl Into<String>,
        found: impl Into<String>,
        supported: impl Into<String>,
    ) -> Self {
        Self::Unsupported { place: place.into(), found: found.into(), supported: supported.into() }
    }

    pub(crate) fn in_file(self, file: &str) -> ModelError {
        let file = file.to_owned();
        match self {
            Self::Invalid { place, problem } => ModelError::Invalid { file, place, problem },
            Self::Unsupported { place, found, supported } => {
                ModelError::Unsupported { file, place, found, supported }
            }
        }
    }
}
