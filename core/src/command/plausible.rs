//! What a guess cannot mean, however sure the classifier is of it.
//!
//! Utterances that name nothing ("two", "and then", "davon") or drop what was said ("never mind") lie near many sentences, and in a
//! conversation they are answers.
//! "Are all lights off", "I had a coffee" and "don't turn it off" have the words of the command that they are not. Such an utterance
//! means an intent only if one of the intent's own sentences is of that kind.

use std::collections::BTreeSet;

use super::dialogue::{DialogueWords, begins_with, end_of, made_of, phrases};
use super::example::Example;
use super::filler::{without_fillers, without_hesitations};
use super::set::CommandSet;
use crate::entity::number;
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;

/// The kinds of utterances that each intent of a set is known to be meant by.
#[derive(Debug)]
pub(super) struct Plausible {
    /// Intents with a sentence that names nothing.
    bare: BTreeSet<String>,
    /// Intents with a sentence that drops what was said before, as one that stops something has.
    dropping: BTreeSet<String>,
    /// Intents that may be asked for: those with a sentence that is a question, and those without templates, of which few
    /// sentences are known.
    asked: BTreeSet<String>,
    /// The same for sentences that say no.
    negated: BTreeSet<String>,
}

impl Plausible {
    /// `examples` are all that is known of the set, drawn from its templates or not.
    pub(super) fn new(set: &CommandSet, examples: &[Example]) -> Self {
        let templates = set.templated();
        let like = |of: fn(&str) -> bool| {
            let like = examples.iter().filter(|example| of(&example.text));
            like.map(|example| example.intent.clone()).collect()
        };
        let known = |of: fn(&str) -> bool| {
            let of_kind =
                |example: &&Example| !templates.contains(example.intent.as_str()) || of(&example.text);
            examples.iter().filter(of_kind).map(|example| example.intent.clone()).collect()
        };
        Self { bare: like(is_bare), dropping: like(drops), asked: known(no_order), negated: known(negates) }
    }

    /// Whether `utterance` may mean `intent`; `values` are code points of it that values of slots have, whose words are their own.
    pub(super) fn allows(&self, intent: &str, utterance: &str, values: &[(usize, usize)]) -> bool {
        let negates = || {
            let mut rest: Vec<char> = utterance.chars().collect();
            for (start, end) in values {
                rest.iter_mut().take(*end).skip(*start).for_each(|c| *c = ' ');
            }
            negates(&rest.into_iter().collect::<String>())
        };
        (self.bare.contains(intent) || !is_bare(utterance))
            && (self.dropping.contains(intent) || !drops(utterance))
            && (self.asked.contains(intent) || !no_order(utterance))
            && (self.negated.contains(intent) || !negates())
    }
}

/// Whether `utterance` can only be a question or a story.
fn no_order(utterance: &str) -> bool {
    let begins = |text: &str, phrases_of: fn(&DialogueWords) -> &'static [&'static str]| {
        let folded = Utterance::new(text.trim_start());
        DialogueWords::ALL.iter().any(|words| begins_with(folded.chars(), phrases_of(words)))
    };
    // "Can you" goes with the fillers, and what is left of an order may begin like a question.
    let fluent = without_hesitations(utterance);
    let plain = without_fillers(utterance);
    let plain = plain.as_deref().unwrap_or(utterance);
    let orders = |text: &str| begins(text, |words| words.asks_for);
    (begins(plain, |words| words.asks) || begins(plain, |words| words.tells))
        && !orders(plain)
        && !orders(fluent.as_deref().unwrap_or(utterance))
}

/// Whether `words` are nothing but a no, which is no name of a thing.
pub(super) fn is_negation(words: &str) -> bool {
    let folded = Utterance::new(words);
    let known: Vec<&str> = DialogueWords::ALL.iter().flat_map(|words| words.negations).copied().collect();
    !folded.chars().is_empty() && made_of(folded.chars(), &phrases(&known))
}

/// Whether `utterance` says no, to all that is asked or to what it names.
fn negates(utterance: &str) -> bool {
    let folded = Utterance::new(utterance);
    let chars = folded.chars();
    let starts = (0..chars.len()).filter(|at| *at == 0 || chars.get(at - 1) == Some(&' '));
    let mut after = 0;
    for at in starts.filter_map(|at| chars.get(at..)) {
        let longest = |of: fn(&DialogueWords) -> &'static [&'static str]| {
            let phrases = DialogueWords::ALL.iter().flat_map(|words| of(words));
            phrases.filter_map(|phrase| end_of(at, 0, phrase)).max()
        };
        let place = chars.len() - at.len();
        if let Some(end) = longest(|words| words.no_negations) {
            after = after.max(place + end);
        } else if place >= after && longest(|words| words.negations).is_some() {
            return true;
        }
    }
    false
}

/// Whether nothing is said but that what was said before is not wanted: "never mind", "schon gut".
fn drops(utterance: &str) -> bool {
    let folded = Utterance::new(utterance);
    let dropped = |words: &DialogueWords| {
        let polite = phrases(words.polite);
        let phrases = phrases(&[words.cancel, words.polite].concat());
        made_of(folded.chars(), &phrases) && !made_of(folded.chars(), &polite)
    };
    DialogueWords::ALL.iter().any(|words| dropped(words))
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
        [words.around, words.again, words.correct, words.too, words.join, words.pronouns, words.hesitations]
            .concat();
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
            "how do you make a cappuccino",
            "Was kostet ein Kaffee?",
            "i had a coffee this morning",
            "ich mag Tee",
        ] {
            assert!(no_order(utterance), "{utterance}");
        }
        for utterance in [
            "can you turn it on",
            "is",
            "it is dark",
            "ist mir zu dunkel",
            "mach an",
            "wohnzimmer an",
            "how about a coffee",
            "wie wäre es mit einem Tee",
            "i would like a coffee",
            "is it possible to get a small cappuccino",
            "kannst du mal was von den Ärzten spielen",
            "",
        ] {
            assert!(!no_order(utterance), "{utterance}");
        }
    }

    #[test]
    fn what_says_no_is_no_command() {
        for utterance in [
            "don't turn it off",
            "Do not turn it off!",
            "mach das Licht nicht aus",
            "ich will keinen Kaffee",
            "alle Lichter außer in der Küche",
            "don't forget to never turn it off",
        ] {
            assert!(negates(utterance), "{utterance}");
        }
        assert!(is_negation("Nicht!") && is_negation("do not"));
        assert!(!is_negation("never gonna give you up") && !is_negation("Milch") && !is_negation(""));
        for utterance in [
            "turn it off",
            "don't forget to turn it off",
            "kannst du nicht mal das Licht anmachen",
            "coffee with no milk",
            "ein Käffchen wär jetzt nicht schlecht",
            "a knot",
            "",
        ] {
            assert!(!negates(utterance), "{utterance}");
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
            "nein auf zwanzig",
            "no, ninety five",
        ] {
            check(utterance, true);
        }
    }

    #[test]
    fn what_is_dropped_is_no_command() {
        for utterance in ["never mind", "schon gut", "okay forget it", "nein danke", "keep it please"] {
            assert!(drops(utterance), "{utterance}");
        }
        for utterance in ["okay", "please", "stop the coffee", "vergiss die Milch", "", "keep it warm"] {
            assert!(!drops(utterance), "{utterance}");
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
