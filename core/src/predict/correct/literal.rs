//! The letters as typed: what they look like, and whether they may be changed at all.

use crate::predict::lexicon::fold::lower;

/// Longer strings of letters are no word.
const LONGEST: usize = 40;
/// What may stand between the last space and the word without making an address, a number or a tag of it.
const HARMLESS: &str = "\"'“”„‚‘’«»‹›([{<-–—*¿¡…";

/// The case of the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lower,
    Capitalised,
    Upper,
    /// `eYs`, `THe`: the shift key was let go of too late, or the first letters are in the wrong order.
    Slipped,
    /// `GmbH`, `McDonald`.
    Mixed,
}

/// The letters as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal<'a> {
    pub(super) text: &'a str,
    /// In lower case, composed.
    pub(super) letters: String,
    pub(super) shape: Shape,
    /// Whether it is letters, with apostrophes and hyphens between, and no part of a number, address or tag.
    pub(super) is_word: bool,
}

impl<'a> Literal<'a> {
    /// `composing` behind `context`.
    pub(super) fn read(context: &str, composing: &'a str) -> Self {
        let letters = lower(composing);
        let chunk = context.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_word = letters.starts_with(|first: char| first.is_alphabetic() || first == '\'')
            && letters.ends_with(char::is_alphabetic)
            && letters.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '\'' | '-'))
            && letters.chars().nth(LONGEST).is_none()
            && chunk.chars().all(|letter| letter.is_alphabetic() || HARMLESS.contains(letter));
        Self { text: composing, letters, shape: shape(composing), is_word }
    }

    /// Whether the word ends in a vowel three times, as nobody types by mistake: `sooo`.
    pub(super) fn is_drawn_out(&self) -> bool {
        let mut last = self.letters.chars().rev();
        let [first, second, third] = [last.next(), last.next(), last.next()];
        first == second && second == third && first.is_some_and(|letter| "aeiouäöüy".contains(letter))
    }
}

fn shape(text: &str) -> Shape {
    let mut letters = text.chars().filter(|letter| letter.is_alphabetic());
    let first_is_upper = letters.next().is_some_and(char::is_uppercase);
    let (mut upper, mut lower) = (0, 0);
    for letter in letters {
        if letter.is_uppercase() { upper += 1 } else { lower += 1 }
    }
    match (first_is_upper, upper, lower) {
        (false, 0, _) => Shape::Lower,
        (true, 0, _) => Shape::Capitalised,
        (true, _, 0) => Shape::Upper,
        // A hyphen between nouns.
        _ if text.contains('-') => Shape::Capitalised,
        (_, 1, 1..) if text.chars().nth(1).is_some_and(char::is_uppercase) => Shape::Slipped,
        _ => Shape::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let check = |text, expected| assert_eq!(shape(text), expected, "{text}");
        check("haus", Shape::Lower);
        check("Haus", Shape::Capitalised);
        check("I", Shape::Capitalised);
        check("HAUS", Shape::Upper);
        check("GmbH", Shape::Mixed);
        check("iPHone", Shape::Mixed);
        check("iPhone", Shape::Slipped);
        check("eYs", Shape::Slipped);
        check("THe", Shape::Slipped);
        check("E-Mail", Shape::Capitalised);
        check("don't", Shape::Lower);
    }

    #[test]
    fn drawn_out_words_are_meant_so() {
        assert!(Literal::read("", "sooo").is_drawn_out());
        assert!(!Literal::read("", "soo").is_drawn_out());
        assert!(!Literal::read("", "wennn").is_drawn_out());
    }

    #[test]
    fn numbers_addresses_and_tags_are_no_words() {
        let check = |context, composing, expected| {
            assert_eq!(Literal::read(context, composing).is_word, expected, "{context}{composing}");
        };
        check("so ", "teh", true);
        check("", "teh", true);
        check("he said \"", "teh", true);
        check("well-", "knwon", true);
        check("Viele Grüße\n", "teh", true);
        check("the 3", "rd", false);
        check("", "3rd", false);
        check("@", "teh", false);
        check("see #", "teh", false);
        check("www.", "exmaple", false);
        check("https://a.b/c-", "teh", false);
        check("anna@", "exmaple", false);
        check("", "a_b", false);
        check("", "teh.", false);
        check("", "don'", false);
        check("", "well-", false);
        check("", "'tis", true);
        check("", "", false);
    }
}
