//! The `smollm` pre-tokenizer: each digit alone, the rest by GPT-2's expression.
//!
//! Reference: Hugging Face `tokenizers`, `Digits(individual_digits)` followed by `ByteLevel(use_regex)`, whose
//! expression is
//!
//! ```text
//! 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//! ```
//!
//! Written by hand because an expression with look-ahead needs a backtracking engine, which a keyboard does without.

use unicode_normalization::char::is_combining_mark;

const CONTRACTIONS: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/// Splits the first word off `text`, which must not be empty: its length in bytes.
pub(crate) fn first_word(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    if let Some(contraction) = CONTRACTIONS.iter().find(|contraction| text.starts_with(**contraction)) {
        return contraction.len();
    }
    match Class::of(first) {
        Class::Digit => first.len_utf8(),
        Class::Space => match chars.next().map(Class::of) {
            Some(class @ (Class::Letter | Class::Other)) if first == ' ' => {
                1 + run(chars_from(text, 1), class)
            }
            _ => spaces(text),
        },
        class => run(text.chars(), class),
    }
}

/// `\s+(?!\S)|\s+`: a run of white space leaves its last character to the word that follows, if one follows. A digit
/// does not count: it was split off before, so the text ends before it.
fn spaces(text: &str) -> usize {
    let run = run(text.chars(), Class::Space);
    let (spaces, rest) = text.split_at(run);
    let followed = rest.chars().next().is_some_and(|next| Class::of(next) != Class::Digit);
    let last = spaces.chars().next_back().map_or(0, char::len_utf8);
    if followed && last < run { run - last } else { run }
}

fn chars_from(text: &str, start: usize) -> std::str::Chars<'_> {
    text.get(start..).unwrap_or_default().chars()
}

/// Bytes of the characters of `class` at the start.
fn run(chars: impl Iterator<Item = char>, class: Class) -> usize {
    chars.take_while(|character| Class::of(*character) == class).map(char::len_utf8).sum()
}

/// What the expression tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// `\p{L}`
    Letter,
    /// `\p{N}`
    Digit,
    /// `\s`
    Space,
    /// `[^\s\p{L}\p{N}]`
    Other,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            _ if character.is_whitespace() => Self::Space,
            _ if character.is_numeric() => Self::Digit,
            _ if is_letter(character) => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// `\p{L}`. The standard library has only `Alphabetic`, which is letters, letter numbers (which `is_numeric` has caught)
/// and Other_Alphabetic: marks and the circled and squared Latin letters, which are symbols.
fn is_letter(character: char) -> bool {
    character.is_alphabetic()
        && !is_combining_mark(character)
        && !matches!(character, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (word, after) = rest.split_at(first_word(rest));
            words.push(word);
            rest = after;
        }
        assert_eq!(words, expected, "{text:?}");
    }

    #[test]
    fn letters_take_one_space_before_them() {
        check("Hallo Welt", &["Hallo", " Welt"]);
        check("a  b", &["a", " ", " b"]);
        check("a\n\nb", &["a", "\n", "\n", "b"]);
        check("Grüße naïve Ψυχή 東京", &["Grüße", " naïve", " Ψυχή", " 東京"]);
    }

    #[test]
    fn digits_stand_alone() {
        check("am 24.12.", &["am", " ", "2", "4", ".", "1", "2", "."]);
        check("x1y", &["x", "1", "y"]);
        check("a   7", &["a", "   ", "7"]);
        check("٣½Ⅷ一", &["٣", "½", "Ⅷ", "一"]);
    }

    #[test]
    fn contractions_split_only_where_the_apostrophe_starts() {
        check("it's we'll 'tis", &["it", "'s", " we", "'ll", " '", "tis"]);
        check("IT'S", &["IT", "'", "S"]);
    }

    #[test]
    fn white_space_keeps_its_last_for_the_word() {
        check(" \t x", &[" \t", " x"]);
        check("x \t", &["x", " \t"]);
        check("x\u{a0}y", &["x", "\u{a0}", "y"]);
        check("x\u{3000}\u{3000}y", &["x", "\u{3000}", "\u{3000}", "y"]);
        check("\r\n\r\nA", &["\r\n\r", "\n", "A"]);
        check(" ", &[" "]);
        check(" '", &[" '"]);
    }

    #[test]
    fn marks_and_symbols_are_neither_letters_nor_digits() {
        check("e\u{301}a", &["e", "\u{301}", "a"]);
        check("👩🏽‍🚀!? ok", &["👩🏽‍🚀!?", " ok"]);
        check("ⓐb", &["ⓐ", "b"]);
    }

    /// The tables of the standard library, of `unicode-normalization` and of `regex` are of different Unicode versions, so
    /// the newest characters may differ; every other one must not.
    #[test]
    fn classes_are_those_of_the_expression() {
        let classes = [(r"\p{L}", Class::Letter), (r"\p{N}", Class::Digit), (r"\s", Class::Space)];
        let classes = classes.map(|(expression, class)| (regex::Regex::new(expression).unwrap(), class));
        let expected = |character: char| {
            let text = String::from(character);
            let class = classes.iter().find(|(expression, _)| expression.is_match(&text));
            class.map_or(Class::Other, |(_, class)| *class)
        };
        let differing: Vec<char> = ('\0'..=char::MAX).filter(|c| Class::of(*c) != expected(*c)).collect();
        let assigned = regex::Regex::new(r"\p{Age=15.0}").unwrap();
        let old: Vec<&char> = differing.iter().filter(|c| assigned.is_match(&String::from(**c))).collect();
        assert!(old.is_empty(), "{old:?}");
    }
}
