//! German: the words that entities are made of.

mod boolean;
mod duration;
mod number;

use super::Language;

pub(super) static GERMAN: Language =
    Language { code: "de", number: number::WORDS, boolean: boolean::WORDS, duration: duration::WORDS };
