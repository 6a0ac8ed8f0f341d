//! What CI runs, in the order in which failures are cheapest to find.

use crate::{arm, kotlin, models, phone_tree, step, swift};
use anyhow::Result;
use xshell::{Shell, cmd};

/// Every check.
pub(crate) fn all(shell: &Shell) -> Result<()> {
    lint(shell)?;
    phone_tree::check(shell)?;
    rust(shell)?;
    arm::test(shell)?;
    step("Kotlin");
    kotlin::test(shell)?;
    step("Swift");
    swift::test(shell)
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
    cmd!(shell, "cargo test --workspace --locked --no-fail-fast").run()?;
    Ok(())
}
