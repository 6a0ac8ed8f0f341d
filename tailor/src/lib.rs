//! Makes model packages on a developer machine.

pub mod commands;
pub mod lexicon;
pub mod ngram;
pub mod package;
