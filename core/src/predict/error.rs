//! What can go wrong while predicting.

use super::lexicon::LexiconError;
use super::ngram::NgramError;
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
    /// The vocabulary cannot be used for typing.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The package has no word list.
    #[error("{name} has no section `lexicon`, so it cannot suggest words; make one with `spatz pack`")]
    NoLexicon {
        /// The package.
        name: String,
    },
    /// The word list cannot be used.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The n-gram cannot be used.
    #[error(transparent)]
    Ngram(#[from] NgramError),
    /// None of the package's words would be suggested.
    #[error("the package has words in {available}, none in {wanted}; choose one of the former")]
    Languages {
        /// The languages asked for.
        wanted: String,
        /// The languages of the lexicon.
        available: String,
    },
    /// The layout of the keys makes no sense.
    #[error(
        "key {place} of the layout has no size, or a place that is no number; give centre and size of every key"
    )]
    Key {
        /// Which one, from 0 on.
        place: usize,
    },
    /// The forward pass failed.
    #[error(transparent)]
    Engine(EngineError),
}
