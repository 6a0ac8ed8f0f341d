//! The text before the cursor, as the model is to see it.
//!
//! Training text is NFC with plain quotes and single spaces, and every message begins with a space, so the first word of
//! a message is the same piece as inside it. A document begins with the token for it; messages are parted by line breaks.

use crate::model::{BytePairEncoder, Vocabulary};
use unicode_normalization::UnicodeNormalization;

/// Text further back is not even tokenised; far more than any window of tokens needs.
const LONGEST: usize = 4096;
/// The start of what is read moves in steps, so that the tokens stay the same from key to key.
const STEP: usize = LONGEST / 2;

/// Words that tell the language.
const WORDS: usize = 6;

/// Words before a full stop that ends no sentence.
const ABBREVIATIONS: [&str; 23] = [
    "dr", "mr", "mrs", "ms", "st", "prof", "nr", "vs", "etc", "usw", "bzw", "ca", "ggf", "evtl", "vgl",
    "inkl", "zzgl", "bspw", "sog", "str", "tel", "hr", "fr",
];

/// The context of a suggestion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    /// What the model is run on; never empty, unless the vocabulary has neither a document's start or end nor a line break.
    pub(super) tokens: Vec<u32>,
    /// The last words, last first: they tell the language.
    pub(super) words: Vec<String>,
    /// The message so far.
    pub(super) line: String,
    /// Whether the next word begins a sentence.
    pub(super) sentence_start: bool,
    /// Whether something other than a space stands right before the next word: a hyphen, a quote, a bracket.
    pub(super) glued: bool,
}

impl Context {
    /// Reads `text`; at most `limit` tokens of it are kept, the last ones.
    pub(super) fn read(text: &str, encoder: &BytePairEncoder, vocabulary: &Vocabulary, limit: usize) -> Self {
        let plain = plain(tail(text));
        let mut tokens = Vec::new();
        for (number, line) in lines(&plain).enumerate() {
            if number > 0 {
                encoder.encode("\n", &mut tokens);
            }
            if !line.is_empty() {
                encoder.encode(&format!(" {line}"), &mut tokens);
            }
        }
        let begins_word =
            |token: &u32| vocabulary.piece(*token).first().is_some_and(|byte| b" \n".contains(byte));
        let start = window(&tokens, limit, begins_word);
        // A model without a token for the document's start tells documents apart by the one for their end.
        let opening = vocabulary.bos().or_else(|| vocabulary.end_of_generation().first().copied());
        let mut kept: Vec<u32> = opening.into_iter().collect();
        kept.extend(&tokens[start..]);
        if kept.is_empty() {
            encoder.encode("\n", &mut kept);
        }
        let last = plain.chars().next_back();
        Self {
            tokens: kept,
            words: last_words(&plain),
            line: plain.rsplit('\n').next().unwrap_or_default().to_owned(),
            sentence_start: begins_sentence(&plain),
            glued: last.is_some_and(|last| !last.is_whitespace()),
        }
    }
}

/// The last few words of `text`, last first.
fn last_words(text: &str) -> Vec<String> {
    let words = text.rsplit(|letter: char| !(letter.is_alphabetic() || letter == '\''));
    words.filter(|word| !word.is_empty()).take(WORDS).map(str::to_owned).collect()
}

/// The last [`LONGEST`] bytes at most, cut at a space. The cut depends on the text's length in steps only.
fn tail(text: &str) -> &str {
    let Some(over) = text.len().checked_sub(LONGEST + 1) else { return text };
    let from = (over / STEP + 1) * STEP;
    let boundary = (from..text.len()).find(|&place| text.is_char_boundary(place)).unwrap_or(text.len());
    let rest = text.get(boundary..).unwrap_or_default();
    rest.find(char::is_whitespace).and_then(|space| rest.get(space..)).unwrap_or(rest)
}

/// NFC, plain quotes and apostrophes, no invisible characters: the spelling of the training text.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfc() {
        match letter {
            '‘' | '’' | '‚' | '‛' | '´' | '`' | 'ʼ' | '›' | '‹' => out.push('\''),
            '“' | '”' | '„' | '‟' | '«' | '»' => out.push('"'),
            '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\t' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\r' => {}
            '…' => out.push_str("..."),
            '\u{2028}' | '\u{2029}' => out.push('\n'),
            _ => out.push(letter),
        }
    }
    out
}

/// The lines of `text` with single spaces; empty lines are left out, but the last line stays even if it is empty.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let count = text.split('\n').count();
    text.split('\n')
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .enumerate()
        .filter(move |(number, line)| !line.is_empty() || number + 1 == count)
        .map(|(_, line)| line)
}

/// Where the window begins: at 0 while everything fits, else at the first word after a multiple of half the limit, so that
/// it moves seldom and the cached keys and values stay good.
fn window(tokens: &[u32], limit: usize, begins_word: impl Fn(&u32) -> bool) -> usize {
    let Some(over) = tokens.len().checked_sub(limit.max(2) + 1) else { return 0 };
    let step = (limit / 2).max(1);
    let from = (over / step + 1) * step;
    let rest = tokens.get(from..).unwrap_or_default();
    from + rest.iter().position(begins_word).unwrap_or(0)
}

/// Whether a word typed after `text` begins a sentence.
fn begins_sentence(text: &str) -> bool {
    let before = text.trim_end_matches([' ', '"', '\'', '(', '[', '*', '_', '¿', '¡', '-', '–', '>']);
    let spaced = text.len() > before.len() && text.get(before.len()..).is_some_and(|rest| rest.contains(' '));
    if before.is_empty() || before.ends_with('\n') {
        return true;
    }
    let closed = before.trim_end_matches(['"', '\'', ')', ']']);
    spaced && (closed.ends_with(['!', '?']) || ends_with_full_stop(closed))
}

fn ends_with_full_stop(text: &str) -> bool {
    let Some(sentence) = text.strip_suffix('.') else { return false };
    let word = sentence.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let single_letter = word.chars().count() == 1 && word != "I" && word != "i";
    let number = word.chars().all(|letter| letter.is_ascii_digit()) && !word.is_empty();
    !single_letter && !number && !ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_begin_after_their_ends() {
        fn check(text: &str, expected: bool) {
            assert_eq!(begins_sentence(text), expected, "{text:?}");
        }
        check("", true);
        check("  ", true);
        check("Hallo ", false);
        check("Hallo. ", true);
        check("Hallo.", false);
        check("Wirklich?! ", true);
        check("Er sagte: \"Ja.\" ", true);
        check("Gut.\n", true);
        check("Liebe Anna,\n", true);
        check("z. B. ", false);
        check("with Dr. ", false);
        check("am 3. ", false);
        check("So do I. ", true);
        check("\"", true);
        check("Fine. (", true);
        check("wait... ", true);
        check("He said \"", false);
    }

    #[test]
    fn last_words_come_last_first() {
        assert_eq!(last_words("so, I don't (really) know 12: "), ["know", "really", "don't", "I", "so"]);
        assert_eq!(last_words("a b c d e f g").len(), WORDS);
        assert!(last_words("...").is_empty());
    }

    #[test]
    fn typing_marks_become_plain() {
        assert_eq!(plain("„Ja“ – geht’s…\u{ad}\u{a0}u\u{308}ber"), "\"Ja\" – geht's... über");
    }

    #[test]
    fn empty_lines_go_but_the_open_one_stays() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
        check("a  b\n\nc ", &["a b", "c"]);
        check("a\n", &["a", ""]);
        check("", &[""]);
    }

    #[test]
    fn the_window_moves_in_steps() {
        let tokens: Vec<u32> = (0..40).collect();
        let starts: Vec<usize> = (0..=40).map(|len| window(&tokens[..len], 16, |_| true)).collect();
        assert_eq!(starts[..17], [0; 17]);
        assert_eq!(starts[17..25], [8; 8]);
        assert_eq!(starts[25..33], [16; 8]);
        assert_eq!(window(&tokens, 16, |token| *token == 30), 30);
    }

    #[test]
    fn the_tail_keeps_its_start_while_typing() {
        let text = "ab ".repeat(2300);
        let start = |len: usize| len - tail(text.get(..len).unwrap()).len();
        assert_eq!(start(LONGEST), 0);
        assert_eq!(start(LONGEST + 1), start(LONGEST + STEP));
        assert!(start(LONGEST + STEP) < start(LONGEST + STEP + 1));
    }

    proptest! {
        #[test]
        fn the_tail_is_short_and_whole(text in "[a ü€\n]{0,9000}") {
            let tail = tail(&text);
            prop_assert!(tail.len() <= LONGEST && text.ends_with(tail));
        }
    }
}
