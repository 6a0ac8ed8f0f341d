//! Developer chores: `cargo xtask --help` lists them.

mod bindings;
mod kotlin;
mod swift;

use anyhow::Context as _;
use clap::Parser;
use std::path::PathBuf;
use xshell::Shell;

/// Chores of this repository.
#[derive(Parser)]
enum Chore {
    /// Builds the façade for this machine and generates Kotlin, Swift and the tests' vectors from it
    Bindings,
    /// Tests the Kotlin wrapper on the real library and model (needs a JDK and Maven)
    Kotlin,
    /// Tests the Swift wrapper likewise (takes `swift` from the PATH, or sets it up in a chroot on Debian)
    Swift,
}

fn main() -> anyhow::Result<()> {
    let chore = Chore::parse();
    let shell = Shell::new()?;
    shell.change_dir(root()?);
    match chore {
        Chore::Bindings => bindings::generate(&shell).map(|_| ()),
        Chore::Kotlin => kotlin::test(&shell),
        Chore::Swift => swift::test(&shell),
    }
}

/// The repository's top folder.
fn root() -> anyhow::Result<PathBuf> {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    Ok(manifest.parent().context("xtask lies in the repository's top folder")?.to_owned())
}
