//! `cargo xtask kotlin`: the Kotlin wrapper, Android's additions to it and the sample app, compiled and tested through
//! Maven on this machine's JVM.

use crate::machine::install;
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
    // Compiles the sample's resources.
    install(shell, "aapt2", "aapt")?;
    let library = bindings::generate(shell)?;
    let options = &[
        format!("-Dspatz.library.dir={}", library.display()),
        format!("-Dspatz.model={}", models::base(shell)?.display()),
        format!("-Dspatz.chat.model={}", models::chat(shell)?.display()),
    ];
    for package in ["bindings/kotlin", "android"] {
        let _package = shell.push_dir(package);
        cmd!(shell, "mvn --batch-mode --no-transfer-progress {options...} test").run()?;
    }
    Ok(())
}
