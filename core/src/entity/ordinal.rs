//! Places in a row: `3rd`, "twenty-first", "last", "next to last", `3.`, "dritte", "vorletzter".

use std::fmt;

use serde::{Deserialize, Serialize};

use super::number::{self, Form};
use super::tokens::{TokenKind, Tokens};
use super::{Language, Reading};

/// A place in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ordinal {
    /// Where counting begins.
    pub from: Anchor,
    /// From the start: 1 is the first. From the end: 0 is the last, −1 the one before. From here: 1 is the next.
    pub offset: i64,
}

/// Where an ordinal counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Anchor {
    /// The beginning of the row.
    Start,
    /// The place at hand.
    Current,
    /// The end of the row.
    End,
}

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Anchor::Start => write!(f, "{}", self.offset),
            Anchor::Current => write!(f, "current{:+}", self.offset),
            Anchor::End if self.offset < 0 => write!(f, "end{}", self.offset),
            Anchor::End => write!(f, "end+{}", self.offset),
        }
    }
}

/// The words for places in a row in a language, beside the ordinals of [`NumberWords`](super::number::NumberWords).
#[derive(Debug)]
pub struct OrdinalWords {
    /// What makes an ordinal of digits: the "th" of `11th`.
    pub suffixes: &'static [&'static str],
    /// Whether a dot makes an ordinal of digits: `3. Banane`.
    pub dot: bool,
    /// Stems of places, to which the endings of ordinals are added: "last", "vorletzt".
    pub stems: &'static [(&'static str, Anchor, i64)],
    /// Places that have one form: "next to last", "zuerst".
    pub phrases: &'static [(&'static str, Anchor, i64)],
    /// What stands before a bare stem: "zu" in "zu dritt".
    pub before_stems: &'static [&'static str],
}

/// All places that begin at token `at`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Ordinal>> {
    let (numbers, words) = (language.number.words, language.ordinal);
    let mut out = Vec::new();
    let mut counted = |end, value: f64| {
        // Larger ones do not fit; nobody counts so far.
        if value.abs() < 9e15 {
            out.push(Reading { end, value: Ordinal { from: Anchor::Start, offset: value as i64 } });
        }
    };
    for (step, form) in number::steps(tokens, at, language) {
        if form == Form::Ordinal {
            counted(step.end, step.value);
        }
    }
    if let Some((end, value)) = number::whole_digits(tokens, at, language) {
        if tokens.is_glued(end) && words.suffixes.contains(&tokens.text(end)) {
            counted(end + 1, value);
        }
        let goes_on = tokens.get(end + 1).is_some_and(|next| next.spaced && next.kind == TokenKind::Word);
        if words.dot && tokens.is_glued(end) && tokens.is_sign(end, '.') && goes_on {
            counted(end + 1, value);
        }
    }
    let before = at.checked_sub(1).map(|left| tokens.text(left)).unwrap_or_default();
    if words.before_stems.contains(&before)
        && let Some((_, value)) = numbers.ordinals.iter().find(|(stem, _)| *stem == tokens.text(at))
    {
        counted(at + 1, *value);
    }
    for (stem, from, offset) in words.stems {
        let ending = tokens.text(at).strip_prefix(stem);
        if ending.is_some_and(|ending| numbers.ordinal_endings.contains(&ending)) {
            out.push(Reading { end: at + 1, value: Ordinal { from: *from, offset: *offset } });
        }
    }
    for (phrase, from, offset) in words.phrases {
        if let Some(end) = tokens.after(at, phrase) {
            out.push(Reading { end, value: Ordinal { from: *from, offset: *offset } });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Kind, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Ordinal]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn english() {
        check("en", "the 3rd, 42nd and 1,000th", &[("3rd", "3"), ("42nd", "42"), ("1,000th", "1000")]);
        check("en", "on the thirty first floor", &[("thirty first", "31")]);
        check("en", "the two hundred and fifth", &[("two hundred and fifth", "205")]);
        check("en", "play the last song, then the next one", &[("last", "end+0"), ("next one", "current+1")]);
        check("en", "the second to last chapter", &[("the second to last", "end-1")]);
        check("en", "two thirds of 5 th", &[]);
    }

    #[test]
    fn german() {
        check("de", "das dritte und das 21. Kapitel", &[("dritte", "3"), ("21.", "21")]);
        check("de", "wir kommen zu fünft", &[("fünft", "5")]);
        check(
            "de",
            "das vorletzte Lied, danach das übernächste",
            &[("vorletzte", "end-1"), ("übernächste", "current+2")],
        );
        check("de", "dem hundertfünften Besucher", &[("hundertfünften", "105")]);
        check("de", "ich habe 3.", &[]);
        check("de", "zwei Drittel", &[]);
    }
}
