//! `cargo xtask apple`: the façade as an XCFramework for iPhones, their simulator and Macs. Needs a Mac with Xcode.
//!
//! Beside sources, `bindings/swift/SpatzFFI.xcframework` is what `Package.swift` links. For a release it is packed, and
//! `--url` writes where it will lie, and its checksum, into `Package.swift`.

use super::flags::{self, APPLE, PROFILE};
use super::library::Contents;
use super::release::{pack_folder, sha256};
use crate::{bindings, step};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

const FRAMEWORK: &str = "bindings/swift/SpatzFFI.xcframework";
const PACKAGE: &str = "bindings/swift/Package.swift";
const ARCHIVE: &str = "libspatz_bindings.a";
/// The line of `Package.swift` that names a release.
const RELEASE: &str = "    let release: (url: String, checksum: String)? = ";

/// The parts of the framework, and the targets that each joins.
const SLICES: [(&str, &[&str]); 3] = [
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
];

/// Builds the framework, packs it and returns the archive.
pub(crate) fn build(shell: &Shell, url: Option<&str>, contents: Contents) -> Result<PathBuf> {
    check_machine(shell)?;
    bindings::generate(shell)?;
    let target_folder = bindings::target_folder(shell)?;
    let out = target_folder.join("apple");
    shell.remove_path(&out)?;
    shell.create_dir(&out)?;

    let configuration = target_folder.join("apple.toml");
    flags::write(shell, &configuration, None, None)?;
    let features = contents.features();
    for target in APPLE {
        step(&format!("the library for {target}"));
        // One crate type only: Cargo optimises across crates (LTO) for none if a Rust library is among them.
        cmd!(
            shell,
            "cargo --config {configuration} rustc --locked --package spatz-bindings --lib --crate-type staticlib --profile {PROFILE} --target {target} {features...}"
        )
        // As Package.swift says.
        .env("IPHONEOS_DEPLOYMENT_TARGET", "16.0")
        .env("MACOSX_DEPLOYMENT_TARGET", "13.0")
        .env("SOURCE_DATE_EPOCH", flags::source_date(shell)?)
        // Apple's `ar` and `ranlib` otherwise write the time.
        .env("ZERO_AR_DATE", "1")
        .run()?;
    }

    let headers = headers(shell, &out)?;
    let mut arguments = Vec::new();
    for (slice, targets) in SLICES {
        let archives: Vec<PathBuf> =
            targets.iter().map(|target| target_folder.join(target).join(PROFILE).join(ARCHIVE)).collect();
        let joined = out.join(slice).join(ARCHIVE);
        shell.create_dir(out.join(slice))?;
        cmd!(shell, "lipo -create {archives...} -output {joined}").run()?;
        arguments.extend(["-library".into(), joined, "-headers".into(), headers.clone()]);
    }
    shell.remove_path(FRAMEWORK)?;
    cmd!(shell, "xcodebuild -create-xcframework {arguments...} -output {FRAMEWORK}").run()?;

    let archive = out.join("SpatzFFI.xcframework.zip");
    pack_folder(&shell.current_dir().join(FRAMEWORK), &archive)?;
    let checksum = sha256(&archive)?;
    let package = shell.read_file(PACKAGE)?;
    let release = url.map(|url| (url, checksum.as_str()));
    shell.write_file(PACKAGE, released(&package, release)?)?;
    step(&format!("{}, checksum {checksum}", archive.display()));
    Ok(archive)
}

/// The C header and its module map, in a folder named like the module: two frameworks with a map at the same place would
/// overwrite each other in an app.
fn headers(shell: &Shell, out: &Path) -> Result<PathBuf> {
    let headers = out.join("headers");
    let module = headers.join("SpatzFFI");
    shell.create_dir(&module)?;
    shell.copy_file("bindings/swift/Generated/SpatzFFI/SpatzFFI.h", module.join("SpatzFFI.h"))?;
    // Linked by the framework, so unlike the map for Linux it names no library.
    shell.write_file(
        module.join("module.modulemap"),
        "module SpatzFFI {\n    header \"SpatzFFI.h\"\n    export *\n}\n",
    )?;
    Ok(headers)
}

/// `package` with its line on the release set to URL and checksum, or to none.
fn released(package: &str, release: Option<(&str, &str)>) -> Result<String> {
    let line = package
        .lines()
        .find(|line| line.starts_with(RELEASE))
        .with_context(|| format!("{PACKAGE} has no line `{}…`", RELEASE.trim()))?;
    let value = match release {
        Some((url, checksum)) => format!("(\"{url}\", \"{checksum}\")"),
        None => "nil".to_owned(),
    };
    Ok(package.replace(line, &format!("{RELEASE}{value}")))
}

/// Says what is missing before half an hour is spent.
fn check_machine(shell: &Shell) -> Result<()> {
    ensure!(
        cfg!(target_os = "macos"),
        "an XCFramework is made by Xcode, on a Mac; on other machines `cargo xtask phones` checks that the code compiles for iPhones"
    );
    ensure!(
        cmd!(shell, "xcodebuild -version").quiet().ignore_stdout().ignore_stderr().run().is_ok(),
        "Xcode is missing: install it and run `xcode-select --switch` with its folder"
    );
    let mut missing = Vec::new();
    for target in APPLE {
        let folder = cmd!(shell, "rustc --print target-libdir --target {target}").quiet().read()?;
        if !Path::new(&folder).is_dir() {
            missing.push(target);
        }
    }
    ensure!(missing.is_empty(), "targets are missing: rustup target add {}", missing.join(" "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_written_and_taken_back() {
        let package = format!("#else\n{RELEASE}nil\n    let ffi = 1\n#endif\n");
        let with = released(&package, Some(("https://example.org/a.zip", "abc"))).unwrap();
        assert!(with.contains("= (\"https://example.org/a.zip\", \"abc\")\n    let ffi"), "{with}");
        assert_eq!(released(&with, None).unwrap(), package);
        assert!(released("let package", None).is_err());
    }

    #[test]
    fn the_package_has_the_line() {
        assert!(released(include_str!("../../../bindings/swift/Package.swift"), None).is_ok());
    }
}
