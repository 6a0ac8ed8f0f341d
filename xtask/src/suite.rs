//! What CI runs, in the order in which failures are cheapest to find.

use crate::{arm, kotlin, models, phone_tree, step, swift};
use anyhow::{Result, anyhow};
use std::thread;
use xshell::{Shell, cmd};

/// Every check. A fresh machine's other toolchains are downloaded while its processor is busy with Rust.
pub(crate) fn all(shell: &Shell) -> Result<()> {
    let own = shell.clone();
    thread::scope(|scope| {
        let toolchains = scope.spawn(move || arm::set_up(&own).and_then(|_| swift::set_up(&own)));
        lint(shell)?;
        phone_tree::check(shell)?;
        rust(shell)?;
        toolchains.join().map_err(|_| anyhow!("setting up toolchains panicked"))??;
        arm::test(shell)?;
        step("Kotlin");
        kotlin::test(shell)?;
        step("Swift");
        swift::test(shell)
    })
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
