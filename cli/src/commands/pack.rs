//! `spatz pack`: weights, a word list and an n-gram to one model package.

use crate::term;
use anyhow::{Context, Result};
use clap::Args;
use spatz::Model;
use spatz::predict::lexicon::{Layout, Lexicon};
use spatz::predict::ngram;
use spatz_tailor::{lexicon, package};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Pack a plain GGUF, a word list and an n-gram into a model package.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz pack --weights plain.gguf --lexicon lexicon.tsv --ngram ngram.bin -o models/spatz-base.gguf

The word list has a word a line and, after tabs, its count in each language: word<TAB>count_en<TAB>count_de.")]
pub(crate) struct PackArgs {
    /// The GGUF with weights and vocabulary.
    #[arg(long)]
    weights: PathBuf,
    /// The word list.
    #[arg(long)]
    lexicon: PathBuf,
    /// What `spatz tailor ngram` made for these weights and this word list.
    #[arg(long)]
    ngram: Option<PathBuf>,
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
    let ngram = args.ngram.map(|path| read_ngram(&path, &model, &compiled.bytes)).transpose()?;
    let ngram_bytes = ngram.as_ref().map_or(0, Vec::len);
    let sections = [("lexicon", Some(compiled.bytes)), ("ngram", ngram)];
    let sections: Vec<_> = sections.into_iter().filter_map(|(name, bytes)| Some((name, bytes?))).collect();
    progress.set_message("writing the package");
    package::pack(&args.weights, &sections, &args.output)?;
    progress.finish_and_clear();
    let size = fs::metadata(&args.output)?.len();
    writeln!(
        io::stdout(),
        "{}: {:.1} MB, of which lexicon {:.2} MB: {} words and {} sentence forms, {:.1} bytes each; {} left out; n-gram {:.2} MB",
        args.output.display(),
        size as f64 / 1e6,
        bytes as f64 / 1e6,
        compiled.words,
        compiled.sentence_forms,
        bytes as f64 / (compiled.words + compiled.sentence_forms) as f64,
        compiled.skipped,
        ngram_bytes as f64 / 1e6,
    )?;
    Ok(())
}

/// An n-gram section, if it is for this lexicon.
fn read_ngram(path: &Path, model: &Model, lexicon: &[u8]) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read the n-gram {}", path.display()))?;
    let layout = Layout::check(lexicon, model.vocabulary())?;
    ngram::Layout::check(&bytes, &Lexicon::new(&layout, lexicon, model.vocabulary()))
        .with_context(|| format!("cannot pack {}", path.display()))?;
    Ok(bytes)
}
