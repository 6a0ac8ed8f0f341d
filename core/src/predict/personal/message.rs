//! A message as it is counted: its words in alphabetical order, and how often which followed which. Its text is kept
//! nowhere.

use super::counts::{Gram, NONE};
use crate::predict::lexicon::fold::lower;
use crate::predict::ngram::text::{MARKS, START, Token, UNKNOWN, tokens};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest message that is learned from, in bytes, and the longest word in letters.
const LONGEST: usize = 4096;
pub(super) const LONGEST_WORD: usize = 40;

/// What is learned from one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::predict) struct Message {
    /// In the order of their letters; the first one's number is [`MARKS`].
    pub(super) words: Vec<Spelling>,
    /// In the order of their numbers, with how often they occur.
    pub(super) grams: Vec<(Gram, u32)>,
}

/// How a word is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::predict) struct Spelling {
    pub(super) form: String,
    /// Whether its case says something: it stands inside a sentence.
    pub(super) is_sure: bool,
}

impl Message {
    /// Counts a message's words, but for those that are `refused` (by their letters). `None` if there are none.
    pub(super) fn read(text: &str, refused: impl Fn(&str) -> bool) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let lines: Vec<Cow<'_, str>> = text.split('\n').map(words_only).collect();
        let mut words: BTreeMap<String, Spelling> = BTreeMap::new();
        for token in lines.iter().flat_map(|line| tokens(line)) {
            let Token::Word { text, first } = token else { continue };
            let letters = lower(text);
            if !is_word(&letters) || refused(&letters) {
                continue;
            }
            let new = || Spelling { form: text.to_owned(), is_sure: !first };
            let word = words.entry(letters).or_insert_with(new);
            if !first && !word.is_sure {
                *word = new();
            }
        }
        let numbers: BTreeMap<&str, u32> = words.keys().map(String::as_str).zip(MARKS..).collect();
        let mut grams: BTreeMap<Gram, u32> = BTreeMap::new();
        for line in &lines {
            let mut before = [START, START];
            for token in tokens(line) {
                let id = match token {
                    Token::Mark(mark) => mark,
                    Token::Word { text, .. } => numbers.get(lower(text).as_str()).copied().unwrap_or(UNKNOWN),
                };
                if id >= MARKS {
                    for [a, b] in [[NONE, NONE], [NONE, before[1]], before] {
                        *grams.entry([a, b, id]).or_default() += 1;
                    }
                }
                before = [before[1], id];
            }
        }
        let message = Self { words: words.into_values().collect(), grams: grams.into_iter().collect() };
        (!message.words.is_empty()).then_some(message)
    }
}

/// Whether letters are few enough for a word.
pub(super) fn is_word(letters: &str) -> bool {
    !letters.is_empty() && letters.chars().nth(LONGEST_WORD).is_none()
}

/// `line` with a digit in place of what is no word of a language: addresses, and letters mixed with digits. Parts of
/// passwords and names of accounts are never taken for words so.
pub(super) fn words_only(line: &str) -> Cow<'_, str> {
    let is_other = |chunk: &str| {
        chunk.contains(['@', '\\', '_'])
            || chunk.contains("://")
            || chunk.starts_with("www.")
            || chunk.contains(char::is_numeric) && chunk.contains(char::is_alphabetic)
    };
    if !line.split(' ').any(is_other) {
        return Cow::Borrowed(line);
    }
    let chunks: Vec<&str> = line.split(' ').map(|chunk| if is_other(chunk) { "0" } else { chunk }).collect();
    Cow::Owned(chunks.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        let message = Message::read(text, |letters| letters == "secret").unwrap_or_default();
        message.words.into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn words_stand_in_alphabetical_order_as_they_are_written_inside_sentences() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(words(text), expected, "{text:?}");
        }
        check("See you at the Kiez, see", &["at", "Kiez", "see", "the", "you"]);
        check("Essen. Wir essen", &["essen", "Wir"]);
        check("the secret one", &["one", "the"]);
        check("12:30!", &[]);
    }

    #[test]
    fn addresses_and_codes_are_no_words() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(words(text), expected, "{text:?}");
        }
        check("mail anna.b@example.org now", &["mail", "now"]);
        check("see https://example.org/path or www.example.org", &["or", "see"]);
        check("my pin is hunter2 and P4ss:word", &["and", "is", "my", "pin"]);
        check("call user_name", &["call"]);
        check("on the 2nd at 12h", &["at", "on", "the"]);
    }

    #[test]
    fn grams_have_up_to_two_words_before() {
        let message = Message::read("a b a", |_| false).unwrap();
        let [a, b] = [MARKS, MARKS + 1];
        let expected = [
            ([START, START, a], 1),
            ([START, a, b], 1),
            ([a, b, a], 1),
            ([NONE, START, a], 1),
            ([NONE, a, b], 1),
            ([NONE, b, a], 1),
            ([NONE, NONE, a], 2),
            ([NONE, NONE, b], 1),
        ];
        assert_eq!(message.grams, expected);
    }

    #[test]
    fn long_messages_and_words_are_passed_over() {
        assert_eq!(Message::read(&"long ".repeat(1000), |_| false), None);
        assert_eq!(words(&format!("a {} b", "x".repeat(41))), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC{0,60}") {
            if let Some(message) = Message::read(&text, |_| false) {
                prop_assert!(message.grams.is_sorted());
                let most = MARKS + message.words.len() as u32;
                prop_assert!(message.grams.iter().all(|(gram, _)| gram.iter().all(|id| *id < most || *id == NONE)));
            }
        }
    }
}
