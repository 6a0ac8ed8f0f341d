//! Text generation: sampling, stop strings, chat templates, pull streaming.
//!
//! A [`Session`] keeps a conversation on one model; [`Session::respond`] and [`Session::complete`] give a
//! [`Generation`], which computes a piece only when it is asked for one: no callbacks, and to stop is to stop asking.
#![cfg(feature = "chat")]

mod error;

pub use error::GenerateError;

use crate::cancel::CancelToken;
use crate::model::Model;

/// How tokens are drawn and when to stop.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GenerateOptions {
    /// 0 is greedy.
    pub temperature: f32,
    /// Keep the `k` likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Nucleus sampling (Holtzman et al. 2020, arXiv 1904.09751); 1 keeps all.
    pub top_p: f32,
    /// Keep tokens of at least `min_p` times the likeliest one's probability (arXiv 2407.01082); 0 keeps all.
    pub min_p: f32,
    /// Divides the logits of tokens seen in the last `repetition_window` tokens (CTRL, arXiv 1909.05858); 1 is off.
    pub repetition_penalty: f32,
    /// Tokens that `repetition_penalty` looks back over.
    pub repetition_window: usize,
    /// Same seed, same text.
    pub seed: u64,
    /// Generation ends before one of these would appear.
    pub stop: Vec<String>,
    /// Tokens to generate at most.
    pub max_tokens: usize,
}

/// A conversation on one model.
#[derive(Debug)]
pub struct Session {}

/// Text being generated. Pull it with [`Generation::next_piece`].
#[derive(Debug)]
pub struct Generation<'s> {
    _session: &'s mut Session,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FinishReason {
    /// The model ended its turn.
    EndOfTurn,
    /// A stop string was reached.
    StopString,
    /// `max_tokens` were generated.
    MaxTokens,
    /// The context is full.
    ContextFull,
}

impl Session {
    /// A session without instructions; the model needs no chat template until [`respond`](Self::respond) is called.
    pub fn new(model: &Model) -> Result<Self, GenerateError> {
        let _ = model;
        todo!()
    }

    /// Sets the system message of the conversation.
    pub fn with_instructions(self, instructions: &str) -> Self {
        let _ = instructions;
        todo!()
    }

    /// Answers `prompt` as the next user turn; the answer becomes part of the conversation as far as it was pulled.
    pub fn respond(
        &mut self,
        prompt: &str,
        options: GenerateOptions,
    ) -> Result<Generation<'_>, GenerateError> {
        let _ = (prompt, options);
        todo!()
    }

    /// Continues `text` as it stands, outside the conversation.
    pub fn complete(
        &mut self,
        text: &str,
        options: GenerateOptions,
    ) -> Result<Generation<'_>, GenerateError> {
        let _ = (text, options);
        todo!()
    }
}

impl Generation<'_> {
    /// The next piece of text, or `None` at the end. A piece is valid UTF-8: characters are never split.
    pub fn next_piece(&mut self, cancel: &CancelToken) -> Result<Option<String>, GenerateError> {
        let _ = cancel;
        todo!()
    }

    /// Why it ended; `None` while it runs.
    pub fn finish_reason(&self) -> Option<FinishReason> {
        todo!()
    }
}
