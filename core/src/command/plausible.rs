//! What a guess cannot mean, however sure the classifier is of it.
//!
//! Utterances that name nothing ("two", "and then", "davon") lie near many sentences, and in a conversation they are answers.
//! "Are all lights off" has the words of the command that it is not. Such an utterance means an intent only if one of the intent's
//! own sentences is of that kind.

use std::collections::BTreeSet;

use super::dialogue::{DialogueWords, begins_with, made_of, phrases};
use super::example::Example;
use super::filler::without_fillers;
use super::set::CommandSet;
use crate::entity::number;
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;

/// The kinds of utterances that each intent of a set is known to be meant by.
#[derive(Debug)]
pub(super) struct Plausible {
    /// Intents with a sentence that names nothing.
    bare: BTreeSet<String>,
    /// Intents that may be asked for: those with a sentence that is a question, and those without templates, of which few
    /// sentences are known.
    asked: BTreeSet<String>,
}

impl Plausible {
    /// `examples` are all that is known of the set, drawn from its templates or not.
    pub(super) fn new(set: &CommandSet, examples: &[Example]) -> Self {
        let programs = set.languages.values().map(|language| &language.program);
        let templates: BTreeSet<&String> =
            programs.flat_map(|program| &program.blocks).map(|block| &block.intent).collect();
        let bare = examples.iter().filter(|example| is_bare(&example.text));
        let asked = examples
            .iter()
            .filter(|example| !templates.contains(&example.intent) || opens_as_question(&example.text));
        let intents = |example: &Example| example.intent.clone();
        Self { bare: bare.map(intents).collect(), asked: asked.map(intents).collect() }
    }

    /// Whether `utterance` may mean `intent`.
    pub(super) fn allows(&self, intent: &str, utterance: &str) -> bool {
        (self.bare.contains(intent) || !is_bare(utterance))
            && (self.asked.contains(intent) || !asks_only(utterance))
    }
}

/// Whether `utterance` begins as questions do.
fn opens_as_question(utterance: &str) -> bool {
    asks_only(utterance) || begins(utterance, |words| words.asks_what)
}

/// Whether `utterance` can only be a question.
fn asks_only(utterance: &str) -> bool {
    begins(utterance, |words| words.asks)
}

fn begins(utterance: &str, phrases_of: fn(&DialogueWords) -> &'static [&'static str]) -> bool {
    let plain = without_fillers(utterance);
    let folded = Utterance::new(plain.as_deref().unwrap_or(utterance));
    let chars = folded.chars();
    let start = chars.iter().take_while(|c| **c == ' ').count();
    DialogueWords::ALL
        .iter()
        .any(|words| begins_with(chars.get(start..).unwrap_or_default(), phrases_of(words)))
}

/// What names nothing is short.
const MOST_WORDS: usize = 5;

/// Whether `utterance` names nothing, in one of the languages.
fn is_bare(utterance: &str) -> bool {
    let tokens = Tokens::new(utterance);
    (1..=MOST_WORDS).contains(&tokens.len())
        && DialogueWords::ALL.iter().any(|words| is_bare_in(words, &tokens))
}

fn is_bare_in(words: &DialogueWords, tokens: &Tokens) -> bool {
    let Some(language) = words.language() else { return false };
    let mut rest: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let number = number::readings(tokens, at, language).into_iter().map(|reading| reading.end).max();
        if number.is_none() && tokens.is_word(at) {
            rest.push(tokens.text(at));
        }
        at = number.unwrap_or(at + 1).max(at + 1);
    }
    let rest: Vec<char> = rest.join(" ").chars().collect();
    let known =
        [words.around, words.again, words.too, words.join, words.pronouns, words.hesitations].concat();
    made_of(&rest, &phrases(&known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(utterance: &str, expected: bool) {
        assert_eq!(is_bare(utterance), expected, "{utterance:?}");
    }

    #[test]
    fn what_only_asks_is_no_command() {
        for utterance in [
            "are all lights off",
            "hey is the light on",
            "Sind alle Lichter aus?",
            "wer hat das Licht angemacht",
        ] {
            assert!(asks_only(utterance), "{utterance}");
        }
        for utterance in [
            "can you turn it on",
            "is",
            "it is dark",
            "ist mir zu dunkel",
            "was",
            "mach an",
            "wohnzimmer an",
            "",
        ] {
            assert!(!asks_only(utterance), "{utterance}");
        }
    }

    #[test]
    fn numbers_and_words_that_join_name_nothing() {
        for utterance in [
            "two",
            "Zwei.",
            "zweiundzwanzig komma fünf",
            "and then",
            "davon",
            "zwei davon",
            "of those",
            "und",
            "4",
        ] {
            check(utterance, true);
        }
    }

    #[test]
    fn one_word_that_names_something_is_enough() {
        for utterance in [
            "two coffees",
            "stop",
            "and tea",
            "hallo",
            "the kitchen",
            "zwei grad wärmer",
            "",
            "one two three four five six",
        ] {
            check(utterance, false);
        }
    }
}
