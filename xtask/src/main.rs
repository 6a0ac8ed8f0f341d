//! Developer chores: `cargo xtask test` passes every check that CI runs.
//!
//! A chore is one file; each says what it does on standard error and stops at the first failure.

mod phone_tree;
mod suite;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::Path;
use std::process::ExitCode;
use xshell::Shell;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer chores of Spatz")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that CI runs: lint, Rust tests, the phone's dependency tree, Kotlin and Swift suites.
    Test,
    /// Format, clippy with warnings denied, docs.
    Lint,
    /// Rust tests, with the pretrained model they need.
    Rust,
    /// Check that nothing on the phone compiles C or talks to a network.
    PhoneTree,
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step(&format!("failed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has a parent folder")?);
    match chore {
        Chore::Test => suite::all(&shell),
        Chore::Lint => suite::lint(&shell),
        Chore::Rust => suite::rust(&shell),
        Chore::PhoneTree => phone_tree::check(&shell),
    }
}

/// Says what happens next.
#[expect(clippy::print_stderr, reason = "chores talk to the developer")]
fn step(message: &str) {
    eprintln!("== {message}");
}
