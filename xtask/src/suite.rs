//! What CI runs, in the order in which failures are cheapest to find.

use crate::{arm, kotlin, models, phone, phone_tree, step, swift};
use anyhow::{Result, anyhow};
use std::thread::{self, ScopedJoinHandle};
use xshell::{Shell, cmd};

/// What is built for tests, as one choice of features for all that use what was built. Without these chores, whose choice for
/// UniFFI's generator is another and would have it compiled once more: their tests run as `cargo xtask` was built.
pub(crate) const TESTED: [&str; 3] = ["--workspace", "--exclude", "xtask"];

/// Every check. A fresh machine's other toolchains are downloaded while its processor is busy with Rust, and the code for
/// phones, in a target folder of its own, is built, tested and checked where the Rust tests leave a core idle.
pub(crate) fn all(shell: &Shell) -> Result<()> {
    thread::scope(|scope| {
        let own = shell.clone();
        let toolchains = scope.spawn(move || arm::set_up(&own).and_then(|_| swift::set_up(&own)));
        lint(shell)?;
        phone_tree::check(shell)?;
        join(toolchains)?;
        let own = shell.clone();
        let phones = scope.spawn(move || arm::test(&own).and_then(|()| phone::check::check(&own)));
        rust(shell)?;
        step("Kotlin");
        kotlin::test(shell)?;
        join(phones)?;
        step("Swift");
        swift::test(shell)
    })
}

fn join(chore: ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    chore.join().map_err(|_| anyhow!("a chore in the background panicked"))?
}

/// Format, clippy, docs.
pub(crate) fn lint(shell: &Shell) -> Result<()> {
    step("format");
    cmd!(shell, "cargo fmt --all --check").run()?;
    step("clippy");
    cmd!(shell, "cargo clippy --workspace --all-targets --locked -- -D warnings").run()?;
    step("clippy, without the chat feature");
    cmd!(shell, "cargo clippy --package spatz --no-default-features --locked -- -D warnings").run()?;
    step("docs");
    let _flags = shell.push_env("RUSTDOCFLAGS", "-D warnings");
    cmd!(shell, "cargo doc --workspace --no-deps --locked").run()?;
    Ok(())
}

/// Rust tests, the chat model named to them, since half of them would otherwise skip.
pub(crate) fn rust(shell: &Shell) -> Result<()> {
    let _chat = shell.push_env(models::CHAT_VARIABLE, models::chat(shell)?);
    step("Rust tests");
    cmd!(shell, "cargo test {TESTED...} --locked --no-fail-fast").run()?;
    cmd!(shell, "cargo test --package xtask --locked").run()?;
    Ok(())
}
