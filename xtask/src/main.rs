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
mod phone;
mod phone_tree;
mod suite;
mod swift;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use phone::library::Contents;
use std::path::{Path, PathBuf};
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
    /// Build the library for Android (AAR) and the sample app; with `--no-sdk` without Google's SDK.
    Android(AndroidArgs),
    /// Build the XCFramework for iPhones and Macs (on a Mac).
    Apple(AppleArgs),
    /// Check that Android would load these libraries: 16 KB pages, no text relocations, nothing that it lacks.
    CheckElf {
        /// Shared libraries.
        files: Vec<PathBuf>,
    },
    /// Link the library for 64-bit Android and print its size; fails over the limit.
    Size,
    /// Type-check the library for iPhones.
    Phones,
    /// Build, check and collect what a release publishes, with checksums.
    Release {
        /// Where the files will lie, which goes into Package.swift.
        #[arg(long)]
        url: Option<String>,
    },
    /// Build the façade for this machine and generate Kotlin, Swift and the tests' vectors from it.
    Bindings,
    /// Test the Kotlin wrapper on the real library and model (needs a JDK and Maven).
    Kotlin,
    /// Test the Swift wrapper likewise (takes `swift` from the PATH, or sets it up in a chroot on Debian).
    Swift,
}

#[derive(Args)]
struct AndroidArgs {
    /// Link and pack with Debian's tools instead of Google's.
    #[arg(long)]
    no_sdk: bool,
    /// Only for this ABI; may be repeated.
    #[arg(long = "abi", value_name = "ABI")]
    abis: Vec<String>,
    /// What the library holds [default: everything; in the sample app that is packed without the SDK: keyboard].
    #[arg(long)]
    contents: Option<Contents>,
}

#[derive(Args)]
struct AppleArgs {
    /// Where the packed framework will lie, which goes into Package.swift with its checksum.
    #[arg(long)]
    url: Option<String>,
    /// What the library holds.
    #[arg(long, default_value = "everything")]
    contents: Contents,
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
        Chore::Android(args) if args.no_sdk => {
            phone::apk::without_sdk(&shell, &args.abis, args.contents.unwrap_or(Contents::Keyboard))
        }
        Chore::Android(args) => {
            phone::sdk::build(&shell, &args.abis, args.contents.unwrap_or(Contents::Everything)).map(|_| ())
        }
        Chore::Apple(args) => phone::apple::build(&shell, args.url.as_deref(), args.contents).map(|_| ()),
        Chore::CheckElf { files } => phone::elf::check(&files),
        Chore::Size => phone::size::check(&shell),
        Chore::Phones => phone::check::check(&shell),
        Chore::Release { url } => phone::release::build(&shell, url.as_deref()),
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
