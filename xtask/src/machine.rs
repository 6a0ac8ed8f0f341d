//! What chores need to know of the machine they run on, and the Debian packages that they add to it.

use crate::step;
use anyhow::{Context as _, Result, ensure};
use std::env;
use std::path::PathBuf;
use xshell::{Shell, cmd};

pub(crate) fn is_root(shell: &Shell) -> bool {
    cmd!(shell, "id -u").quiet().read().is_ok_and(|id| id.trim() == "0")
}

/// `$XDG_CACHE_HOME/spatz`, or `~/.cache/spatz`.
pub(crate) fn cache_folder() -> Result<PathBuf> {
    let cache = match env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    Ok(cache.join("spatz"))
}

/// Installs Debian's `package` unless `program` is there.
pub(crate) fn install(shell: &Shell, program: &str, package: &str) -> Result<()> {
    // Not all programs know the option, but none runs that is not there.
    if cmd!(shell, "{program} --version")
        .quiet()
        .ignore_status()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_ok()
    {
        return Ok(());
    }
    add_package(shell, program, package)
}

/// Installs Debian's `package`, since `what` is missing.
pub(crate) fn add_package(shell: &Shell, what: &str, package: &str) -> Result<()> {
    ensure!(
        is_root(shell) && cmd!(shell, "apt-get --version").quiet().ignore_stdout().run().is_ok(),
        "`{what}` is missing; install it (Debian's package is `{package}`)"
    );
    step(&format!("installing {package}"));
    cmd!(shell, "apt-get update --quiet=2").run()?;
    cmd!(shell, "apt-get install --quiet=2 --yes --no-install-recommends {package}")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .ignore_stdout()
        .run()?;
    Ok(())
}
