//! `spatz tailor`: packages of one's own.

use crate::{registry, term};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use spatz::Model;
use spatz::command::CommandSet;
use spatz::predict::lexicon::{Layout, Lexicon};
use spatz_tailor::lexicon;
use spatz_tailor::ngram::{self, LanguageReport, Measures, NgramOptions};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Make packages for one app from what Spatz ships.
#[derive(Args)]
pub(crate) struct TailorArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Commands(CommandsArgs),
    Ngram(NgramArgs),
}

/// Fit the learned parser to a command set ahead, and put what it learned into a sentence package.
///
/// The app opens the same command file with this package and learns nothing at start. If the file is changed, the
/// package still serves: the parser then fits on the device.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz tailor commands tests/commands/lights.yaml -o lights.gguf
  spatz parse --commands tests/commands/lights.yaml --encoder lights.gguf \"would you make it a bit brighter in the kitchen\"")]
struct CommandsArgs {
    /// A command file in YAML, a folder of them, or labelled examples (.jsonl).
    path: PathBuf,
    /// The sentence package to start from [default: the shipped one].
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// The package to write.
    #[arg(long, short)]
    output: PathBuf,
}

/// Count n-grams of text over the words of a lexicon, for `spatz pack --ngram`.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz tailor ngram sources.tsv --weights plain.gguf --lexicon lexicon.tsv -o ngram.bin

A line of the sources is language<TAB>share<TAB>file: a text file, looked for beside the table, with a message a line, and its
share of the language's text. <TAB>prose behind it says that its lines do not begin as messages do. Weights and word list are
those that the n-gram will be packed with.")]
struct NgramArgs {
    /// The table of sources.
    sources: PathBuf,
    /// The GGUF with the vocabulary.
    #[arg(long)]
    weights: PathBuf,
    /// The word list.
    #[arg(long)]
    lexicon: PathBuf,
    /// The longest n-gram, 2 to 6 words.
    #[arg(long, default_value_t = NgramOptions::default().order)]
    order: u32,
    /// Bytes at most.
    #[arg(long, default_value_t = NgramOptions::default().bytes)]
    bytes: usize,
    /// Measure on this text too.
    #[arg(long, value_name = "LANGUAGE:FILE")]
    measure: Vec<String>,
    /// The file to write.
    #[arg(long, short)]
    output: PathBuf,
}

pub(crate) fn run(args: TailorArgs) -> Result<()> {
    match args.action {
        Action::Commands(args) => commands(args),
        Action::Ngram(args) => ngram(args),
    }
}

fn commands(args: CommandsArgs) -> Result<()> {
    let set = CommandSet::load(&args.path)?;
    let encoder = args.encoder.or_else(registry::shipped_encoder);
    let encoder = encoder.with_context(|| {
        format!("no {} here; name a sentence package with --encoder FILE", registry::SHIPPED_ENCODER)
    })?;
    let progress = term::spinner("fitting");
    let start = Instant::now();
    let bytes = spatz_tailor::commands::fit(set, &encoder, &args.output)?;
    progress.finish_and_clear();
    writeln!(
        io::stdout(),
        "{}: fitted to {} in {:.1} s; {:.2} MB more than {}",
        args.output.display(),
        args.path.display(),
        start.elapsed().as_secs_f64(),
        bytes as f64 / 1e6,
        encoder.display(),
    )?;
    Ok(())
}

fn ngram(args: NgramArgs) -> Result<()> {
    let progress = term::spinner("counting");
    let start = Instant::now();
    let model = Model::open(&args.weights)?;
    let list = fs::read_to_string(&args.lexicon)
        .with_context(|| format!("cannot read the word list {}", args.lexicon.display()))?;
    let section = lexicon::compile(&list, model.vocabulary())?.bytes;
    let layout = Layout::check(&section, model.vocabulary())?;
    let lexicon = Lexicon::new(&layout, &section, model.vocabulary());
    let options = NgramOptions { order: args.order, bytes: args.bytes };
    let compiled = ngram::compile(&lexicon, &ngram::sources(&args.sources)?, options)?;
    progress.finish_and_clear();
    let mut out = io::stdout();
    for report in &compiled.languages {
        let LanguageReport { language, tokens, seen, kept, held_out } = report;
        writeln!(out, "{language}: {tokens} words and marks, {seen} n-grams, {kept} kept")?;
        print_measures(&mut out, "held out", held_out)?;
    }
    for text in &args.measure {
        let (language, path) = text.split_once(':').context("--measure takes LANGUAGE:FILE")?;
        let lines = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        print_measures(&mut out, path, &ngram::measure_text(&lexicon, &compiled.bytes, language, &lines)?)?;
    }
    fs::write(&args.output, &compiled.bytes)
        .with_context(|| format!("cannot write {}", args.output.display()))?;
    writeln!(
        out,
        "{}: {:.2} MB in {:.0} s",
        args.output.display(),
        compiled.bytes.len() as f64 / 1e6,
        start.elapsed().as_secs_f64()
    )?;
    Ok(())
}

fn print_measures(out: &mut impl Write, of: &str, measures: &Measures) -> io::Result<()> {
    let Measures { words, bits, first, among_three } = measures;
    let (first, among_three) = (100.0 * first, 100.0 * among_three);
    writeln!(
        out,
        "  {of}: {words} words, {bits:.3} bits a word, top-1 {first:.1} %, top-3 {among_three:.1} %"
    )
}
