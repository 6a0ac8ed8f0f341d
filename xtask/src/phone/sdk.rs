//! `cargo xtask android`: the library (AAR) and the sample app with Google's SDK, as app developers build them.

use super::flags::{self, PROFILE};
use super::library::{Contents, FILE, check_bound};
use super::{API_LEVEL, Abi, abis, elf};
use crate::{bindings, step};
use anyhow::{Context as _, Result, bail, ensure};
use std::env;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Where Gradle looks for libraries.
const LIBRARIES: &str = "android/spatz/src/main/jniLibs";
/// What Gradle makes of them.
const AAR: &str = "android/spatz/build/outputs/aar/spatz-release.aar";

/// Builds for the ABIs called `names` (all if empty) and returns the AAR.
pub(crate) fn build(shell: &Shell, names: &[String], contents: Contents) -> Result<PathBuf> {
    let abis = abis(names)?;
    check_machine(shell, &abis)?;
    bindings::generate(shell)?;

    let configuration = bindings::target_folder(shell)?.join("android-sdk.toml");
    flags::write(shell, &configuration, None, None)?;
    // What an earlier build left for other ABIs would be packed, too.
    shell.remove_path(LIBRARIES)?;
    let targets: Vec<&str> = abis.iter().flat_map(|abi| ["--target", abi.name]).collect();
    let platform = API_LEVEL.to_string();
    let features = contents.features();
    step("the library for Android");
    // One crate type only: Cargo optimises across crates (LTO) for none if a Rust library is among them.
    cmd!(
        shell,
        "cargo ndk {targets...} --platform {platform} --output-dir {LIBRARIES} rustc --locked --config {configuration} --package spatz-bindings --lib --crate-type cdylib --profile {PROFILE} {features...}"
    )
    .env("SOURCE_DATE_EPOCH", flags::source_date(shell)?)
    .run()?;
    for abi in &abis {
        let library = shell.current_dir().join(LIBRARIES).join(abi.name).join(FILE);
        elf::check(std::slice::from_ref(&library))?;
        check_bound(shell, &library)?;
    }

    step("Gradle");
    cmd!(shell, "gradle --project-dir android --console plain :spatz:assembleRelease :sample:assembleDebug")
        .run()?;
    let aar = shell.current_dir().join(AAR);
    ensure!(aar.is_file(), "Gradle made no {}; see its output above", aar.display());
    step(&format!(
        "{} is the library; the sample app lies below android/sample/build/outputs",
        aar.display()
    ));
    Ok(aar)
}

/// Says what is missing before an hour is spent.
fn check_machine(shell: &Shell, abis: &[Abi]) -> Result<()> {
    let sdk = env::var_os("ANDROID_HOME").or_else(|| env::var_os("ANDROID_SDK_ROOT")).map(PathBuf::from);
    let Some(sdk) = sdk.filter(|sdk| sdk.is_dir()) else {
        bail!(
            "Android's SDK is missing: install it with Android Studio and set ANDROID_HOME to its folder; without it, `cargo xtask android --no-sdk` links the libraries and packs the sample app"
        );
    };
    ensure!(
        ndk(&sdk).is_some(),
        "Android's NDK is missing: `sdkmanager --install 'ndk;28.2.13676358'` puts it below {}, or set ANDROID_NDK_HOME",
        sdk.join("ndk").display()
    );
    let runs = |program: &str, argument: &str| {
        cmd!(shell, "{program} {argument} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok()
    };
    ensure!(runs("cargo", "ndk"), "cargo-ndk is missing: cargo install cargo-ndk");
    ensure!(runs("gradle", "--quiet"), "`gradle` is missing: install Gradle 8.13 or newer");
    for abi in abis {
        let target = abi.target;
        let folder = cmd!(shell, "rustc --print target-libdir --target {target}").quiet().read()?;
        ensure!(
            Path::new(&folder).is_dir(),
            "Rust's standard library for {} is missing: rustup target add {target}",
            abi.name
        );
    }
    Ok(())
}

/// The NDK where cargo-ndk looks for it.
fn ndk(sdk: &Path) -> Option<PathBuf> {
    let named = ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT", "NDK_HOME"];
    let named = named.iter().filter_map(env::var_os).map(PathBuf::from).find(|ndk| ndk.is_dir());
    named.or_else(|| {
        let mut versions = std::fs::read_dir(sdk.join("ndk")).ok()?;
        versions.find_map(|version| Some(version.ok()?.path()))
    })
}

/// Whether this machine has Google's SDK.
pub(crate) fn is_installed() -> bool {
    ["ANDROID_HOME", "ANDROID_SDK_ROOT"].iter().filter_map(env::var_os).any(|sdk| Path::new(&sdk).is_dir())
}

/// The version of the crates, as Cargo knows it.
pub(crate) fn version(shell: &Shell) -> Result<String> {
    let metadata = cmd!(shell, "cargo metadata --format-version 1 --no-deps --locked").quiet().read()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata gives packages")?;
    let facade = packages.iter().find(|package| package["name"] == "spatz-bindings");
    let version = facade.and_then(|package| package["version"].as_str());
    version.map(str::to_owned).context("cargo metadata gives the version of spatz-bindings")
}
