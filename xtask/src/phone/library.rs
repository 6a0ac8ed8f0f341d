//! The façade as a shared library for Android, linked without Google's SDK.
//!
//! Debian's compiler brings the sources of the standard library, which is built along (`-Zbuild-std`); Debian's clang and
//! lld link. There is no bionic to link against: every symbol may stay open, and [`bionic`] then looks each of them up.
//!
//! Symbols are stripped afterwards: UniFFI reads its metadata from them, and they tell what is large.

use super::flags::{self, Linker, PROFILE};
use super::{API_LEVEL, Abi, bionic, elf, unwind};
use crate::machine::{cache_folder, install};
use crate::{bindings, debian_rust, step};
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// What UniFFI's generated code looks for.
pub(crate) const FILE: &str = "libspatz_bindings.so";
/// From the version of LLVM that links.
const STRIP: &str = "llvm-strip-19";

/// What a library holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Contents {
    /// Prediction and commands; a session says that it is not in.
    Keyboard,
    /// Sessions, too.
    Everything,
}

impl Contents {
    /// A folder's name.
    fn name(self) -> &'static str {
        match self {
            Self::Keyboard => "keyboard",
            Self::Everything => "everything",
        }
    }

    /// Cargo's arguments for it.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Keyboard => &["--no-default-features"],
            Self::Everything => &[],
        }
    }
}

/// One library, twice.
pub(crate) struct Library {
    /// What ships.
    pub(crate) stripped: PathBuf,
    /// What the generator and those who look for what is large read.
    pub(crate) with_symbols: PathBuf,
}

/// The programs that link, set up once for any number of libraries.
pub(crate) struct Toolchain {
    rustc: PathBuf,
    /// The sources of the standard library.
    sources: PathBuf,
    link: PathBuf,
    /// Cargo's folder for all this.
    target: PathBuf,
}

impl Toolchain {
    /// Sets up what is missing (the compiler, its sources and the unwinder are 290 MB to download).
    pub(crate) fn ready(shell: &Shell) -> Result<Self> {
        install(shell, unwind::CLANG, "clang-19")?;
        install(shell, "ld.lld-19", "lld-19")?;
        install(shell, STRIP, "llvm-19")?;
        let cache = cache_folder()?;
        let rustc = debian_rust::ready(shell, &cache.join("debian-rust"))?;
        let sources = debian_rust::sources(shell, &cache.join("debian-rust"))?;
        let link = unwind::ready(shell, &cache.join("android-link"))?;
        Ok(Self { rustc, sources, link, target: bindings::target_folder(shell)?.join("phone") })
    }

    /// Links the library for `abi` and checks that Android will load it.
    pub(crate) fn link(&self, shell: &Shell, abi: Abi, contents: Contents) -> Result<Library> {
        step(&format!("linking {FILE} for {} ({})", abi.name, contents.name()));
        let configuration = self.target.join(abi.name).with_extension("toml");
        shell.create_dir(&self.target)?;
        flags::write(shell, &configuration, Some(&self.linker(abi)), Some(&self.sources))?;
        let (rustc, target, features) = (&self.rustc, abi.target, contents.features());
        // One crate type only: Cargo optimises across crates (LTO) for none if a Rust library is among them.
        cmd!(
            shell,
            "cargo --config {configuration} rustc --locked -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind --package spatz-bindings --lib --crate-type cdylib --profile {PROFILE} --target {target} {features...}"
        )
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &self.target)
        .env("CARGO_PROFILE_MOBILE_STRIP", "none")
        .env("SOURCE_DATE_EPOCH", flags::source_date(shell)?)
        .run()?;
        let folder = self.target.join("lib").join(contents.name()).join(abi.name);
        let library =
            Library { stripped: folder.join(FILE), with_symbols: folder.join("with-symbols").join(FILE) };
        shell.create_dir(folder.join("with-symbols"))?;
        shell.copy_file(self.target.join(target).join(PROFILE).join(FILE), &library.with_symbols)?;
        let Library { stripped, with_symbols } = &library;
        cmd!(shell, "{STRIP} --strip-all {with_symbols} -o {stripped}").run()?;
        check(stripped)?;
        Ok(library)
    }

    fn linker(&self, abi: Abi) -> Linker {
        let arguments = [
            format!("--target={}{API_LEVEL}", abi.clang),
            "-fuse-ld=lld-19".to_owned(),
            "-nostdlib".to_owned(),
            "-Wl,-z,text".to_owned(),
            format!("-L{}", self.link.join(abi.name).display()),
            // The stand-ins for the system's libraries are empty. They are named last and kept, so that the library
            // says that it needs them.
            "-Wl,--unresolved-symbols=ignore-all".to_owned(),
            "-Wl,--no-as-needed".to_owned(),
            "-lc".to_owned(),
            "-lm".to_owned(),
            "-ldl".to_owned(),
        ];
        Linker { abi, program: unwind::CLANG, arguments: arguments.into() }
    }
}

/// Fails if Android would not load `library`, or not find all that it takes from the system.
fn check(library: &Path) -> Result<()> {
    elf::check(&[library.to_owned()])?;
    let imports = elf::symbols(library)?.imports;
    let missing = bionic::missing(&imports);
    ensure!(
        missing.is_empty(),
        "{} takes from the system what xtask/src/phone/bionic.txt does not list: {}; if bionic's libc.map.txt, libm.map.txt or libdl.map.txt has it without `introduced=` above {API_LEVEL}, add it there",
        library.display(),
        missing.join(" ")
    );
    Ok(())
}

/// Fails unless `library` offers every function that the generated Kotlin binds.
pub(crate) fn check_bound(shell: &Shell, library: &Path) -> Result<()> {
    let source = shell.read_file("bindings/generated/kotlin/dev/spatz/ffi/spatz_bindings.kt")?;
    let exports = elf::symbols(library)?.exports;
    let bound: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim_start().split_once("external fun ")?.1.split('(').next())
        .filter(|name| name.contains("spatz_bindings"))
        .collect();
    ensure!(!bound.is_empty(), "the generated Kotlin binds no function: has UniFFI's output changed?");
    let missing: Vec<&str> =
        bound.iter().filter(|name| !exports.iter().any(|export| export == *name)).copied().collect();
    ensure!(missing.is_empty(), "{} lacks {}", library.display(), missing.join(" "));
    Ok(())
}

/// The size of the file at `path`.
pub(crate) fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| path.display().to_string())?.len())
}
