//! German: the words that entities are made of.

mod boolean;
mod datetime;
mod duration;
mod holiday;
mod number;

use super::Language;

pub(super) static GERMAN: Language =
    Language { code: "de", number: number::WORDS, boolean: boolean::WORDS, duration: duration::WORDS, datetime: datetime::WORDS };
