//! Colours: "red", "light blue", "dunkelgrün", `#ff8800`, `rgb(255, 136, 0)`.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::phrases::{self, Phrases};
use super::tokens::{TokenKind, Tokens};
use super::{Language, Reading};

/// A colour by its parts, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The words for colours in a language.
#[derive(Debug)]
pub struct ColourWords {
    /// Names of colours by their parts, in the notation of `phrases.rs`.
    pub table: &'static str,
    /// What makes a colour lighter: "light".
    pub light: &'static [&'static str],
    /// What makes a colour darker: "dark".
    pub dark: &'static [&'static str],
}

/// [`ColourWords`], made ready for looking up.
#[derive(Debug)]
pub struct ColourTable {
    words: &'static ColourWords,
    phrases: Phrases<Colour>,
}

impl ColourTable {
    pub(crate) fn new(words: &'static ColourWords) -> Self {
        let lines: HashMap<_, _> = phrases::lines(words.table).collect();
        let mut table = Phrases::default();
        for (name, list) in phrases::lines(words.table) {
            let Some(colour) = Colour::from_hex(name) else { continue };
            for form in phrases::forms(list).flat_map(|form| phrases::expand(form, &lines)) {
                table.add(&form, colour, true);
            }
        }
        Self { words, phrases: table }
    }
}

impl Colour {
    /// The colour of six digits of base 16, or of three, as CSS has them.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let all = digits.chars().map(|c| c.to_digit(16)).collect::<Option<Vec<u32>>>()?;
        let parts = match all.as_slice() {
            [red, green, blue] => [red * 17, green * 17, blue * 17],
            [a, b, c, d, e, f] => [a * 16 + b, c * 16 + d, e * 16 + f],
            _ => return None,
        };
        let [red, green, blue] = parts.map(|part| u8::try_from(part).unwrap_or(u8::MAX));
        Some(Self { red, green, blue })
    }

    /// Half way to `other`.
    fn mixed(self, other: u8) -> Self {
        let half = |part: u8| part.midpoint(other);
        Self { red: half(self.red), green: half(self.green), blue: half(self.blue) }
    }
}

/// All colours that begin at token `at`: names, `#ff8800`, `rgb(255, 136, 0)`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Colour>> {
    let table: &ColourTable = &language.colour;
    let mut out: Vec<_> = named(tokens, at, table);
    for (words, other) in [(table.words.light, u8::MAX), (table.words.dark, 0)] {
        if words.contains(&tokens.text(at)) {
            let start = at + 1 + usize::from(tokens.is_sign(at + 1, '-'));
            let shades = named(tokens, start, table).into_iter();
            out.extend(shades.map(|colour| Reading { value: colour.value.mixed(other), ..colour }));
        }
    }
    // What the table knows by name, such as "light blue", it knows better.
    let mut known: Vec<Reading<Colour>> = Vec::new();
    for reading in out.into_iter().chain(hex(tokens, at)).chain(rgb(tokens, at)) {
        if known.iter().all(|earlier| earlier.end != reading.end) {
            known.push(reading);
        }
    }
    known
}

fn named(tokens: &Tokens, at: usize, table: &ColourTable) -> Vec<Reading<Colour>> {
    table
        .phrases
        .at(tokens, at)
        .into_iter()
        .map(|found| Reading { end: found.end, value: found.value })
        .collect()
}

fn hex(tokens: &Tokens, at: usize) -> Option<Reading<Colour>> {
    if !tokens.is_sign(at, '#') {
        return None;
    }
    let is_digits = |part: usize| tokens.is_glued(part) && (tokens.is_digits(part) || tokens.is_word(part));
    let end = (at + 1..at + 8).find(|end| !is_digits(*end)).unwrap_or(at + 8);
    let digits: String = (at + 1..end).map(|part| tokens.text(part)).collect();
    Colour::from_hex(&digits).map(|value| Reading { end, value })
}

fn rgb(tokens: &Tokens, at: usize) -> Option<Reading<Colour>> {
    if tokens.text(at) != "rgb" {
        return None;
    }
    let is_open = tokens.is_sign(at + 1, '(');
    let mut next = at + 1 + usize::from(is_open);
    let mut parts = [0; 3];
    for part in &mut parts {
        *part = tokens.get(next).filter(|token| token.kind == TokenKind::Digits)?.text.parse().ok()?;
        next += 1;
        next += usize::from(tokens.is_sign(next, ',') && tokens.is_digits(next + 1));
    }
    let [red, green, blue] = parts;
    let end = next + usize::from(is_open && tokens.is_sign(next, ')'));
    Some(Reading { end, value: Colour { red, green, blue } })
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, testing};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        testing::check(&[Kind::Colour], language, text, expected);
    }

    #[test]
    fn a_sign_behind_a_sharp_is_no_colour() {
        check("en", "#−§", &[]);
        check("en", "#½½½½½½½½", &[]);
    }

    #[test]
    fn english() {
        check("en", "make it red or sky-blue", &[("red", "#ff0000"), ("sky-blue", "#87ceeb")]);
        check("en", "light blue, dark purple", &[("light blue", "#add8e6"), ("dark purple", "#400040")]);
        check(
            "en",
            "#FF8800, #0f0 and rgb(1, 2, 3).",
            &[("#FF8800", "#ff8800"), ("#0f0", "#00ff00"), ("rgb(1, 2, 3)", "#010203")],
        );
        check("en", "the tired redhead", &[]);
    }

    #[test]
    fn german() {
        check(
            "de",
            "die roten und dunkelgrünen Lampen",
            &[("roten", "#ff0000"), ("dunkelgrünen", "#006400")],
        );
        check("de", "auf warmweiß", &[("warmweiß", "#ffe4b5")]);
        check("de", "helles Violett", &[("helles Violett", "#f6c0f6")]);
        check("de", "rgb 300 0 0", &[]);
    }
}
