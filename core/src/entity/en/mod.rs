//! English: the words that entities are made of.

mod boolean;
mod datetime;
mod duration;
mod holiday;
mod number;

use super::Language;

pub(super) static ENGLISH: Language =
    Language { code: "en", number: number::WORDS, boolean: boolean::WORDS, duration: duration::WORDS, datetime: datetime::WORDS };
