//! Voice commands: an app declares in a file what it can do; an utterance becomes a call with typed values, or a
//! clear "no".
//!
//! [`CommandSet::from_yaml`] reads the file and compiles it; [`CommandParser::parse`] matches an utterance against it in
//! microseconds.
//!
//! ```
//! use spatz::command::{CommandParser, CommandSet, Parse, ParseContext, SlotValue};
//!
//! let set = CommandSet::from_yaml("timer.yaml", r#"
//! intents:
//!   StartTimer:
//!     slots:
//!       duration:
//!         type: duration
//!         required: true
//!         prompt: { en: "For how long?", de: "Wie lange?" }
//!     sentences:
//!       en: ["(start|set) [a] timer [for {duration}]"]
//!       de: ["(starte|stell[e]) [einen] (Timer|Wecker) [auf {duration}]"]
//! "#)?;
//! let parser = CommandParser::new(set);
//!
//! let parse = parser.parse("Stelle einen Timer auf anderthalb Stunden", &ParseContext::in_language("de"));
//! let Parse::Command(command) = parse else { panic!("{parse:?}") };
//! assert_eq!(command.slot("duration"), Some(&SlotValue::Duration { seconds: 5400 }));
//!
//! let parse = parser.parse("set a timer", &ParseContext::in_language("en"));
//! assert!(matches!(parse, Parse::NeedsValue { prompt, .. } if prompt == "For how long?"));
//! # Ok::<(), spatz::command::CommandError>(())
//! ```
//!
//! # The command file
//!
//! Home Assistant's sentence files (hassil's format) load unchanged: `language`, `intents` → name → `data` → blocks of
//! `sentences` with `slots`, `requires_context`, `excludes_context`, `response`, `required_keywords`, and `lists`
//! (`values`, `range`, `wildcard`), `expansion_rules`, `skip_words`, `settings`. Ours, for apps, is this:
//!
//! - `intents: NAME: slots:` declares slots: `type` (`text`, `integer`, `number`, `boolean`, `duration`, `list`, `ordinal`,
//!   `percent`, `temperature`, `dimension`, `currency`, `age`, `phone`, `email`, `url`, `colour`, `date`, `time`, `datetime`, `daterange`,
//!   `timerange`, `datetimerange`, `recurrence`; a `datetime` that is only a time is the next one),
//!   `required`, `prompt` (a text, or one a language), `values` or `list` for a list, `from`, `to`, `step` for numbers.
//!   `{name}` in a sentence then means a value of that type. The types may also be named directly: `{duration:time}`.
//! - `intents: NAME: sentences:` holds sentences without a block around them, a list or one a language; so does
//!   `intents: NAME: [sentences]`.
//! - `languages:` puts languages side by side; under each code stands what a file of that language would hold.
//! - A list's value may be written as `value:` with `synonyms:`, and `in:` may hold one template a language.
//!
//! - `intents: NAME: examples:` holds plain sentences, a list or one a language, for a parser with an encoder. A value
//!   stands in brackets with its slot behind it: `remind me to [call mum](task) at [six](time)`.
//!
//! Instead of a file, [`CommandSet::from_jsonl`] reads labelled examples, a JSON object a line. [`CommandSet::from_files`] makes one
//! set of several.
//!
//! `template.rs` has the syntax of sentences. Errors read `file:line:column: what was found; how to mend it`.
//!
//! # How it works
//!
//! `yaml.rs` reads YAML with positions, `source.rs` gives it types, `template.rs` parses sentences, `compile.rs` makes of
//! them the automaton of `automaton.rs`, which `matcher.rs` runs. Both sides are compared in the folded spelling of
//! [`entity::text`](crate::entity::text); numbers and durations are read by [`entity`](crate::entity), and `heard.rs` makes
//! values of the words. What no template matches is tried again without the words of `filler.rs`, then with words that sound the same
//! (`homophones.rs`) or are only like an entry of a list ("expresso", `vocabulary.rs`), and then, for a parser made by [`CommandParser::with_encoder`], understood
//! by its likeness to examples (`example.rs`) and templates in `learned/`, unless it names nothing,
//! only asks or says no ("two", "is the light on", "don't"; `plausible.rs`); what is taken back in it ("a small no a large coffee") does not
//! count (`dialogue/repair.rs`); `guess.rs` makes a command of that. However it was understood, a slot with a type holds a
//! value of that type or is missing.

mod automaton;
mod check;
mod compile;
mod dialogue;
mod distance;
mod error;
mod example;
mod filler;
mod guess;
mod heard;
mod homophones;
mod hypotheses;
mod learned;
mod matcher;
mod parser;
mod plausible;
pub mod protocol;
mod set;
mod source;
mod template;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;
mod yaml;

pub use check::{Finding, Oddity};
pub use dialogue::{Conversation, Turn};
pub use error::{CommandError, Location};
pub use example::{Example, ExampleSlot};
pub use hypotheses::Hypothesis;
pub use learned::SECTION as LEARNED_SECTION;
pub use parser::{Command, CommandParser, Parse, ParseContext, Slot};
pub use set::{CommandSet, ListValue};
pub use value::SlotValue;

/// The JSON Schema of command files, for editors.
pub const SCHEMA: &str = include_str!("schema.json");
