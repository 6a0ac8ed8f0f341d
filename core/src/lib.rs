//! Spatz runs small language models on the phone: **text prediction** for keyboards and **voice commands** for
//! apps, offline, in real time, in English and German.
//!
//! Everything starts with a [`Model`]: one GGUF file, memory-mapped, cheap to clone. On it stand
//!
//! - [`predict::TextPredictor`]: next word, completion and correction for a keyboard,
//! - [`command::CommandParser`]: an utterance to a typed call, or a clear "no",
//! - [`generate::Session`] (feature `chat`): chat and completion with any GGUF model of the Llama family.
//!
//! ```no_run
//! use spatz::{CancelToken, Model};
//! use spatz::predict::{PredictorOptions, TextInput, TextPredictor};
//!
//! let model = Model::open("models/spatz-base.gguf")?;
//! let keyboard = TextPredictor::new(&model, PredictorOptions::default())?;
//! let input = TextInput { context: "Wir sehen uns ", composing: "mor", limit: 3, ..TextInput::default() };
//! let suggestions = keyboard.suggest(&input, &CancelToken::new())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate has no network code, no clock, and no threads but those that `EngineOptions::threads` asks for.
//! `ARCHITECTURE.md` in the repository draws the rooms and says which may use which.

#![deny(missing_docs)]

pub mod cancel;
pub mod command;
pub mod engine;
pub mod entity;
pub mod generate;
pub mod model;
pub mod predict;
pub mod store;

pub use cancel::{CancelToken, Cancelled};
pub use model::{Model, ModelError};
