//! One flat error for the languages above: the kind tells the app what it can do, the message what was wrong, where,
//! and how to mend it.

use spatz::Cancelled;
use spatz::command::CommandError;
use spatz::engine::EngineError;
#[cfg(feature = "chat")]
use spatz::generate::GenerateError;
use spatz::model::ModelError;
use spatz::predict::{LearningError, PredictError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a call failed. The text is `Display`'s, so that Kotlin and Swift show the message of the room it came from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
#[non_exhaustive]
pub enum SpatzError {
    /// There is no file at the path, or it may not be read.
    #[error("{0}")]
    ModelNotFound(String),
    /// The file is damaged or no GGUF.
    #[error("{0}")]
    ModelInvalid(String),
    /// A sound file that this version cannot run: newer format, unknown architecture or type, a part that is missing.
    #[error("{0}")]
    ModelUnsupported(String),
    /// An argument that the caller can mend.
    #[error("{0}")]
    InvalidInput(String),
    /// More text than the model's context holds.
    #[error("{0}")]
    ContextTooLong(String),
    /// A command file with a mistake; the message has file, line and column.
    #[error("{0}")]
    InvalidCommands(String),
    /// What is learned cannot be saved or read: no space, no permission, or the folder is in use elsewhere.
    #[error("{0}")]
    Storage(String),
    /// The session is answering already.
    #[error("the session is answering; finish or close that answer first")]
    SessionBusy,
    /// The call's token was cancelled; wrappers turn it into the language's own cancellation.
    #[error("the call was cancelled")]
    Cancelled,
    /// A newer keystroke arrived; wrappers turn it into the language's own cancellation.
    #[error("a newer keystroke arrived")]
    Superseded,
    /// The object was closed before or during the call.
    #[error("this object is closed; open a new one")]
    Closed,
    /// A bug of ours. Carries no text of the user.
    #[error("{0}")]
    Internal(String),
}

/// Runs `work`; a panic in it becomes [`SpatzError::Internal`], without the panic's text, which may quote the user.
pub(crate) fn catching<T>(work: impl FnOnce() -> Result<T, SpatzError>) -> Result<T, SpatzError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let version = env!("CARGO_PKG_VERSION");
        Err(SpatzError::Internal(format!(
            "Spatz {version} stopped at a bug of its own; please report what was called"
        )))
    })
}

impl From<Cancelled> for SpatzError {
    fn from(Cancelled: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<ModelError> for SpatzError {
    fn from(error: ModelError) -> Self {
        let message = error.to_string();
        match error {
            ModelError::Io { .. } => Self::ModelNotFound(message),
            ModelError::Unsupported { .. } => Self::ModelUnsupported(message),
            _ => Self::ModelInvalid(message),
        }
    }
}

impl From<EngineError> for SpatzError {
    fn from(error: EngineError) -> Self {
        let message = error.to_string();
        match error {
            EngineError::Cancelled(cancelled) => cancelled.into(),
            EngineError::Model(error) => error.into(),
            EngineError::ContextLimit { .. } => Self::ContextTooLong(message),
            EngineError::MissingTensor { .. }
            | EngineError::TensorShape { .. }
            | EngineError::Config { .. } => Self::ModelInvalid(message),
            _ => Self::InvalidInput(message),
        }
    }
}

impl From<PredictError> for SpatzError {
    fn from(error: PredictError) -> Self {
        let message = error.to_string();
        match error {
            PredictError::Cancelled(cancelled) => cancelled.into(),
            PredictError::Superseded => Self::Superseded,
            PredictError::Model(error) => error.into(),
            PredictError::Engine(error) => error.into(),
            PredictError::NoLexicon { .. } => Self::ModelUnsupported(message),
            PredictError::Lexicon(_) => Self::ModelInvalid(message),
            _ => Self::InvalidInput(message),
        }
    }
}

impl From<LearningError> for SpatzError {
    fn from(error: LearningError) -> Self {
        let message = error.to_string();
        match error {
            LearningError::Store(_) => Self::Storage(message),
            _ => Self::InvalidInput(message),
        }
    }
}

impl From<CommandError> for SpatzError {
    fn from(error: CommandError) -> Self {
        let message = error.to_string();
        match error {
            CommandError::Encoder(error) => error.into(),
            CommandError::List { .. } | CommandError::Conversation { .. } => Self::InvalidInput(message),
            _ => Self::InvalidCommands(message),
        }
    }
}

#[cfg(feature = "chat")]
impl From<GenerateError> for SpatzError {
    fn from(error: GenerateError) -> Self {
        let message = error.to_string();
        match error {
            GenerateError::Cancelled(cancelled) => cancelled.into(),
            GenerateError::Model(error) => error.into(),
            GenerateError::Engine(error) => error.into(),
            GenerateError::ContextTooLong { .. } => Self::ContextTooLong(message),
            GenerateError::NoChatTemplate => Self::ModelUnsupported(message),
            GenerateError::NotANumber => Self::ModelInvalid(message),
            _ => Self::InvalidInput(message),
        }
    }
}
