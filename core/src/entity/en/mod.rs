//! English: the words that entities are made of.

mod address;
mod age;
mod boolean;
mod colour;
mod currency;
mod duration;
mod number;
mod ordinal;
mod percent;
mod phone;
mod units;

use std::sync::LazyLock;

use super::Language;
use super::age::AgeTable;
use super::colour::ColourTable;
use super::currency::CurrencyTable;
use super::number::Lexicon;
use super::quantity::UnitTable;

pub(super) static ENGLISH: Language = Language {
    code: "en",
    number: LazyLock::new(|| Lexicon::new(&number::WORDS)),
    ordinal: &ordinal::WORDS,
    percent: &percent::WORDS,
    units: LazyLock::new(|| UnitTable::new(&units::WORDS)),
    currency: LazyLock::new(|| CurrencyTable::new(&currency::WORDS)),
    age: LazyLock::new(|| AgeTable::new(&age::WORDS)),
    boolean: &boolean::WORDS,
    phone: &phone::WORDS,
    address: &address::WORDS,
    colour: LazyLock::new(|| ColourTable::new(&colour::WORDS)),
    duration: &duration::WORDS,
};
