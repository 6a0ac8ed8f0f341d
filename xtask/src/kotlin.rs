//! `cargo xtask kotlin`: the Kotlin wrapper and Android's additions to it, compiled and tested through Maven on this
//! machine's JVM.

use crate::{bindings, models};
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
    let options = &[
        format!("-Dspatz.library.dir={}", library.display()),
        format!("-Dspatz.model={}", models::base(shell)?.display()),
        format!("-Dspatz.chat.model={}", models::chat(shell)?.display()),
    ];
    for package in ["bindings/kotlin", "android/spatz"] {
        let _package = shell.push_dir(package);
        cmd!(shell, "mvn --batch-mode --no-transfer-progress {options...} test").run()?;
    }
    Ok(())
}
