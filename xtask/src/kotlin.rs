//! `cargo xtask kotlin`: the Kotlin wrapper and Android's additions to it, compiled and tested through Maven on this
//! machine's JVM.

use crate::bindings;
use anyhow::bail;
use xshell::{Shell, cmd};

/// Generates, compiles and tests. Every version is pinned, so Maven needs no network after a machine's first run.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    if cmd!(shell, "mvn -version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        bail!(
            "`mvn` is missing: install Maven and a JDK 17 or newer (Debian: apt-get install maven openjdk-17-jdk-headless)"
        );
    }
    let library = bindings::generate(shell)?;
    let model = bindings::model(shell)?;
    let mut options = vec![
        format!("-Dspatz.library.dir={}", library.display()),
        format!("-Dspatz.model={}", model.display()),
    ];
    if let Some(chat) = bindings::chat_model(shell) {
        options.push(format!("-Dspatz.chat.model={}", chat.display()));
    }
    let options = &options;
    for package in ["bindings/kotlin", "android/spatz"] {
        let _package = shell.push_dir(package);
        cmd!(shell, "mvn --batch-mode --no-transfer-progress {options...} test").run()?;
    }
    Ok(())
}
