//! Running text as the n-gram sees it: words of the lexicon, and marks.
//!
//! The tool that counts and the keyboard that looks up read text by these functions, so that both see the same.

use super::{Lexicon, WordId};
use crate::predict::lexicon::NO_WORD;

/// A mark: what stands between words, or in the place of one. Marks have the first numbers, words those behind.
pub type Mark = u32;
/// A message begins.
pub const START: Mark = 0;
/// `.`
pub const STOP: Mark = 1;
/// `?`
pub const QUESTION: Mark = 2;
/// `!`
pub const EXCLAMATION: Mark = 3;
/// `,`
pub const COMMA: Mark = 4;
/// `:` or `;`
pub const COLON: Mark = 5;
/// Digits, with what is glued to them.
pub const NUMBER: Mark = 6;
/// A word that the language's n-gram does not have.
pub const UNKNOWN: Mark = 7;
/// How many marks there are: the first word's number.
pub const MARKS: u32 = 8;

/// A part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A mark.
    Mark(Mark),
    /// Letters, with apostrophes between them.
    Word {
        /// As written.
        text: &'a str,
        /// Whether it begins a sentence, so that a capital says nothing.
        first: bool,
    },
}

/// The tokens of a line; what is neither letter, digit nor one of the marks is passed over, and so are repeated marks.
pub fn tokens(line: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = line;
    let mut before = START;
    std::iter::from_fn(move || {
        loop {
            let letter = rest.chars().next()?;
            let mark = match letter {
                '.' => STOP,
                '?' => QUESTION,
                '!' => EXCLAMATION,
                ',' => COMMA,
                ':' | ';' => COLON,
                _ if letter.is_numeric() => NUMBER,
                _ if letter.is_alphabetic() => {
                    let (text, after) = rest.split_at(word_len(rest));
                    let first = matches!(before, START | STOP | QUESTION | EXCLAMATION);
                    (rest, before) = (after, UNKNOWN);
                    return Some(Token::Word { text, first });
                }
                _ => {
                    rest = rest.get(letter.len_utf8()..)?;
                    continue;
                }
            };
            let length = if mark == NUMBER { number_len(rest) } else { letter.len_utf8() };
            rest = rest.get(length..)?;
            if mark != before {
                before = mark;
                return Some(Token::Mark(mark));
            }
        }
    })
}

fn word_len(text: &str) -> usize {
    let mut end = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let goes_on = letter.is_alphabetic()
            || letter == '\'' && letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !goes_on {
            break;
        }
        end = place + letter.len_utf8();
    }
    end
}

/// Digits, letters glued to them (`2nd`), and points, commas and colons between (`12:30`, `1.000,50`).
fn number_len(text: &str) -> usize {
    let mut end = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let goes_on = letter.is_alphanumeric()
            || matches!(letter, '.' | ',' | ':') && letters.peek().is_some_and(|(_, next)| next.is_numeric());
        if !goes_on {
            break;
        }
        end = place + letter.len_utf8();
    }
    end
}

/// The lexicon's form of a word in a language: as written, or where that is not listed or says nothing because a sentence
/// begins, the commonest form of the same letters. `None` if the language does not have it.
pub fn form(lexicon: &Lexicon<'_>, language: usize, text: &str, first: bool) -> Option<WordId> {
    let mut buffer = Vec::new();
    let says_nothing = first && text.starts_with(char::is_uppercase);
    let listed = lexicon
        .same_letters(text)
        .filter(|&word| lexicon.cost(language, word) != NO_WORD && !lexicon.is_sentence_form(word));
    listed.min_by_key(|&word| {
        let as_written = !says_nothing && lexicon.text(word, &mut buffer) == text;
        (!as_written, lexicon.cost(language, word), word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::lexicon::fixture::with_lexicon;
    use proptest::prelude::*;

    fn written(line: &str) -> String {
        let name = |token| match token {
            Token::Mark(mark) => ["<", ".", "?", "!", ",", ":", "#", "_"][mark as usize].to_owned(),
            Token::Word { text, first } => {
                if first {
                    format!("^{text}")
                } else {
                    text.to_owned()
                }
            }
        };
        tokens(line).map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_and_marks() {
        fn check(line: &str, expected: &str) {
            assert_eq!(written(line), expected, "{line:?}");
        }
        check("Hi, I don't know!! Why?", "^Hi , I don't know ! ^Why ?");
        check("Am 2nd um 12:30 (ca. 1.000,50 €) da.", "^Am # um # ca . # da .");
        check("wait... no", "^wait . ^no");
        check("'quoted' E-Mail a' b", "^quoted E Mail a b");
        check("🙂 – ", "");
        check("x1y 2", "^x #");
        check("Ärger; ß: \"Ja\"", "^Ärger : ß : Ja");
    }

    #[test]
    fn forms_are_as_written_unless_a_sentence_begins() {
        with_lexicon(|lexicon, _| {
            let check = |language, text, first, expected: Option<&str>| {
                let mut buffer = Vec::new();
                let found = form(lexicon, language, text, first).map(|word| lexicon.text(word, &mut buffer));
                assert_eq!(found, expected, "{text}");
            };
            check(1, "Essen", false, Some("Essen"));
            check(1, "Essen", true, Some("essen"));
            check(1, "essen", true, Some("essen"));
            check(1, "MORGEN", false, Some("morgen"));
            check(0, "The", true, Some("the"));
            check(0, "The", false, Some("the"));
            check(0, "schon", false, None);
            check(1, "xyz", false, None);
        });
    }

    proptest! {
        #[test]
        fn any_text_has_tokens(text in "\\PC{0,40}") {
            prop_assert!(tokens(&text).count() <= text.chars().count());
        }
    }
}
