//! How the compiler is told to give the same bytes on every machine.
//!
//! One codegen unit and fat LTO stand in `Cargo.toml` (profile `mobile`), page sizes in `.cargo/config.toml`. What depends
//! on the machine is written here into a file of Cargo's configuration: the paths that would otherwise stand in panic
//! messages, and for a build without Google's SDK the linker and its arguments.

use super::{ABIS, Abi};
use crate::bindings;
use anyhow::{Context as _, Result, ensure};
use std::env;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// What ships is built with it.
pub(crate) const PROFILE: &str = "mobile";

/// The targets of Apple's phones, of their simulator on either kind of Mac, and of Macs.
pub(crate) const APPLE: [&str; 5] = [
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
    "x86_64-apple-ios",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
];

/// A linker for one target and its arguments.
pub(crate) struct Linker {
    pub(crate) abi: Abi,
    pub(crate) program: &'static str,
    pub(crate) arguments: Vec<String>,
}

/// Writes Cargo's configuration for builds that ship, into `file`; `sources` is where the standard library is compiled
/// from, if it is. Hand the file to Cargo with `--config`.
pub(crate) fn write(
    shell: &Shell,
    file: &Path,
    linker: Option<&Linker>,
    sources: Option<&Path>,
) -> Result<()> {
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        ensure!(
            env::var_os(variable).is_none(),
            "{variable} is set, which replaces the flags in .cargo/config.toml without which Android refuses the library; unset it"
        );
    }
    let mut places = vec![
        (shell.current_dir(), "spatz"),
        (bindings::target_folder(shell)?, "target"),
        (cargo_home()?, "cargo"),
    ];
    places.extend(sources.map(|sources| (sources.to_owned(), "rust")));
    let remap: Vec<String> =
        places.iter().map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())).collect();

    let mut targets = toml::Table::new();
    for target in ABIS.iter().map(|abi| abi.target).chain(APPLE) {
        let mut flags = remap.clone();
        let mut entry = toml::Table::new();
        if let Some(linker) = linker.filter(|linker| linker.abi.target == target) {
            entry.insert("linker".to_owned(), linker.program.into());
            flags.extend(linker.arguments.iter().map(|argument| format!("-Clink-arg={argument}")));
        }
        entry.insert("rustflags".to_owned(), flags.into());
        targets.insert(target.to_owned(), entry.into());
    }
    let mut configuration = toml::Table::new();
    configuration.insert("target".to_owned(), targets.into());
    shell.write_file(file, toml::to_string(&configuration)?)?;
    Ok(())
}

/// The time of the last commit, which stands for "now" in everything that is packed (`SOURCE_DATE_EPOCH`).
pub(crate) fn source_date(shell: &Shell) -> Result<String> {
    if let Ok(given) = env::var("SOURCE_DATE_EPOCH") {
        return Ok(given);
    }
    cmd!(shell, "git log -1 --format=%ct")
        .quiet()
        .read()
        .context("the time of the last commit; outside a git checkout set SOURCE_DATE_EPOCH")
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(PathBuf::from(home));
    }
    Ok(PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cargo"))
}
