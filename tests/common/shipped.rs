//! The shipped model, and how vectors name what it answers.

use spatz::predict::CandidateKind;
use std::path::{Path, PathBuf};

/// `SPATZ_MODEL` or the model of the repository; a machine that checks changes must have it.
pub(crate) fn shipped_model() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path =
        std::env::var_os("SPATZ_MODEL").map_or_else(|| root.join("models/spatz-base.gguf"), PathBuf::from);
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "no model at {}", path.display());
    println!("skipped: no model at {}", path.display());
    None
}

/// The name of `kind` in `tests/conformance`.
pub(crate) fn kind_name(kind: CandidateKind) -> &'static str {
    match kind {
        CandidateKind::Typed => "typed",
        CandidateKind::Completion => "completion",
        CandidateKind::Correction => "correction",
        CandidateKind::Prediction => "prediction",
        CandidateKind::Expansion => "expansion",
        CandidateKind::Emoji => "emoji",
    }
}
