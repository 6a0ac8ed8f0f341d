//! `cargo xtask bindings`: everything that the Kotlin and Swift packages take from Rust.
//!
//! ```text
//! bindings/generated/lib          the façade, built for this machine
//! bindings/generated/kotlin       package dev.spatz.ffi, internal to the wrapper
//! bindings/generated/conformance  tests/conformance/*.toml as JSON
//! bindings/swift/Generated        targets SpatzFFI (C) and SpatzGenerated (inside the package: SwiftPM demands it)
//! ```
//!
//! None of it is committed: it follows from the façade's source. It is generated from the debug library, since a
//! stripped one has lost UniFFI's metadata.

use crate::step;
use crate::suite::TESTED;
use anyhow::{Context as _, ensure};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use uniffi::{GenerateOptions, SwiftBindingsOptions, TargetLanguage, generate_swift_bindings};
use xshell::{Shell, cmd};

const GENERATED: &str = "bindings/generated";
/// Of `bindings/tests`.
const TEST: &str = "api";
const SWIFT: &str = "bindings/swift/Generated";

/// Builds and generates. Returns the folder of the library, which is absolute.
pub(crate) fn generate(shell: &Shell) -> anyhow::Result<PathBuf> {
    let library = build(shell)?;
    kotlin(shell, &library)?;
    swift(shell, &library)?;
    let cases = vectors(shell)?;
    step(&format!("generated Kotlin, Swift and {cases} conformance cases from {}", library.display()));
    library.parent().map(Path::to_owned).context("the library lies in a folder")
}

/// Builds the façade for this machine and puts it where both packages look for it.
fn build(shell: &Shell) -> anyhow::Result<PathBuf> {
    // As a dependency of its own test, among all that is tested: so Cargo takes what the Rust tests have compiled. Without the
    // features of the tests' dependencies, candle and our own crates would be compiled once more.
    let format = "--message-format=json-render-diagnostics";
    let messages = cmd!(shell, "cargo test --locked {TESTED...} --test {TEST} --no-run {format}").read()?;
    let built = messages.lines().find_map(library).context("Cargo says where the façade's library is")?;
    let folder = shell.current_dir().join(GENERATED).join("lib");
    let library = folder.join(format!("{DLL_PREFIX}spatz_bindings{DLL_SUFFIX}"));
    shell.create_dir(&folder)?;
    // The old file may be mapped by a running test: replace it, never write into it.
    let fresh = library.with_extension("new");
    shell.copy_file(built, &fresh)?;
    std::fs::rename(&fresh, &library)?;
    Ok(library)
}

/// The façade's shared library, if this message of Cargo's tells of it.
fn library(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_facade = message["target"]["name"] == "spatz_bindings" && message["profile"]["test"] == false;
    let files = message["filenames"].as_array().filter(|_| is_facade)?;
    files.iter().filter_map(|file| file.as_str()).find(|file| file.ends_with(DLL_SUFFIX)).map(PathBuf::from)
}

pub(crate) fn target_folder(shell: &Shell) -> anyhow::Result<PathBuf> {
    let metadata = cmd!(shell, "cargo metadata --format-version 1 --no-deps --locked").quiet().read()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let folder = metadata["target_directory"].as_str().context("cargo metadata gives target_directory")?;
    Ok(PathBuf::from(folder))
}

/// Generates Kotlin from `library`, which may be for any machine and has its symbols.
pub(crate) fn kotlin(shell: &Shell, library: &Path) -> anyhow::Result<()> {
    let folder = shell.current_dir().join(GENERATED).join("kotlin");
    shell.remove_path(&folder)?;
    uniffi::generate(GenerateOptions {
        languages: vec![TargetLanguage::Kotlin],
        source: utf8(library)?.into(),
        out_dir: utf8(&folder)?.into(),
        config_override: Some("uniffi.toml".into()),
        ..GenerateOptions::default()
    })?;
    let file = folder.join("dev/spatz/ffi/spatz_bindings.kt");
    let source = shell.read_file(&file).context("uniffi.toml says where Kotlin is generated")?;
    shell.write_file(&file, internal(&source))?;
    Ok(())
}

/// Makes every top-level declaration of generated Kotlin `internal`, so that apps see the wrapper only. UniFFI has no
/// switch for it.
fn internal(kotlin: &str) -> String {
    const DECLARATIONS: [&str; 12] = [
        "abstract ",
        "class ",
        "const ",
        "data ",
        "enum ",
        "fun ",
        "inline ",
        "interface ",
        "object ",
        "open ",
        "sealed ",
        "val ",
    ];
    // Functions of no object stand indented behind their annotation.
    const FUNCTION: &str = "    @Throws(SpatzException::class) fun ";
    let mut out = String::with_capacity(kotlin.len() + 2048);
    for line in kotlin.lines() {
        if let Some(rest) = line.strip_prefix(FUNCTION) {
            out.push_str("    @Throws(SpatzException::class) internal fun ");
            out.push_str(rest);
            out.push('\n');
            continue;
        }
        let bare = line.strip_prefix("public ").unwrap_or(line);
        if DECLARATIONS.iter().chain(&["typealias ", "var "]).any(|word| bare.starts_with(word)) {
            out.push_str("internal ");
            out.push_str(bare);
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

fn swift(shell: &Shell, library: &Path) -> anyhow::Result<()> {
    let package = shell.current_dir().join(SWIFT);
    shell.remove_path(&package)?;
    let generate = |target: &str, options: SwiftBindingsOptions| -> anyhow::Result<()> {
        let out_dir = package.join(target);
        generate_swift_bindings(SwiftBindingsOptions {
            source: utf8(library)?.into(),
            out_dir: utf8(&out_dir)?.into(),
            config: Some("uniffi.toml".into()),
            ..options
        })
    };
    generate("SpatzGenerated", SwiftBindingsOptions { generate_swift_sources: true, ..empty() })?;
    generate("SpatzFFI", SwiftBindingsOptions { generate_headers: true, ..empty() })?;
    shell.write_file(
        package.join("SpatzFFI/module.modulemap"),
        "module SpatzFFI {\n    header \"SpatzFFI.h\"\n    link \"spatz_bindings\"\n    export *\n}\n",
    )?;
    Ok(())
}

fn empty() -> SwiftBindingsOptions {
    SwiftBindingsOptions {
        generate_swift_sources: false,
        generate_headers: false,
        generate_modulemap: false,
        source: "".into(),
        out_dir: "".into(),
        xcframework: false,
        module_name: None,
        modulemap_filename: None,
        metadata_no_deps: true,
        link_frameworks: Vec::new(),
        config: None,
    }
}

/// Writes `tests/conformance/*.toml` as JSON, which Kotlin and Swift read without another dependency. Returns the
/// number of cases.
fn vectors(shell: &Shell) -> anyhow::Result<usize> {
    let folder = shell.current_dir().join(GENERATED).join("conformance");
    shell.remove_path(&folder)?;
    shell.create_dir(&folder)?;
    let mut cases = 0;
    for path in shell.read_dir("tests/conformance").unwrap_or_default() {
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = shell.read_file(&path)?;
        let table: toml::Table = text.parse().with_context(|| path.display().to_string())?;
        let of_file = table.get("case").and_then(toml::Value::as_array).map_or(0, Vec::len);
        ensure!(of_file > 0, "{} has no [[case]]", path.display());
        cases += of_file;
        let json = serde_json::to_string_pretty(&json(toml::Value::Table(table)))?;
        let name = path.file_stem().context("a vector file has a name")?;
        shell.write_file(folder.join(name).with_extension("json"), json)?;
    }
    Ok(cases)
}

/// TOML as JSON; dates, which JSON lacks, as their text.
fn json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(boolean) => boolean.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Table(table) => {
            serde_json::Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
    }
}

fn utf8(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is not UTF-8, which UniFFI needs", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_internal(kotlin: &str, expected: &str) {
        assert_eq!(internal(kotlin), expected);
    }

    #[test]
    fn top_level_declarations_become_internal() {
        check_internal("public object A {\n    fun b() {}\n}\n", "internal object A {\n    fun b() {}\n}\n");
        check_internal("data class A(\n", "internal data class A(\n");
        check_internal("sealed class A: Exception() {\n", "internal sealed class A: Exception() {\n");
        check_internal("private class A\nimport b\n", "private class A\nimport b\n");
        check_internal(
            "    @Throws(SpatzException::class) fun `a`(): Int {\n",
            "    @Throws(SpatzException::class) internal fun `a`(): Int {\n",
        );
    }

    #[test]
    fn toml_keeps_its_values_in_json() {
        let table: toml::Table =
            "day = 2026-11-24\n[[case]]\nsay = \"ja\"\nn = 2\nx = 1.5\nyes = true\n".parse().unwrap();
        let expected = serde_json::json!({ "day": "2026-11-24", "case": [{ "say": "ja", "n": 2, "x": 1.5, "yes": true }] });
        assert_eq!(json(toml::Value::Table(table)), expected);
    }
}
