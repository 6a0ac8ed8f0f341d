//! `spatz commands`: tools for those who write command sets.

mod plot;
mod report;
mod test;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use spatz::command::{CommandSet, SCHEMA};
use std::io::{self, Write};
use std::path::PathBuf;

/// Check, test and measure command sets.
#[derive(Args)]
pub(crate) struct CommandsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Test(test::TestArgs),
    Check(CheckArgs),
    Report(report::ReportArgs),
    /// Print the JSON Schema of command files, with which editors complete and check them.
    Schema,
}

pub(crate) fn run(args: CommandsArgs) -> Result<()> {
    match args.action {
        Action::Test(args) => test::run(&args),
        Action::Check(args) => check(&args),
        Action::Report(args) => report::run(args),
        Action::Schema => Ok(write!(io::stdout(), "{SCHEMA}")?),
    }
}

/// Look for what is well formed but probably not meant: overlapping intents, too few examples, missing translations.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz commands check tests/commands/lights.yaml")]
struct CheckArgs {
    /// A command file in YAML, or a folder of them.
    path: PathBuf,
}

fn check(args: &CheckArgs) -> Result<()> {
    let findings = CommandSet::load(&args.path)?.check();
    let mut out = io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    match findings.len() {
        0 => Ok(writeln!(out, "nothing found")?),
        1 => bail!("1 finding"),
        count => bail!("{count} findings"),
    }
}
