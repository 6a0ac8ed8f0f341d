//! Voice commands: an app declares in a file what it can do; an utterance becomes a call with typed values, or a
//! clear "no".
//!
//! [`CommandSet::from_yaml`] reads the file (hassil's template syntax, as Home Assistant's sentences have it) and
//! compiles it; [`CommandParser::parse`] matches an utterance against it in microseconds.

mod error;

pub use error::CommandError;

/// What an app can do, compiled.
#[derive(Clone, Debug)]
pub struct CommandSet {}

/// Turns utterances into commands. `Send + Sync`, immutable.
#[derive(Debug)]
pub struct CommandParser {}

/// What is known around an utterance.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ParseContext {
    /// Language of the utterance (ISO 639-1); `None` tries all the set has.
    pub language: Option<String>,
}

/// What an utterance means to the command set.
#[derive(Clone, Debug, PartialEq)]
pub enum Parse {
    /// A call with all it needs.
    Command(Command),
    /// A call that lacks a required slot; `prompt` is the set's question for it.
    NeedsValue {
        /// What is understood so far.
        command: Command,
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

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The intent's name in the command set.
    pub intent: String,
    /// Probability that this is what was meant, 0 to 1.
    pub confidence: f32,
    /// The values, in the order in which they were said; those that the template fixes come last.
    pub slots: Vec<Slot>,
}

/// A named value of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The slot's name in the command set.
    pub name: String,
    /// The typed value.
    pub value: SlotValue,
    /// The words of the utterance it came from; empty if the template fixes it.
    pub text: String,
    /// Where these words are, in Unicode code points of the utterance, end exclusive.
    pub span: Option<(usize, usize)>,
}

/// A slot's value.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotValue {
    /// A list entry's value or free text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A length of time in seconds (ISO 8601 by [`SlotValue::to_iso_string`]).
    Duration {
        /// Whole seconds.
        seconds: i64,
    },
}

impl CommandSet {
    /// Reads a command file. `name` is what errors call the file.
    ///
    /// # Errors
    ///
    /// [`CommandError`] gives file, line, column, the text and how to mend it.
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, CommandError> {
        let _ = (name, text);
        todo!()
    }
}

impl CommandParser {
    /// A parser for `set`.
    pub fn new(set: CommandSet) -> Self {
        let _ = set;
        todo!()
    }

    /// What `utterance` means. Never fails: what is not understood is out of scope.
    pub fn parse(&self, utterance: &str, context: &ParseContext) -> Parse {
        let _ = (utterance, context);
        todo!()
    }
}
