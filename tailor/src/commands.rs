//! Fits a command set ahead, so that the app that opens it learns nothing at start.

use anyhow::{Context, Result};
use spatz::Model;
use spatz::command::{CommandParser, CommandSet, LEARNED_SECTION};
use std::path::Path;

use crate::package;

/// Writes the sentence package `out`: the one at `encoder` with what a parser learns from `set`.
///
/// The set itself stays a file of the app: [`CommandParser::with_encoder`] takes what was learned from the package if it is
/// opened for the same set, and fits anew if the set was changed since. Returns the bytes that were added.
///
/// # Errors
///
/// If `encoder` is no sentence package, if there is nothing to learn from, or if writing fails.
pub fn fit(set: CommandSet, encoder: &Path, out: &Path) -> Result<usize> {
    let model = Model::open(encoder)?;
    let learned = CommandParser::with_encoder(set, &model)?.save();
    let learned = learned.context("the set has no sentences and no examples to learn from")?;
    let bytes = learned.len();
    let others = model.info().sections.iter().filter(|name| *name != LEARNED_SECTION);
    let mut sections: Vec<(&str, Vec<u8>)> =
        others.filter_map(|name| Some((name.as_str(), model.section(name)?.to_vec()))).collect();
    sections.push((LEARNED_SECTION, learned));
    package::pack(encoder, &sections, out)?;
    Ok(bytes)
}
