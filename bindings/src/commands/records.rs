//! Parses, turns and what they are made of: core's own, mirrored.

use crate::entities::{RustDateTime, RustScalar, RustValue};
use std::collections::HashMap;

/// A command file, or labelled examples if the name ends with `.jsonl`.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCommandFile {
    /// What errors call it.
    pub name: String,
    /// YAML, JSON, or a JSON object a line.
    pub text: String,
}

/// What a command set has.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCommandSetInfo {
    /// ISO 639-1 codes.
    pub languages: Vec<String>,
    /// In the order of the files.
    pub intents: Vec<String>,
    /// Those that may be filled at run time.
    pub lists: Vec<String>,
}

/// Mirrors [`spatz::command::ListValue`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustListEntry {
    /// How it is said.
    pub text: String,
    /// Whether `text` is a template.
    pub is_template: bool,
    /// What the slot receives; `None`: the text, or what was said of a template.
    pub value: Option<RustScalar>,
    /// What is known once it was said.
    pub context: HashMap<String, RustScalar>,
}

/// Mirrors [`spatz::command::ParseContext`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustParseContext {
    /// Language of the utterance; `None` tries all the set has.
    pub language: Option<String>,
    /// What the set's `requires_context` and `excludes_context` look at.
    pub context: HashMap<String, RustScalar>,
    /// Among several readings, prefer those that say most of this slot.
    pub preferred_slot: Option<String>,
    /// The local time that dates and times are resolved against.
    pub reference: Option<RustDateTime>,
}

/// Mirrors [`spatz::command::Hypothesis`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustHypothesis {
    /// What may have been said.
    pub text: String,
    /// A probability or its logarithm.
    pub score: f32,
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

/// Of several hypotheses, what was most probably said.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustHeard {
    /// The hypothesis.
    pub text: String,
    /// What it means.
    pub parse: RustParse,
}

/// Mirrors [`spatz::command::Command`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCommand {
    /// The intent's name.
    pub intent: String,
    /// ISO 639-1 code.
    pub language: String,
    /// Probability that this is what was meant, 0 to 1.
    pub confidence: f32,
    /// The values, in the order in which they were said.
    pub slots: Vec<RustSlot>,
    /// What to say once it is done; `None` if the set has nothing in this language.
    pub response: Option<String>,
}

/// Mirrors [`spatz::command::Slot`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustSlot {
    /// The slot's name.
    pub name: String,
    /// The typed value.
    pub value: RustValue,
    /// The words it came from.
    pub text: String,
    /// Where these words are.
    pub span: Option<RustSpan>,
    /// Other values that the words fit as well.
    pub alternatives: Vec<RustValue>,
}

/// A range of Unicode code points of an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustSpan {
    /// First code point.
    pub start: u32,
    /// The code point after the last.
    pub end: u32,
}

/// Mirrors [`spatz::command::Turn`].
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum RustTurn {
    /// Run the command.
    Run {
        /// The call.
        command: RustCommand,
        /// Whether it replaces the one that ran before.
        corrects: bool,
    },
    /// Ask for a value.
    Ask {
        /// What is understood so far.
        command: RustCommand,
        /// The slot that is missing.
        slot: String,
        /// What to ask.
        prompt: String,
    },
    /// Ask whether the command is meant.
    Confirm {
        /// The call.
        command: RustCommand,
        /// What to ask.
        prompt: String,
    },
    /// What was asked about is no longer wanted.
    Cancelled,
    /// Not meant for this app, or no answer.
    NotUnderstood,
}

/// What comes of an utterance in a conversation.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustReply {
    /// The hypothesis that was taken.
    pub heard: String,
    /// What the app does next, in this order.
    pub turns: Vec<RustTurn>,
    /// The conversation from here on.
    pub conversation: String,
    /// Whether the next utterance is expected to answer a question.
    pub is_open: bool,
}
