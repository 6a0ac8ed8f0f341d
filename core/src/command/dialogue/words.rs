//! The words that conversations hang on, a file a language.

use super::{de, en};
use crate::entity::tokens::Tokens;
use crate::entity::{Kind, Language, Value, readings};

/// Phrases in folded spelling, several words each.
#[derive(Debug)]
pub(in crate::command) struct DialogueWords {
    /// ISO 639-1 code.
    pub(super) code: &'static str,
    /// What may stand around a value in an answer: "at", "for", "in the", "percent".
    pub(in crate::command) around: &'static [&'static str],
    /// What ends a conversation that waits for an answer.
    pub(in crate::command) cancel: &'static [&'static str],
    /// What confirms, beside yes: "go ahead".
    pub(super) confirm: &'static [&'static str],
    /// What a correction begins with: "no", "I meant".
    pub(in crate::command) correct: &'static [&'static str],
    /// What takes back the words before it, inside an utterance: "a latte, *no sorry*, a tea".
    pub(super) takes_back: &'static [&'static str],
    /// Those of them that may as well be part of a name: "*no* woman *no* cry".
    pub(super) takes_back_or_names: &'static [&'static str],
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
    /// What the name of a thing that all know follows: "turn off *the* TV".
    pub(in crate::command) definite: &'static [&'static str],
    /// What tells where or when, if a name follows: "turn it off *for* the night".
    pub(in crate::command) prepositions: &'static [&'static str],
    /// What stands between a measure and what is measured: "a cup *of* tea".
    pub(in crate::command) of: &'static [&'static str],
    /// What a thing is named behind that any of its kind may be: "switch on *a* fan".
    pub(in crate::command) indefinite: &'static [&'static str],
    /// What makes one verb of two words, before a name or behind it: "turn *off* the TV".
    pub(in crate::command) particles: &'static [&'static str],
    /// Other words that may follow an article or a name and belong to none: "the TV *immediately*".
    pub(super) no_names: &'static [&'static str],
    /// What stands for all there is, whatever was named before.
    pub(super) everything: &'static [&'static str],
    /// What a question begins with, which is never a thing to add to a list.
    pub(super) questions: &'static [&'static str],
    /// What nothing but a question begins with: "*are all* lights off".
    pub(in crate::command) asks: &'static [&'static str],
    /// What begins like a question and asks for something: "*how about* a coffee".
    pub(in crate::command) asks_for: &'static [&'static str],
    /// What nobody begins an order with who gives one: "*i had* a coffee".
    pub(in crate::command) tells: &'static [&'static str],
    /// What makes the opposite of a sentence: "do *not* turn it off".
    pub(in crate::command) negations: &'static [&'static str],
    /// What has such a word and is meant as it sounds without: "*don't forget to* turn it off".
    pub(in crate::command) no_negations: &'static [&'static str],
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

    pub(in crate::command) fn of(language: &Language) -> Option<&'static Self> {
        Self::find(language.code)
    }

    /// `number` of the unit that is meant where none is said, if there is one for the kind.
    pub(in crate::command) fn usual(&self, number: f64, kind: Kind) -> Option<Value> {
        let (_, unit) = self.units.iter().find(|(known, _)| *known == kind)?;
        let tokens = Tokens::new(&format!("{number} {unit}"));
        let found = readings(&tokens, 0, kind, self.language()?, None);
        found.into_iter().max_by_key(|reading| reading.end).map(|reading| reading.value)
    }

    /// Whether `word` says how or which rather than what.
    pub(in crate::command) fn is_function(&self, word: &str) -> bool {
        let lists = [
            self.around,
            self.too,
            self.again,
            self.repeat,
            self.join,
            self.hesitations,
            self.polite,
            self.pronouns,
            self.everything,
            self.definite,
            self.indefinite,
            self.prepositions,
            self.of,
            self.particles,
            self.no_names,
            self.numbers,
        ];
        let mut words = lists.into_iter().flatten().flat_map(|phrase| phrase.split(' '));
        words.any(|known| known == word)
    }

    /// Words for yes and no, which are the entity room's.
    pub(in crate::command) fn language(&self) -> Option<&'static Language> {
        Language::find(self.code)
    }
}
