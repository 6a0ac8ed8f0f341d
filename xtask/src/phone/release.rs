//! `cargo xtask release`: everything that is published, checked, with checksums.
//!
//! What this machine can build is built: on a Mac the XCFramework, with Google's SDK the AAR, on Debian the Android
//! libraries as they are and the sample app. A release that has all of it is put together from two machines;
//! `docs/packaging.md` says how.

use super::library::{Contents, FILE, Toolchain};
use super::{ABIS, apk, apple, sdk, size};
use crate::{bindings, step};
use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const SUMS: &str = "SHA256SUMS";

/// Builds, checks and collects below `target/publish`. `url` is where the files will lie.
pub(crate) fn build(shell: &Shell, url: Option<&str>) -> Result<()> {
    let changed = cmd!(shell, "git status --porcelain").quiet().read()?;
    ensure!(changed.is_empty(), "a release is built from a commit; commit or stash:\n{changed}");
    let version = sdk::version(shell)?;
    let out = bindings::target_folder(shell)?.join("publish").join(&version);
    shell.remove_path(&out)?;
    shell.create_dir(&out)?;

    if cfg!(target_os = "macos") {
        let file = format!("SpatzFFI-{version}.xcframework.zip");
        let address = url.map(|url| format!("{}/{file}", url.trim_end_matches('/')));
        let framework = apple::build(shell, address.as_deref(), Contents::Everything)?;
        shell.copy_file(framework, out.join(file))?;
    }
    if sdk::is_installed() {
        for (contents, name) in [(Contents::Keyboard, "spatz-keyboard"), (Contents::Everything, "spatz")] {
            let aar = sdk::build(shell, &[], contents)?;
            shell.copy_file(aar, out.join(format!("{name}-{version}.aar")))?;
        }
    }
    if cfg!(target_os = "linux") {
        size::check(shell)?;
        apk::without_sdk(shell, &[], Contents::Keyboard)?;
        for file in apk::made(shell)? {
            shell.copy_file(&file, &out)?;
        }
        let toolchain = Toolchain::ready(shell)?;
        for (contents, name) in [(Contents::Keyboard, "spatz-keyboard"), (Contents::Everything, "spatz")] {
            let folder = out.join("jniLibs");
            for abi in ABIS {
                let library = toolchain.link(shell, abi, contents)?.stripped;
                shell.create_dir(folder.join(abi.name))?;
                shell.copy_file(library, folder.join(abi.name).join(FILE))?;
            }
            pack_folder(&folder, &out.join(format!("{name}-{version}-android-libraries.zip")))?;
            shell.remove_path(&folder)?;
        }
    }
    for model in shell.read_dir("models")? {
        shell.copy_file(&model, &out)?;
    }
    let sums = sums(&out)?;
    shell.write_file(out.join(SUMS), &sums)?;
    step(&format!("{} has what to publish:\n{sums}", out.display()));
    Ok(())
}

/// A line for every file in `folder`, as `sha256sum --check` reads it.
fn sums(folder: &Path) -> Result<String> {
    let mut lines = String::new();
    for file in files(folder)? {
        let name = file.strip_prefix(folder)?.display();
        writeln!(lines, "{}  {name}", sha256(&file)?)?;
    }
    Ok(lines)
}

/// The SHA-256 of the file at `path`, in hexadecimal.
pub(crate) fn sha256(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}")?;
    }
    Ok(hex)
}

/// Packs `folder` under its own name into the archive `out`: files in order and without their times, so that the same
/// files give the same bytes.
pub(crate) fn pack_folder(folder: &Path, out: &Path) -> Result<()> {
    let parent = folder.parent().context("the folder lies in a folder")?;
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o644);
    let mut archive = ZipWriter::new(File::create(out).with_context(|| out.display().to_string())?);
    for file in files(folder)? {
        archive.start_file_from_path(file.strip_prefix(parent)?, options)?;
        std::io::copy(&mut File::open(&file)?, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}

/// The files below `folder`, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_archive() {
        let folder = std::env::temp_dir().join(format!("spatz-pack-{}", std::process::id()));
        let inside = folder.join("a/b");
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join("two"), "2").unwrap();
        fs::write(folder.join("a/one"), "1").unwrap();
        pack_folder(&folder.join("a"), &folder.join("1.zip")).unwrap();
        fs::write(inside.join("two"), "2").unwrap();
        pack_folder(&folder.join("a"), &folder.join("2.zip")).unwrap();
        assert_eq!(sha256(&folder.join("1.zip")).unwrap(), sha256(&folder.join("2.zip")).unwrap());
        let sums = sums(&folder.join("a")).unwrap();
        assert!(
            sums.starts_with("d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  b/two\n"),
            "{sums}"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
