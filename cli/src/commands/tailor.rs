//! `spatz tailor`: packages of one's own.

use crate::{registry, term};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use spatz::command::CommandSet;
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

pub(crate) fn run(args: TailorArgs) -> Result<()> {
    match args.action {
        Action::Commands(args) => commands(args),
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
