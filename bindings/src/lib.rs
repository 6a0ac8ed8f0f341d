//! The façade that Kotlin and Swift see: core's rooms behind [UniFFI](https://mozilla.github.io/uniffi-rs/), and nothing
//! of its own.
//!
//! App developers never meet these types: `bindings/kotlin` and `bindings/swift` wrap every one of them (`WRAPPERS.md`
//! lists which becomes what). The rules of this layer:
//!
//! - **Synchronous and blocking.** UniFFI polls an exported `async fn` on the caller's thread and Swift does not pass
//!   task cancellation on, so threads belong to the wrappers, which run each object's calls on a lane of its own.
//! - **`Send + Sync`, `&self`.** Any object may be called from any thread and closed during a call: the call then
//!   returns [`SpatzError::Closed`].
//! - **Pull, never push.** A [`RustGeneration`] computes a piece when it is asked for one; nothing calls into the JVM
//!   or Swift. To stop is to stop asking, or to cancel the [`RustCancelToken`] of the running call.
//! - **Every function returns `Result`**, but for the token's two, which cannot fail: UniFFI turns a panic in a function
//!   without one into a crash.
//! - **Records are mirrored** in each `convert.rs`, destructured without `..`: a new field in core breaks this build, not an
//!   app.
//!
//! | file | what it exposes |
//! |---|---|
//! | `model.rs` | [`RustModel`]: a package from a path or a file descriptor |
//! | `predictor.rs` | [`RustTextPredictor`] |
//! | `learning.rs` | what it learns, and the values for that |
//! | `commands/` | [`RustCommandParser`], parses, conversations |
//! | `entities/` | [`recognize_entities`], and the typed values of slots and entities |
//! | `session.rs` | [`RustSession`] and its [`RustGeneration`]; `no_session.rs` in a library without the feature `chat` |
//! | `cancel.rs` | [`RustCancelToken`] |
//! | `error.rs` | [`SpatzError`], and how each room's errors become one |
//! | `records.rs`, `convert.rs` | the values of the others that cross, and their conversion |
//! | `lifetime.rs` | closing something that is in use |

mod cancel;
mod commands;
mod convert;
mod entities;
mod error;
mod learning;
mod lifetime;
mod model;
mod predictor;
mod records;
#[cfg_attr(not(feature = "chat"), path = "no_session.rs")]
mod session;

pub use cancel::RustCancelToken;
pub use commands::{
    RustCommand, RustCommandFile, RustCommandParser, RustCommandSetInfo, RustHeard, RustHypothesis,
    RustListEntry, RustParse, RustParseContext, RustReply, RustSlot, RustSpan, RustTurn,
    is_conversation_open,
};
pub use entities::{
    RustAnchor, RustDate, RustDateTime, RustDayPart, RustDimension, RustEntity, RustFrequency, RustLength,
    RustQuantity, RustRecurrence, RustScalar, RustTime, RustValue, RustWhen, recognize_entities,
};
pub use error::SpatzError;
pub use learning::{
    RustAttached, RustField, RustHealth, RustImported, RustLearnedPage, RustLearnedQuery, RustLearnedWord,
    RustReadOnly, RustSupplementaryWord,
};
pub use model::RustModel;
pub use predictor::RustTextPredictor;
pub use records::{
    RustCandidate, RustCandidateKind, RustFinishReason, RustGenerateOptions, RustKey, RustModelInfo,
    RustPhrase, RustPredictorOptions, RustSuggestions, RustTextInput, RustTouch,
};
pub use session::{RustGeneration, RustSession};

uniffi::setup_scaffolding!();
