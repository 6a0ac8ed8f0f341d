//! The models that the suites run on.

use crate::suite::TESTED;
use crate::{bindings, step};
use anyhow::{Result, ensure};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// Tests of engine, tokenizer and chat run on it.
const CHAT: &str = "smollm2-135m-instruct";

/// Names the chat model to tests.
pub(crate) const CHAT_VARIABLE: &str = "SPATZ_CHAT_MODEL";

/// The package with a lexicon: `SPATZ_MODEL`, or the one that ships.
pub(crate) fn base(shell: &Shell) -> Result<PathBuf> {
    let path = std::env::var_os("SPATZ_MODEL").unwrap_or_else(|| "models/spatz-base.gguf".into());
    let path = shell.current_dir().join(path);
    ensure!(
        path.is_file(),
        "there is no model at {}; set SPATZ_MODEL to a package with a lexicon",
        path.display()
    );
    Ok(path)
}

/// The large package that ships.
pub(crate) fn large(shell: &Shell) -> PathBuf {
    shell.current_dir().join("models/spatz-large.gguf")
}

/// The chat model: `SPATZ_CHAT_MODEL`, or a known one, installed if it is not yet.
pub(crate) fn chat(shell: &Shell) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(CHAT_VARIABLE) {
        return Ok(shell.current_dir().join(path));
    }
    step("the chat model that tests run on");
    // As what the tests run: any other choice of features compiles candle once more.
    cmd!(shell, "cargo test --quiet --locked {TESTED...} --test end_to_end --no-run").run()?;
    let spatz = bindings::target_folder(shell)?.join("debug/spatz");
    cmd!(shell, "{spatz} models get {CHAT}").run()?;
    Ok(PathBuf::from(cmd!(shell, "{spatz} models path {CHAT}").quiet().read()?))
}
