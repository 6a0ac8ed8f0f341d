//! German: the words that entities are made of.

mod address;
mod age;
mod boolean;
mod colour;
mod currency;
mod datetime;
mod duration;
mod holiday;
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
use super::datetime::lexicon::DateTimeTable;
use super::number::Lexicon;
use super::quantity::UnitTable;

pub(super) static GERMAN: Language = Language {
    code: "de",
    number: &number::WORDS,
    lexicon: LazyLock::new(|| Lexicon::new(&number::WORDS)),
    ordinal: &ordinal::WORDS,
    percent: &percent::WORDS,
    units: &units::WORDS,
    unit_table: LazyLock::new(|| UnitTable::new(&units::WORDS)),
    age: &age::WORDS,
    age_table: LazyLock::new(|| AgeTable::new(&age::WORDS)),
    currency: &currency::WORDS,
    currency_table: LazyLock::new(|| CurrencyTable::new(&currency::WORDS)),
    address: &address::WORDS,
    phone: &phone::WORDS,
    colour: &colour::WORDS,
    colour_table: LazyLock::new(|| ColourTable::new(&colour::WORDS)),
    boolean: &boolean::WORDS,
    duration: &duration::WORDS,
    datetime: &datetime::WORDS,
    datetime_table: LazyLock::new(|| DateTimeTable::new(&datetime::WORDS)),
};
