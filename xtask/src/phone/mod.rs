//! What goes into apps: the façade as a library for each phone, and the sample app around it.
//!
//! Two roads lead to Android. With Google's SDK, [`sdk`] calls cargo-ndk and Gradle, as an app developer would. Without
//! it, here and in CI, [`library`] links the same code against stand-ins ([`unwind`]) and [`apk`] packs a sample app that
//! installs; what the stand-ins cannot promise is checked afterwards ([`elf`], [`bionic`]).

pub(crate) mod apk;
pub(crate) mod apple;
mod bionic;
pub(crate) mod check;
pub(crate) mod elf;
mod flags;
pub(crate) mod library;
mod package;
pub(crate) mod release;
pub(crate) mod sdk;
pub(crate) mod size;
mod unwind;

use anyhow::{Result, bail};

/// The first Android that the library runs on: 8.0. `minSdk` in the Gradle builds says the same.
pub(crate) const API_LEVEL: u32 = 26;

/// What an Android phone of some kind is called by those who have to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abi {
    /// Android's name, a folder in an APK.
    pub(crate) name: &'static str,
    /// Rust's.
    pub(crate) target: &'static str,
    /// Clang's, without the API level.
    pub(crate) clang: &'static str,
    /// The folder of its C headers in Zig's package.
    pub(crate) headers: &'static str,
}

/// Phones, emulators and what is left of 32-bit phones.
pub(crate) const ABIS: [Abi; 3] = [
    Abi {
        name: "arm64-v8a",
        target: "aarch64-linux-android",
        clang: "aarch64-linux-android",
        headers: "aarch64-linux-musl",
    },
    Abi {
        name: "x86_64",
        target: "x86_64-linux-android",
        clang: "x86_64-linux-android",
        headers: "x86_64-linux-musl",
    },
    Abi {
        name: "armeabi-v7a",
        target: "armv7-linux-androideabi",
        clang: "armv7a-linux-androideabi",
        headers: "arm-linux-musl",
    },
];

/// The ABIs called `names`; all if there are none.
pub(crate) fn abis(names: &[String]) -> Result<Vec<Abi>> {
    if names.is_empty() {
        return Ok(ABIS.to_vec());
    }
    names
        .iter()
        .map(|name| match ABIS.iter().find(|abi| abi.name == name) {
            Some(abi) => Ok(*abi),
            None => bail!("there is no ABI {name}; there are {}", ABIS.map(|abi| abi.name).join(", ")),
        })
        .collect()
}

/// Bytes as megabytes of a million.
#[expect(clippy::cast_precision_loss, reason = "shown with two places")]
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}
