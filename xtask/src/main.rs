//! Developer chores: `cargo xtask test` passes every check that CI runs.
//!
//! A chore is one file; each says what it does on standard error and stops at the first failure.

mod arm;
mod bench;
mod bindings;
mod debian_rust;
mod kotlin;
mod machine;
mod models;
mod phone_tree;
mod suite;
mod swift;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;
use xshell::Shell;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer chores of Spatz")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that CI runs: lint, Rust tests here and on ARM, the phone's dependency tree, Kotlin and Swift suites.
    Test,
    /// Format, clippy with warnings denied, docs.
    Lint,
    /// Rust tests, with the pretrained model they need.
    Rust,
    /// Kernel tests on 64-bit ARM under QEMU (installs a cross linker and QEMU on Debian).
    Arm,
    /// Compare the engine with llama.cpp and candle; writes docs/benchmarks.md (builds both peers the first time).
    Bench(bench::BenchArgs),
    /// Check that nothing on the phone compiles C or talks to a network.
    PhoneTree,
    /// Build the façade for this machine and generate Kotlin, Swift and the tests' vectors from it.
    Bindings,
    /// Test the Kotlin wrapper on the real library and model (needs a JDK and Maven).
    Kotlin,
    /// Test the Swift wrapper likewise (takes `swift` from the PATH, or sets it up in a chroot on Debian).
    Swift,
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
        Chore::Arm => arm::test(&shell),
        Chore::Bench(args) => bench::run(&shell, &args),
        Chore::PhoneTree => phone_tree::check(&shell),
        Chore::Bindings => bindings::generate(&shell).map(|_| ()),
        Chore::Kotlin => kotlin::test(&shell),
        Chore::Swift => swift::test(&shell),
    }
}

/// Says what happens next, and after how many minutes and seconds.
#[expect(clippy::print_stderr, reason = "chores talk to the developer")]
fn step(message: &str) {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let seconds = BEGIN.get_or_init(Instant::now).elapsed().as_secs();
    eprintln!("== {:02}:{:02} {message}", seconds / 60, seconds % 60);
}
