//! The values that cross the language border: core's own, mirrored. `convert.rs` fills them.

use std::collections::HashMap;

/// Mirrors [`spatz::model::ModelInfo`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustModelInfo {
    /// `general.name`, or the file's name.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// SPDX licence expression.
    pub license: Option<String>,
    /// ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Number of weights.
    pub parameters: u64,
    /// Size of the package in bytes.
    pub file_bytes: u64,
    /// `None` for a GGUF that Spatz did not make.
    pub format_version: Option<u32>,
    /// Names of the sections behind the tensors.
    pub sections: Vec<String>,
}

/// Mirrors [`spatz::predict::PredictorOptions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustPredictorOptions {
    /// Languages to suggest words of.
    pub languages: Vec<String>,
    /// Tokens of context the model sees at most.
    pub context_tokens: u32,
}

/// Mirrors [`spatz::predict::TextInput`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustTextInput {
    /// The text left of the word being typed.
    pub context: String,
    /// The letters already typed of the current word.
    pub composing: String,
    /// How many candidates to return at most.
    pub limit: u32,
}

/// Mirrors [`spatz::predict::Suggestions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustSuggestions {
    /// Best first.
    pub candidates: Vec<RustCandidate>,
    /// Whether the composing text is a word as it stands.
    pub typed_is_known: bool,
}

/// Mirrors [`spatz::predict::Candidate`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCandidate {
    /// The whole word.
    pub text: String,
    /// Natural logarithm of its probability.
    pub score: f32,
    /// How it came about.
    pub kind: RustCandidateKind,
}

/// Mirrors [`spatz::predict::CandidateKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustCandidateKind {
    /// The letters as typed.
    Typed,
    /// A word that begins with the letters typed.
    Completion,
    /// The next word.
    Prediction,
}

/// Mirrors [`spatz::command::ParseContext`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustParseContext {
    /// Language of the utterance; `None` tries all the set has.
    pub language: Option<String>,
    /// What the set's `requires_context` and `excludes_context` look at.
    pub context: HashMap<String, RustSlotValue>,
    /// Among several readings, prefer those that say most of this slot.
    pub preferred_slot: Option<String>,
}

/// Mirrors [`spatz::command::Parse`].
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum RustParse {
    /// A call with all it needs.
    Command {
        /// The call.
        command: RustCommand,
    },
    /// A call that lacks a required slot.
    NeedsValue {
        /// What is understood so far.
        command: RustCommand,
        /// The slot that is missing.
        slot: String,
        /// What to ask.
        prompt: String,
    },
    /// Not meant for this app.
    OutOfScope {
        /// How sure, 0 to 1.
        confidence: f32,
    },
}

/// Mirrors [`spatz::command::Command`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCommand {
    /// The intent's name.
    pub intent: String,
    /// Probability that this is what was meant, 0 to 1.
    pub confidence: f32,
    /// The values, in the order in which they were said.
    pub slots: Vec<RustSlot>,
}

/// Mirrors [`spatz::command::Slot`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustSlot {
    /// The slot's name.
    pub name: String,
    /// The typed value.
    pub value: RustSlotValue,
    /// The words it came from.
    pub text: String,
    /// Where these words are.
    pub span: Option<RustSpan>,
}

/// A range of Unicode code points of an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustSpan {
    /// First code point.
    pub start: u32,
    /// The code point after the last.
    pub end: u32,
}

/// Mirrors [`spatz::command::SlotValue`].
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum RustSlotValue {
    /// A list entry's value or free text.
    Text {
        /// The text.
        text: String,
    },
    /// A whole number.
    Integer {
        /// The number.
        number: i64,
    },
    /// A number with a fraction.
    Number {
        /// The number.
        number: f64,
    },
    /// True or false.
    Boolean {
        /// Which.
        boolean: bool,
    },
    /// A length of time.
    Duration {
        /// Whole seconds.
        seconds: i64,
    },
}

/// Mirrors [`spatz::generate::GenerateOptions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustGenerateOptions {
    /// 0 is greedy.
    pub temperature: f32,
    /// 0 keeps all.
    pub top_k: u32,
    /// 1 keeps all.
    pub top_p: f32,
    /// 0 keeps all.
    pub min_p: f32,
    /// 1 is off.
    pub repetition_penalty: f32,
    /// Tokens that the penalty looks back over.
    pub repetition_window: u32,
    /// Same seed, same text.
    pub seed: u64,
    /// Generation ends before one of these would appear.
    pub stop: Vec<String>,
    /// Tokens to generate at most.
    pub max_tokens: u32,
}

/// Mirrors [`spatz::generate::FinishReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustFinishReason {
    /// The model ended its turn.
    EndOfTurn,
    /// A stop string was reached.
    StopString,
    /// `max_tokens` were generated.
    MaxTokens,
    /// The context is full.
    ContextFull,
}
