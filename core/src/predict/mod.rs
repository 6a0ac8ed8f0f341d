//! Text prediction for a keyboard: next word and completion, as whole words from the package's lexicon, scored by
//! the model.
//!
//! [`TextPredictor::suggest`] takes the text before the cursor and the letters of the word being typed. The model
//! runs once per word boundary; keys only re-filter what it said (see `docs/` for the flow). Nothing typed is kept
//! unless [`TextPredictor::learn`] is called.

mod error;

pub use error::PredictError;

use crate::cancel::CancelToken;
use crate::model::Model;

/// What the keyboard knows at a keystroke.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextInput<'a> {
    /// The text of the message left of the word being typed, as the user wrote it; ends with the separator.
    pub context: &'a str,
    /// The letters already typed of the current word; empty at a word boundary.
    pub composing: &'a str,
    /// How many candidates to return at most.
    pub limit: usize,
}

/// What to show in the suggestion strip, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// Best first, no duplicates.
    pub candidates: Vec<Candidate>,
    /// Whether the composing text is a word of the lexicon as it stands.
    pub typed_is_known: bool,
}

/// A suggested word.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The whole word as it should be inserted, without a trailing space.
    pub text: String,
    /// Natural logarithm of the word's probability after the context (and given the letters typed).
    pub score: f32,
    /// How the candidate came about.
    pub kind: CandidateKind,
}

/// How a candidate came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CandidateKind {
    /// The letters as typed.
    Typed,
    /// A word that begins with the letters typed.
    Completion,
    /// The next word; nothing of it is typed yet.
    Prediction,
}

/// How a [`TextPredictor`] works.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PredictorOptions {
    /// Languages to suggest words of (ISO 639-1), a subset of the package's.
    pub languages: Vec<String>,
    /// Tokens of context the model sees at most; older text is forgotten.
    pub context_tokens: usize,
}

impl Default for PredictorOptions {
    fn default() -> Self {
        Self { languages: vec!["en".into(), "de".into()], context_tokens: 64 }
    }
}

/// Suggests words. `Send + Sync`; one per keyboard; calls queue, and the newest wins.
#[derive(Debug)]
pub struct TextPredictor {}

impl TextPredictor {
    /// A predictor on `model`, which must carry a lexicon.
    pub fn new(model: &Model, options: PredictorOptions) -> Result<Self, PredictError> {
        let _ = (model, options);
        todo!()
    }

    /// Candidates for the strip. Blocks for a forward pass at word boundaries and for microseconds otherwise.
    ///
    /// # Errors
    ///
    /// [`PredictError::Superseded`] if a newer call came in while this one waited or ran, [`PredictError::Cancelled`].
    pub fn suggest(&self, input: &TextInput<'_>, cancel: &CancelToken) -> Result<Suggestions, PredictError> {
        let _ = (input, cancel);
        todo!()
    }

    /// Gives back the memory that can be rebuilt: caches and scratch.
    pub fn trim(&self) {
        todo!()
    }

    /// Bytes of heap held at the moment, the mapped package not counted.
    pub fn resident_bytes(&self) -> usize {
        todo!()
    }
}
