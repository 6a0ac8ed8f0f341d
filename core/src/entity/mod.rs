//! Values in text, by rules: numbers and durations in English and German.
//!
//! ```
//! use spatz::entity::{durations, numbers, Language};
//!
//! let german = Language::find("de-AT").ok_or("no German")?;
//! let found = numbers("auf zweiundzwanzig komma fünf Grad", german);
//! assert_eq!((found[0].value, found[0].text.as_str()), (22.5, "zweiundzwanzig komma fünf"));
//!
//! let english = Language::find("en").ok_or("no English")?;
//! let found = durations("wake me in an hour and a half", english);
//! assert_eq!((found[0].value.seconds, found[0].start), (5400, 11));
//! # Ok::<(), &str>(())
//! ```
//!
//! An entity type is one file here (`number.rs`, `duration.rs`, `boolean.rs`): its grammar, the same for every language. A language is
//! one folder (`en/`, `de/`): tables of words and nothing else, plus a line in [`Language::ALL`]. Text is compared in the
//! folded spelling of [`text`]: a recogniser writes no case and no punctuation, and a table entry is written folded.

pub mod boolean;
pub mod colour;
pub mod currency;
pub mod datetime;
mod de;
pub mod duration;
mod en;
pub mod number;
pub mod ordinal;
pub mod protocol;
pub mod quantity;
mod recognize;
pub mod text;
pub mod tokens;
mod value;

use boolean::BooleanWords;
use datetime::lexicon::DateTimeWords;
use duration::{Duration, DurationWords};
use number::NumberWords;
use text::Utterance;

pub use recognize::recognize;
pub use value::{Kind, Value};

/// The words of a language that entities are made of.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// Words that numbers are made of.
    pub number: NumberWords,
    /// Words for yes and no.
    pub boolean: BooleanWords,
    /// Words that durations are made of.
    pub duration: DurationWords,
    /// Words about dates and times.
    pub datetime: DateTimeWords,
}

impl Language {
    /// Every language there are rules for.
    pub const ALL: [&'static Self; 2] = [&en::ENGLISH, &de::GERMAN];

    /// The language of a tag such as `de`, `de-AT` or `en_US`.
    pub fn find(tag: &str) -> Option<&'static Self> {
        let code = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL.into_iter().find(|language| language.code.eq_ignore_ascii_case(code))
    }
}

/// A value found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity<V> {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words as written.
    pub text: String,
    /// What they mean.
    pub value: V,
}

impl<V> Entity<V> {
    /// The same words with another value.
    pub fn map<W>(self, value: impl FnOnce(V) -> W) -> Entity<W> {
        Entity { start: self.start, end: self.end, text: self.text, value: value(self.value) }
    }
}

/// One way to read the text at a position: up to `end`, as `value`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<V> {
    /// One past the last folded character.
    pub end: usize,
    /// What is read.
    pub value: V,
}

/// All numbers in `text`, the longest reading of each, left to right.
pub fn numbers(text: &str, language: &Language) -> Vec<Entity<f64>> {
    find(text, |chars, at| number::readings(chars, at, &language.number))
}

/// All durations in `text`, the longest reading of each, left to right.
pub fn durations(text: &str, language: &Language) -> Vec<Entity<Duration>> {
    find(text, |chars, at| duration::readings(chars, at, language))
}

fn find<V>(original: &str, readings: impl Fn(&[char], usize) -> Vec<Reading<V>>) -> Vec<Entity<V>> {
    let utterance = Utterance::new(original);
    let chars = utterance.chars();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let left = at.checked_sub(1).and_then(|left| chars.get(left)).copied();
        let longest = if chars.get(at) != Some(&' ') && text::is_boundary(left, chars.get(at).copied()) {
            readings(chars, at).into_iter().max_by_key(|reading| reading.end)
        } else {
            None
        };
        match longest {
            Some(reading) if reading.end > at => {
                let (start, end) = utterance.span(at, reading.end);
                let text = original.chars().skip(start).take(end - start).collect();
                found.push(Entity { start, end, text, value: reading.value });
                at = reading.end;
            }
            _ => at += 1,
        }
    }
    found
}

/// The position after `word` if it stands at `at`, one space before it allowed.
pub(crate) fn after(chars: &[char], at: usize, word: &str) -> Option<usize> {
    let mut end = at;
    if at > 0 && chars.get(at) == Some(&' ') {
        end += 1;
    }
    for expected in word.chars() {
        if chars.get(end) != Some(&expected) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Whether a word may end at `end`.
pub(crate) fn ends_word(chars: &[char], end: usize) -> bool {
    text::is_boundary(end.checked_sub(1).and_then(|last| chars.get(last)).copied(), chars.get(end).copied())
}
