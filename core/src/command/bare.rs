//! Utterances that name nothing: a number, or words that only mean something after others ("two", "and then", "davon").
//!
//! Their vectors lie near many sentences, so a classifier is sure of them for no reason. In a conversation they are
//! answers and corrections (`dialogue/`); alone they are a command only of an intent that has such an example itself.

use super::dialogue::{DialogueWords, made_of, phrases};
use crate::entity::number;
use crate::entity::tokens::Tokens;

/// What names nothing is short.
const MOST_WORDS: usize = 5;

/// Whether `utterance` names nothing, in one of the languages.
pub(super) fn is_bare(utterance: &str) -> bool {
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
