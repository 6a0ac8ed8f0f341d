//! German: the words that entities are made of.

mod boolean;
mod duration;
mod number;

use std::sync::LazyLock;

use super::Language;
use super::number::Lexicon;

pub(super) static GERMAN: Language = Language {
    code: "de",
    number: &number::WORDS,
    lexicon: LazyLock::new(|| Lexicon::new(&number::WORDS)),
    boolean: &boolean::WORDS,
    duration: &duration::WORDS,
};
