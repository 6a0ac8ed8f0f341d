//! What can go wrong while generating.

use crate::cancel::Cancelled;
use crate::engine::EngineError;
use crate::model::ModelError;

/// Why there is no (more) text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The call's [`CancelToken`](crate::CancelToken) was cancelled; asking for the next piece again goes on.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// An option is outside its range.
    #[error("{option} is {value}, but must be {allowed}")]
    Option {
        /// The field of [`GenerateOptions`](super::GenerateOptions).
        option: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// The prompt, or the conversation with it, does not fit.
    #[error(
        "the prompt with its conversation has {tokens} tokens, but {limit} fit and one must be left for the answer; \
         shorten it, or start a new session"
    )]
    ContextTooLong {
        /// Tokens there are.
        tokens: usize,
        /// Tokens that fit.
        limit: usize,
    },
    /// There is nothing to continue.
    #[error(
        "the text to continue is empty, and this model has no token that begins a document; give it a word"
    )]
    EmptyPrompt,
    /// [`respond`](super::Session::respond) needs a chat template, and the model has none.
    #[error(
        "this model has no chat template (tokenizer.chat_template), so it cannot chat; use complete instead"
    )]
    NoChatTemplate,
    /// The model's chat template is invalid or refuses the conversation.
    #[error(
        "the model's chat template failed: {0}; check the roles, or use complete with a prompt of your own"
    )]
    ChatTemplate(String),
    /// The model gave no usable numbers.
    #[error("the model's output is not a number; its weights are damaged, `spatz verify` tells where")]
    NotANumber,
    /// The model's vocabulary cannot be used for chat.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model could not be run.
    #[error(transparent)]
    Engine(EngineError),
}

impl From<EngineError> for GenerateError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other => Self::Engine(other),
        }
    }
}
