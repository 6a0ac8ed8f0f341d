//! Text generation: sampling, stop strings, chat templates, pull streaming.
//!
//! A [`Session`] keeps a conversation on one model; [`Session::respond`] and [`Session::complete`] give a
//! [`Generation`], which computes a piece only when it is asked for one: no callbacks, and to stop is to stop asking.
//!
//! ```no_run
//! use spatz::generate::{GenerateOptions, Session};
//! use spatz::{CancelToken, Model};
//!
//! let model = Model::open("smollm2-135m-instruct.gguf")?;
//! let mut session = Session::new(&model)?.with_instructions("Answer in one sentence.");
//! let mut answer = session.respond("What is the capital of France?", GenerateOptions::default())?;
//! while let Some(piece) = answer.next_piece(&CancelToken::new())? {
//!     print!("{piece}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `sampler/` holds one file a sampler, `template.rs` the chat templates, `stop.rs` the stop strings.
#![cfg(feature = "chat")]

mod error;
mod generation;
mod options;
mod sampler;
mod session;
mod stop;
mod template;
#[cfg(test)]
mod tests;

pub use error::GenerateError;
pub use generation::{FinishReason, Generation};
pub use options::GenerateOptions;
pub use session::Session;
