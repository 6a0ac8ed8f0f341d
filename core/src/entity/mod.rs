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

pub mod address;
pub mod age;
pub mod boolean;
pub mod colour;
pub mod currency;
mod de;
pub mod duration;
pub mod email;
mod en;
pub mod number;
pub mod ordinal;
pub mod percent;
pub mod phone;
mod phrases;
pub mod protocol;
pub mod quantity;
mod recognize;
pub mod text;
pub mod tokens;
pub mod url;
mod value;

use std::sync::LazyLock;

use address::AddressWords;
use age::AgeTable;
use boolean::BooleanWords;
use colour::ColourTable;
use currency::CurrencyTable;
use duration::{Duration, DurationWords};
use number::Lexicon;
use ordinal::OrdinalWords;
use percent::PercentWords;
use phone::PhoneWords;
use quantity::UnitTable;
use tokens::Tokens;

pub(crate) use recognize::readings;
pub use recognize::recognize;
pub use value::{Kind, Value};

/// The words of a language that entities are made of. What is looked up in tables is made ready when it is first needed.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// Words that numbers are made of.
    pub number: LazyLock<Lexicon>,
    /// Words for places in a row.
    pub ordinal: &'static OrdinalWords,
    /// Words for parts of a hundred.
    pub percent: &'static PercentWords,
    /// Words for units of measurement.
    pub units: LazyLock<UnitTable>,
    /// Words for money.
    pub currency: LazyLock<CurrencyTable>,
    /// Words for ages.
    pub age: LazyLock<AgeTable>,
    /// Words for yes and no.
    pub boolean: &'static BooleanWords,
    /// Words of telephone numbers.
    pub phone: &'static PhoneWords,
    /// Words for signs of addresses.
    pub address: &'static AddressWords,
    /// Words for colours.
    pub colour: LazyLock<ColourTable>,
    /// Words that durations are made of.
    pub duration: &'static DurationWords,
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
    number::find(&Tokens::new(text), language)
}

/// All durations in `text`, the longest reading of each, left to right.
pub fn durations(text: &str, language: &Language) -> Vec<Entity<Duration>> {
    let tokens = Tokens::new(text);
    scan(&tokens, |at| {
        let longest = duration::readings(&tokens, at, language).into_iter().max_by_key(|reading| reading.end);
        longest.map(|reading| Scanned { end: reading.end, value: Some(reading.value) })
    })
}

/// What a grammar found at a token: up to which token, and its value if that stands as an entity.
pub(crate) struct Scanned<V> {
    pub(crate) end: usize,
    pub(crate) value: Option<V>,
}

/// Reads at each token in turn and goes on behind what was found, so that no two entities overlap.
pub(crate) fn scan<V>(tokens: &Tokens, read: impl Fn(usize) -> Option<Scanned<V>>) -> Vec<Entity<V>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(scanned) = read(at).filter(|scanned| scanned.end > at) else {
            at += 1;
            continue;
        };
        if let Some(value) = scanned.value {
            let (start, end) = tokens.span(at, scanned.end);
            found.push(Entity { start, end, text: tokens.written(at, scanned.end), value });
        }
        at = scanned.end;
    }
    found
}
