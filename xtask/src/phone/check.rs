//! `cargo xtask phones`: the façade type-checked for iPhones, by a compiler that has never seen Apple's SDK.

use super::library::Contents;
use crate::arm::{self, PROFILE};
use crate::machine::cache_folder;
use crate::{debian_rust, step};
use anyhow::Result;
use std::path::PathBuf;
use xshell::{Shell, cmd};

const TARGET: &str = "aarch64-apple-ios";

/// Checks the library with and without sessions.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    // Rust's own toolchain, where `rustup target add` has been run; otherwise Debian's, which builds the standard library.
    let installed = cmd!(shell, "rustc --print target-libdir --target {TARGET}").quiet().read()?;
    let (environment, build_std): (Vec<(&str, PathBuf)>, &[&str]) = if PathBuf::from(installed).is_dir() {
        (Vec::new(), &[])
    } else {
        let folder = cache_folder()?.join("debian-rust");
        let rustc = debian_rust::ready(shell, &folder)?;
        debian_rust::sources(shell, &folder)?;
        (vec![("RUSTC", rustc), ("RUSTC_BOOTSTRAP", "1".into())], &["-Zbuild-std=std,panic_unwind"])
    };
    for contents in [Contents::Everything, Contents::Keyboard] {
        let features = contents.features();
        step(&format!("check for {TARGET} {}", features.join(" ")));
        cmd!(shell, "cargo check --quiet --locked --profile {PROFILE} {build_std...} --package spatz-bindings --lib --target {TARGET} {features...}")
            .envs(environment.iter().cloned())
            .env("CARGO_TARGET_DIR", arm::TARGET_FOLDER)
            .run()?;
    }
    Ok(())
}
