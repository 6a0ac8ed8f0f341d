//! `cargo xtask arm`: the kernels' tests on 64-bit ARM, under QEMU with every extension of the instruction set.
//!
//! A phone's kernels are another file than this machine's: only here do they run before they reach a phone.

use crate::machine::{add_package, cache_folder, install};
use crate::{debian_rust, step};
use anyhow::Result;
use std::path::PathBuf;
use xshell::{Shell, cmd};

const TARGET: &str = "aarch64-unknown-linux-gnu";

/// Where code for phones is checked and tested. A folder of its own: the compiler may be another, and Cargo lets nobody else
/// build in a folder meanwhile.
pub(crate) const TARGET_FOLDER: &str = "target/arm";
/// Dependencies are not optimised: compiling them would take longer than they run.
pub(crate) const PROFILE: &str = "emulated";

/// The compiler; with linker and QEMU, installed where they are missing.
pub(crate) fn set_up(shell: &Shell) -> Result<PathBuf> {
    install(shell, "aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")?;
    // The compiler only recommends a C library to link against; asked for a file that it lacks, it gives the bare name back.
    if cmd!(shell, "aarch64-linux-gnu-gcc -print-file-name=crt1.o").quiet().read()? == "crt1.o" {
        add_package(shell, "crt1.o for 64-bit ARM", "libc6-dev-arm64-cross")?;
    }
    install(shell, "qemu-aarch64-static", "qemu-user-static")?;
    Ok(match installed(shell)? {
        true => PathBuf::from("rustc"),
        false => debian_rust::ready(shell, &cache_folder()?.join("debian-rust"))?,
    })
}

/// Builds the kernels' tests for 64-bit ARM and runs them.
pub(crate) fn test(shell: &Shell) -> Result<()> {
    step("kernel tests on 64-bit ARM");
    let compiler = set_up(shell)?;
    cmd!(
        shell,
        "cargo test --locked --profile {PROFILE} --package spatz --lib --target {TARGET} engine::kernels"
    )
    .env("RUSTC", compiler)
    .env("CARGO_TARGET_DIR", TARGET_FOLDER)
    .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
    .env(
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER",
        "qemu-aarch64-static -cpu max -L /usr/aarch64-linux-gnu",
    )
    .run()?;
    Ok(())
}

/// Whether the toolchain in use brings the target's standard library.
fn installed(shell: &Shell) -> Result<bool> {
    let folder = cmd!(shell, "rustc --print target-libdir --target {TARGET}").quiet().read()?;
    Ok(PathBuf::from(folder.trim()).is_dir())
}
