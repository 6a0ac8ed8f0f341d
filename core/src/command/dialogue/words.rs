//! The words that conversations hang on, a file a language.

use super::{de, en};
use crate::entity::{Kind, Language};

/// Phrases in folded spelling, several words each.
#[derive(Debug)]
pub(in crate::command) struct DialogueWords {
    /// ISO 639-1 code.
    pub(super) code: &'static str,
    /// What may stand around a value in an answer: "at", "for", "in the", "percent".
    pub(in crate::command) around: &'static [&'static str],
    /// What ends a conversation that waits for an answer.
    pub(super) cancel: &'static [&'static str],
    /// What confirms, beside yes: "go ahead".
    pub(super) confirm: &'static [&'static str],
    /// What a correction begins with: "no", "I meant".
    pub(super) correct: &'static [&'static str],
    /// What the wrong value follows: "*not* the kitchen but the hall".
    pub(super) not: &'static [&'static str],
    /// What the right value follows: "not the kitchen *but* the hall".
    pub(super) instead: &'static [&'static str],
    /// What a command that changes one thing of the last one begins with: "and", "what about".
    pub(in crate::command) again: &'static [&'static str],
    /// What it may end with: "too".
    pub(in crate::command) too: &'static [&'static str],
    /// What joins two commands.
    pub(in crate::command) join: &'static [&'static str],
    /// Sounds of thinking, which say nothing wherever they stand.
    pub(in crate::command) hesitations: &'static [&'static str],
    /// Politeness and run-ups at the ends of a command, longer ones before what they begin or end with.
    pub(in crate::command) polite: &'static [&'static str],
    /// Groups of words that sound the same and that a recogniser takes for each other.
    pub(in crate::command) homophones: &'static [&'static [&'static str]],
    /// What the last command is given once more with, and nothing else: "one more".
    pub(super) repeat: &'static [&'static str],
    /// What stands for something named before: "turn *it* off".
    pub(in crate::command) pronouns: &'static [&'static str],
    /// What a question begins with, which is never a thing to add to a list.
    pub(super) questions: &'static [&'static str],
    /// What nothing but a question begins with: "*are all* lights off".
    pub(in crate::command) asks: &'static [&'static str],
    /// What other questions begin with, as commands may, too: "*what* about the kitchen".
    pub(in crate::command) asks_what: &'static [&'static str],
    /// What a bare number counts where a value of this kind is asked for.
    pub(super) units: &'static [(Kind, &'static str)],
    /// Short numbers, which may be said twice in a row: "one one two".
    pub(in crate::command) numbers: &'static [&'static str],
}

impl DialogueWords {
    pub(in crate::command) const ALL: [&'static Self; 2] = [&en::WORDS, &de::WORDS];

    pub(in crate::command) fn find(code: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|words| words.code == code)
    }

    /// Words for yes and no, which are the entity room's.
    pub(in crate::command) fn language(&self) -> Option<&'static Language> {
        Language::find(self.code)
    }
}
