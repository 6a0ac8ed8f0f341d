//! What can go wrong while something is saved.

use std::io;
use std::path::{Path, PathBuf};

/// Why something could not be read or saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refused: no space, no permission, a fault of the disk.
    #[error("cannot {what} {path}: {source}; what was saved before is kept")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The store can be read, but nothing saved in it.
    #[error("nothing can be saved: {0}")]
    ReadOnly(ReadOnly),
    /// Only a whole snapshot can be saved next.
    #[error("a record has no file to stand in; save a snapshot first")]
    SnapshotDue,
    /// The file belongs to something else.
    #[error("{path} holds something else than is looked for; use another folder")]
    OtherKind {
        /// The file.
        path: PathBuf,
    },
}

impl StoreError {
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.to_owned(), source }
    }
}

/// Why a store is read-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ReadOnly {
    /// Somebody else has it open: another process, or another predictor of this one.
    #[error("the folder is in use elsewhere; close it there and open it again")]
    InUse,
    /// A newer version of Spatz wrote it.
    #[error("a newer version of Spatz wrote it; update, or use another folder")]
    Newer,
    /// The system lets this process only read there.
    #[error("this process may only read the folder")]
    Refused,
}
