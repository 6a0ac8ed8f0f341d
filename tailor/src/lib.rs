//! Makes model packages on a developer machine.

pub mod lexicon;
pub mod package;
