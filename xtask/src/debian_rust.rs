//! Debian's Rust compiler in a folder of its own, with the standard library of 64-bit ARM beside the host's.
//!
//! Where the installed toolchain brings no standard library for a phone's processor and `rustup` cannot fetch one,
//! Debian's packages (`rustc-web`, 1.96) can: they are downloaded with this machine's own mirrors and keys, unpacked
//! and never installed, so the machine's compiler stays what it is. With [`sources`] it builds the standard library of
//! any other target, too.

use crate::step;
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

const PACKAGES: [&str; 6] = [
    "rustc-web",
    "libllvm22",
    "libstd-rust-web-1.96",
    "libstd-rust-web-dev",
    "libstd-rust-web-1.96:arm64",
    "libstd-rust-web-dev:arm64",
];
/// The standard library's sources, of the same version.
const SOURCES: &str = "rust-web-src";
/// Written last: a folder without it is a set-up that was interrupted.
const MARK: &str = "ready";
/// Likewise for the sources.
const SOURCES_MARK: &str = "sources";

/// The compiler's path, set up below `folder` if it is not there (145 MB to download, 700 MB on disk, half a minute).
pub(crate) fn ready(shell: &Shell, folder: &Path) -> Result<PathBuf> {
    let rustc = folder.join("rustc");
    if !folder.join(MARK).is_file() {
        set_up(shell, folder, &rustc)
            .with_context(|| format!("Debian's Rust could not be set up in {}", folder.display()))?;
    }
    Ok(rustc)
}

/// Adds the standard library's sources to the compiler in `folder` (45 MB to download, 70 MB on disk) and returns where
/// they are.
pub(crate) fn sources(shell: &Shell, folder: &Path) -> Result<PathBuf> {
    let root = folder.join("root");
    if !folder.join(SOURCES_MARK).is_file() {
        step(&format!("unpacking Rust's sources in {}", folder.display()));
        unpack(shell, folder, &[SOURCES])
            .with_context(|| format!("Rust's sources could not be set up in {}", folder.display()))?;
        let rustc = folder.join("rustc");
        let version = cmd!(shell, "{rustc} --version").quiet().read()?;
        let version = version.split_whitespace().nth(1).unwrap_or_default();
        ensure!(
            root.join("usr/src").join(format!("rustc-{version}")).is_dir(),
            "{SOURCES} is not the compiler's version, {version}; delete {} and try again",
            folder.display()
        );
        // The compiler's and its tools' are 300 MB that nobody reads.
        for package in shell.read_dir(root.join("usr/src"))? {
            shell.remove_path(package.join("compiler"))?;
            shell.remove_path(package.join("src"))?;
        }
        shell.write_file(folder.join(SOURCES_MARK), "")?;
    }
    Ok(root.join("usr/lib/rustlib/src/rust"))
}

fn set_up(shell: &Shell, folder: &Path, rustc: &Path) -> Result<()> {
    ensure!(
        cmd!(shell, "apt-get --version").quiet().ignore_stdout().ignore_stderr().run().is_ok(),
        "that needs a Debian machine; elsewhere `cargo xtask arm` wants `rustup target add aarch64-unknown-linux-gnu`, and `cargo xtask android` Google's SDK"
    );
    step(&format!("unpacking Debian's Rust in {}: half a minute and 700 MB", folder.display()));
    shell.remove_path(folder)?;
    unpack(shell, folder, &PACKAGES)?;
    let root = folder.join("root");
    let root = root.display();
    shell.write_file(
        rustc,
        format!(
            "#!/bin/sh\nLD_LIBRARY_PATH={root}/usr/lib/x86_64-linux-gnu exec {root}/usr/bin/rustc \"$@\"\n"
        ),
    )?;
    cmd!(shell, "chmod +x {rustc}").run()?;
    cmd!(shell, "{rustc} --version").ignore_stdout().run()?;
    shell.write_file(folder.join(MARK), "")?;
    Ok(())
}

/// Downloads `packages` and unpacks them into `folder`/root.
fn unpack(shell: &Shell, folder: &Path, packages: &[&str]) -> Result<()> {
    let (lists, root) = (folder.join("lists"), folder.join("root"));
    shell.create_dir(lists.join("partial"))?;
    shell.create_dir(&root)?;
    // Lists of our own, since the machine's know one architecture only.
    let options = &[
        "-o".to_owned(),
        "APT::Architectures::=amd64".to_owned(),
        "-o".to_owned(),
        "APT::Architectures::=arm64".to_owned(),
        "-o".to_owned(),
        format!("Dir::State::lists={}", lists.display()),
        "-o".to_owned(),
        "APT::Sandbox::User=root".to_owned(),
    ];
    cmd!(shell, "apt-get {options...} --quiet=2 update").run()?;
    let _folder = shell.push_dir(folder);
    cmd!(shell, "apt-get {options...} --quiet=2 download {packages...}").run()?;
    for package in shell.read_dir(folder)? {
        if package.extension().is_some_and(|extension| extension == "deb") {
            cmd!(shell, "dpkg-deb --extract {package} {root}").run()?;
            shell.remove_path(&package)?;
        }
    }
    shell.remove_path(&lists)?;
    Ok(())
}
