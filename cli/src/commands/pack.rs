//! `spatz pack`: weights and a word list to one model package.

use crate::term;
use anyhow::{Context, Result};
use clap::Args;
use spatz::Model;
use spatz_tailor::{lexicon, package};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Pack a plain GGUF and a word list into a model package.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz pack --weights plain.gguf --lexicon lexicon.tsv -o models/spatz-base.gguf

The word list has a word a line and, after tabs, its count in each language: word<TAB>count_en<TAB>count_de.")]
pub(crate) struct PackArgs {
    /// The GGUF with weights and vocabulary.
    #[arg(long)]
    weights: PathBuf,
    /// The word list.
    #[arg(long)]
    lexicon: PathBuf,
    /// The package to write.
    #[arg(long, short)]
    output: PathBuf,
}

pub(crate) fn run(args: PackArgs) -> Result<()> {
    let progress = term::spinner("compiling the lexicon");
    let list = fs::read_to_string(&args.lexicon)
        .with_context(|| format!("cannot read the word list {}", args.lexicon.display()))?;
    let model = Model::open(&args.weights)?;
    let compiled = lexicon::compile(&list, model.vocabulary())
        .with_context(|| format!("cannot compile {}", args.lexicon.display()))?;
    let bytes = compiled.bytes.len();
    progress.set_message("writing the package");
    package::pack(&args.weights, &[("lexicon", compiled.bytes)], &args.output)?;
    progress.finish_and_clear();
    let size = fs::metadata(&args.output)?.len();
    writeln!(
        io::stdout(),
        "{}: {:.1} MB, of which lexicon {:.2} MB: {} words and {} sentence forms, {:.1} bytes each; {} left out",
        args.output.display(),
        size as f64 / 1e6,
        bytes as f64 / 1e6,
        compiled.words,
        compiled.sentence_forms,
        bytes as f64 / (compiled.words + compiled.sentence_forms) as f64,
        compiled.skipped,
    )?;
    Ok(())
}
