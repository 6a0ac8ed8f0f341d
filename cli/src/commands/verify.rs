//! `spatz verify`: is the package whole?

use crate::{registry, term};
use anyhow::Result;
use clap::Args;
use spatz::Model;
use std::io::{self, Write};

/// Read a model package to the end and compare its checksums.
#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// A known model's name or a GGUF file [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
}

pub(crate) fn run(args: VerifyArgs) -> Result<()> {
    let path = registry::resolve(args.model.as_deref())?;
    let spinner = term::spinner(&format!("reading {}", path.display()));
    let model = Model::open(&path)?;
    let verified = model.verify()?;
    spinner.finish_and_clear();
    let mut out = io::stdout().lock();
    writeln!(out, "{}: header and shapes are right, {} bytes read", path.display(), verified.read_bytes)?;
    if verified.checked_bytes == 0 {
        writeln!(out, "a plain GGUF carries no checksums to compare")?;
    } else {
        writeln!(out, "checksums are right for {} bytes", verified.checked_bytes)?;
    }
    Ok(())
}
