//! What CI runs, in the order in which failures are cheapest to find.

use crate::{kotlin, phone_tree, step, swift};
use anyhow::Result;
use xshell::{Shell, cmd};

/// Name of the pretrained model that tests of engine, tokenizer and chat run on.
const CHAT_MODEL: &str = "smollm2-135m-instruct";

/// Every check.
pub(crate) fn all(shell: &Shell) -> Result<()> {
    lint(shell)?;
    phone_tree::check(shell)?;
    rust(shell)?;
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

/// Rust tests; installs the chat model first, since half of them would otherwise skip.
pub(crate) fn rust(shell: &Shell) -> Result<()> {
    step("the chat model that tests run on");
    cmd!(shell, "cargo run --quiet --locked --package spatz-cli -- models get {CHAT_MODEL}").run()?;
    step("Rust tests");
    cmd!(shell, "cargo test --workspace --locked --no-fail-fast").run()?;
    Ok(())
}
