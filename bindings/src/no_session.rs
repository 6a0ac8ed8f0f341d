//! What `session.rs` exports, for a library built without the feature `chat`: the generated Kotlin and Swift stay the
//! same, and opening a session says what is missing.

#![expect(
    unused_variables,
    reason = "names and comments are those of `session.rs`: checksums in the generated code cover them"
)]

use crate::cancel::RustCancelToken;
use crate::error::SpatzError;
use crate::model::RustModel;
use crate::records::{RustFinishReason, RustGenerateOptions};
use std::convert::Infallible;
use std::sync::Arc;

/// A conversation on one model. It gives one answer at a time: until an answer ends or is closed, asking again is
/// [`SpatzError::SessionBusy`].
#[derive(Debug, uniffi::Object)]
pub struct RustSession(Infallible);

/// Text being generated; pull it with [`next`](Self::next).
#[derive(Debug, uniffi::Object)]
pub struct RustGeneration(Infallible);

#[uniffi::export]
impl RustSession {
    /// A conversation on `model`.
    #[uniffi::constructor]
    pub fn new(model: Arc<RustModel>, instructions: Option<String>) -> Result<Arc<Self>, SpatzError> {
        Err(SpatzError::ModelUnsupported(
            "this library was built without sessions; take the one with the feature `chat`".to_owned(),
        ))
    }

    /// Answers `prompt` as the next user turn.
    pub fn respond(
        &self,
        prompt: String,
        options: RustGenerateOptions,
    ) -> Result<Arc<RustGeneration>, SpatzError> {
        match self.0 {}
    }

    /// Continues `text` as it stands, outside the conversation.
    pub fn complete(
        &self,
        text: String,
        options: RustGenerateOptions,
    ) -> Result<Arc<RustGeneration>, SpatzError> {
        match self.0 {}
    }

    /// Ends an answer in progress and lets go of the conversation.
    pub fn release(&self) -> Result<(), SpatzError> {
        match self.0 {}
    }
}

#[uniffi::export]
impl RustGeneration {
    /// The next piece of text, or `None` at the end. After [`SpatzError::Cancelled`] it may be asked again.
    pub fn next(&self, cancel: Arc<RustCancelToken>) -> Result<Option<String>, SpatzError> {
        match self.0 {}
    }

    /// Why it ended; `None` while it runs, and if it was closed before its end.
    pub fn finish_reason(&self) -> Result<Option<RustFinishReason>, SpatzError> {
        match self.0 {}
    }

    /// Stops generating and frees the session for the next question.
    pub fn release(&self) -> Result<(), SpatzError> {
        match self.0 {}
    }
}
