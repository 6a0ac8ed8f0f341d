//! What may be found in a command set, and how it is told.

use std::fmt;

use super::FEW_EXAMPLES;
use crate::command::error::Location;
use crate::command::value::SlotValue;
use crate::entity::Language;

/// Something in a command set that its author probably did not mean, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The sentence, slot, intent, list or key that is meant. `None` if no file has it: labelled examples keep no place.
    pub at: Option<Location>,
    /// What was found.
    pub what: Oddity,
}

/// What an author probably did not mean.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Oddity {
    /// A sentence of one intent is answered by another: put what tells them apart into the sentence, or remove it from one.
    Overlap {
        /// The language of the sentence.
        language: String,
        /// A sentence, drawn from a template.
        sentence: String,
        /// The intent whose template it is.
        intent: String,
        /// The intent that answers.
        answered_by: String,
    },
    /// An intent is known by examples only, and by few.
    FewExamples {
        /// The intent.
        intent: String,
        /// The language of the examples; empty if they are for all.
        language: String,
        /// How many there are.
        count: usize,
    },
    /// An intent has neither sentences nor examples.
    Unsaid {
        /// The intent.
        intent: String,
    },
    /// An intent has sentences in one language of the set and none in another.
    Untranslated {
        /// The intent.
        intent: String,
        /// The language that is missing.
        language: String,
    },
    /// A language is declared, and no intent has sentences or examples in it.
    SilentLanguage {
        /// The language.
        language: String,
    },
    /// A text that would be needed is missing in a language.
    MissingText {
        /// The intent.
        intent: String,
        /// Where: `prompt of hour`, `confirm`, `response`.
        what: String,
        /// The language that has none.
        language: String,
    },
    /// A text to confirm a command that runs without being confirmed.
    UnusedConfirm {
        /// The intent.
        intent: String,
    },
    /// A declared slot that no sentence and no example fills.
    UnusedSlot {
        /// The intent.
        intent: String,
        /// The slot.
        slot: String,
    },
    /// A text names a slot in braces that its intent does not have: it would be said as it is written.
    UnknownName {
        /// The intent.
        intent: String,
        /// Where: `response`, `confirm`.
        what: &'static str,
        /// The name in braces.
        name: String,
    },
    /// Sentences are under a language of which Spatz knows no words: numbers, dates and answers are not understood in it.
    UnknownLanguage {
        /// What is written for the language.
        language: String,
    },
    /// The same words stand for two values of a list.
    TwoMeanings {
        /// The language of the words.
        language: String,
        /// What holds the values: "the list `room`".
        list: String,
        /// The words.
        words: String,
        /// One of the values.
        first: SlotValue,
        /// The other.
        second: SlotValue,
    },
    /// A key that nothing reads.
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that are read in its place.
        known: &'static [&'static str],
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = &self.at {
            write!(f, "{at}: ")?;
        }
        self.what.fmt(f)
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap { language, sentence, intent, answered_by } => write!(
                f,
                "\"{sentence}\" ({language}) stands in `{intent}`, but `{answered_by}` answers; tell them apart or remove one"
            ),
            Self::FewExamples { intent, language, count } => {
                let language = if language.is_empty() { String::new() } else { format!(" in {language}") };
                let examples = if *count == 1 { "example" } else { "examples" };
                write!(f, "`{intent}` has {count} {examples}{language}; write {FEW_EXAMPLES} or more")
            }
            Self::Unsaid { intent } => {
                write!(f, "`{intent}` has no sentences and no examples; write some, or remove it")
            }
            Self::Untranslated { intent, language } => {
                write!(f, "`{intent}` has no sentences in {language}; write some, or take the language out")
            }
            Self::SilentLanguage { language } => {
                write!(f, "no intent has sentences in {language}; write some, or take the language out")
            }
            Self::MissingText { intent, what, language } => {
                write!(f, "`{intent}` has no {what} in {language}; write one")
            }
            Self::UnusedConfirm { intent } => write!(
                f,
                "the confirm of `{intent}` is never asked; write `destructive: true` beside it, or remove it"
            ),
            Self::UnusedSlot { intent, slot } => {
                write!(f, "no sentence of `{intent}` fills the slot `{slot}`; use it or remove it")
            }
            Self::UnknownName { intent, what, name } => write!(
                f,
                "the {what} of `{intent}` names {{{name}}}, which is no slot of it; write one of its slots, or declare it"
            ),
            Self::UnknownLanguage { language } => {
                let known: Vec<_> = Language::ALL.iter().map(|known| known.code).collect();
                let known = known.join(", ");
                write!(
                    f,
                    "no numbers and dates are known in `{language}`, only in {known}; write the language's code"
                )
            }
            Self::TwoMeanings { language, list, words, first, second } => write!(
                f,
                "\"{words}\" ({language}) means both `{first}` and `{second}` in {list}; tell them apart or remove one"
            ),
            Self::UnknownKey { key, known } => {
                write!(f, "nothing reads `{key}` here, only {}; rename or remove it", known.join(", "))
            }
        }
    }
}
