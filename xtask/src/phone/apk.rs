//! `cargo xtask android --no-sdk`: the libraries for Android and the sample app, without Google's SDK.
//!
//! ```text
//! target/phone/lib/{keyboard,everything}/ABI/libspatz_bindings.so
//! target/phone/apk/spatz-sample-ABI.apk        the model for the keyboard; what has to stay small
//! target/phone/apk/spatz-sample-full-ABI.apk   the model for commands, too
//! ```
//!
//! An APK holds one ABI: a second would be dead weight on every phone, and stores deliver it so from a bundle. Libraries
//! and models are stored, not compressed, because they are mapped where they lie. The sample has no chat, so its library
//! leaves sessions out.

use super::library::{Contents, FILE, Toolchain, check_bound, size};
use super::package::{self, Parts};
use super::{Abi, abis, elf, megabytes};
use crate::machine::install;
use crate::{bindings, models, step};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// What Maven makes.
const MAVEN: &str = "android/build/maven-apk";
/// The asset that the smaller APK leaves out.
const ENCODER: &str = "assets/spatz-sentence.gguf";
/// The most that an APK with the keyboard's model may have.
const LIMIT: u64 = 30_000_000;

/// Links for the ABIs called `names` (all if empty) and packs the sample app with that.
pub(crate) fn without_sdk(shell: &Shell, names: &[String], contents: Contents) -> Result<()> {
    let abis = abis(names)?;
    models::base(shell)?;
    for (program, package) in [
        ("mvn", "maven"),
        ("aapt2", "aapt"),
        ("zipalign", "zipalign"),
        ("apksigner", "apksigner"),
        ("keytool", "openjdk-17-jdk-headless"),
    ] {
        install(shell, program, package)?;
    }
    let toolchain = Toolchain::ready(shell)?;
    let mut libraries = Vec::new();
    for abi in abis {
        let library = toolchain.link(shell, abi, contents)?;
        // What Kotlin binds is the same for every ABI.
        if libraries.is_empty() {
            bindings::kotlin(shell, &library.with_symbols)?;
        }
        check_bound(shell, &library.stripped)?;
        libraries.push((abi, library.stripped));
    }
    step("the sample app's code and resources");
    cmd!(shell, "mvn --batch-mode --no-transfer-progress --quiet --file android/apk package").run()?;
    let out = bindings::target_folder(shell)?.join("phone/apk");
    for (abi, library) in libraries {
        pack(shell, abi, &library, contents, &out)?;
    }
    Ok(())
}

/// Both APKs for one ABI.
fn pack(shell: &Shell, abi: Abi, library: &Path, contents: Contents, out: &Path) -> Result<()> {
    let maven = shell.current_dir().join(MAVEN);
    let mut libraries = package::libraries_of(&maven.join("aars/jna.aar"), abi.name)?;
    for (name, bytes) in &libraries {
        let name = format!("JNA's {name} for {}", abi.name);
        ensure!(
            elf::check_bytes(&name, bytes)?,
            "Android would not load {name}; take another version of JNA"
        );
    }
    let bytes = fs::read(library).with_context(|| library.display().to_string())?;
    libraries.push((FILE.to_owned(), bytes));
    for (name, _) in &mut libraries {
        *name = format!("lib/{}/{name}", abi.name);
    }

    let whole: &[&str] = &[];
    for (kind, without) in [("", &[ENCODER][..]), ("full-", whole)] {
        let apk = out.join(format!("spatz-sample-{kind}{}.apk", abi.name));
        let parts = Parts {
            resources: &maven.join("resources.apk"),
            without,
            dex: &maven.join("classes.dex"),
            jar: &maven.join("shrunk.jar"),
            libraries: &libraries,
        };
        package::pack(shell, &parts, &apk)?;
        package::check(shell, &apk, abi.name)?;
        let bytes = size(&apk)?;
        step(&format!("{}: {}", apk.display(), megabytes(bytes)));
        if contents == Contents::Keyboard && without.contains(&ENCODER) {
            ensure!(
                bytes <= LIMIT,
                "{} has {}, more than {}; see what is large with: unzip -v",
                apk.display(),
                megabytes(bytes),
                megabytes(LIMIT)
            );
        }
    }
    Ok(())
}

/// The APKs that [`without_sdk`] has made.
pub(crate) fn made(shell: &Shell) -> Result<Vec<PathBuf>> {
    let mut files = shell.read_dir(bindings::target_folder(shell)?.join("phone/apk"))?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "apk"));
    Ok(files)
}
