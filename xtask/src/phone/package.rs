//! An APK, from the parts that Maven made and the libraries: packed, aligned, signed, and checked entry by entry.

use crate::machine::cache_folder;
use anyhow::{Context as _, Result, bail, ensure};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Android maps a library where it lies in the APK, so it has to lie on a page.
const PAGE: u64 = 16384;
/// The same for zipalign.
const PAGE_TEXT: &str = "16384";

/// What goes into an APK.
pub(crate) struct Parts<'a> {
    /// aapt2's archive: manifest, resources, assets.
    pub(crate) resources: &'a Path,
    /// The assets among them to leave out, as names in the archive.
    pub(crate) without: &'a [&'a str],
    pub(crate) dex: &'a Path,
    /// Class files whose `META-INF/services` the code looks into.
    pub(crate) jar: &'a Path,
    /// Libraries by their names in the archive.
    pub(crate) libraries: &'a [(String, Vec<u8>)],
}

/// Packs `parts`, aligns and signs them as `out`.
pub(crate) fn pack(shell: &Shell, parts: &Parts<'_>, out: &Path) -> Result<()> {
    let (loose, aligned) = (out.with_extension("loose"), out.with_extension("aligned"));
    shell.create_dir(out.parent().context("an APK lies in a folder")?)?;
    write(parts, &loose).with_context(|| loose.display().to_string())?;
    cmd!(shell, "zipalign -f {PAGE_TEXT} {loose} {aligned}").env("LC_ALL", "C").quiet().run()?;
    let key = debug_key(shell)?;
    shell.remove_path(out)?;
    cmd!(shell, "apksigner sign --ks {key} --ks-pass pass:android --min-sdk-version 26 --v1-signing-enabled false --v2-signing-enabled true --v3-signing-enabled true --v4-signing-enabled false --out {out} {aligned}")
        .quiet()
        .run()?;
    for file in [&loose, &aligned] {
        shell.remove_path(file)?;
    }
    Ok(())
}

fn write(parts: &Parts<'_>, path: &Path) -> Result<()> {
    // The default time of an entry is the same everywhere.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut apk = ZipWriter::new(File::create(path)?);
    let mut resources = open(parts.resources)?;
    for index in 0..resources.len() {
        let entry = resources.by_index_raw(index)?;
        if !parts.without.contains(&&*entry.name()?) {
            apk.raw_copy_file(entry)?;
        }
    }
    apk.start_file("classes.dex", packed)?;
    std::io::copy(&mut File::open(parts.dex)?, &mut apk)?;
    let mut jar = open(parts.jar)?;
    for index in 0..jar.len() {
        let mut entry = jar.by_index(index)?;
        let name = entry.name()?.into_owned();
        if entry.is_file() && name.starts_with("META-INF/services/") {
            apk.start_file(name, packed)?;
            std::io::copy(&mut entry, &mut apk)?;
        }
    }
    for (name, bytes) in parts.libraries {
        apk.start_file(name.as_str(), stored)?;
        apk.write_all(bytes)?;
    }
    apk.finish()?;
    Ok(())
}

/// Fails unless `apk` is what an Android phone installs and the manifest promises: the right ABI, signed, no network, no
/// code that the oldest Android cannot link, libraries and models mapped where they lie.
pub(crate) fn check(shell: &Shell, apk: &Path, abi: &str) -> Result<()> {
    let badging = cmd!(shell, "aapt2 dump badging {apk}").quiet().read()?;
    for expected in [
        "package: name='dev.spatz.sample'".to_owned(),
        "sdkVersion:'26'".to_owned(),
        format!("native-code: '{abi}'"),
    ] {
        ensure!(
            badging.contains(&expected),
            "aapt2 reads no {expected} in {}, but:\n{badging}",
            apk.display()
        );
    }
    ensure!(
        !badging.contains("android.permission.INTERNET"),
        "{} asks for the network; nothing in the manifest may",
        apk.display()
    );
    let signature = cmd!(shell, "apksigner verify --verbose --min-sdk-version 26 {apk}").quiet().read()?;
    for scheme in ["v2", "v3"] {
        let verified = signature.lines().any(|line| {
            line.starts_with(&format!("Verified using {scheme} scheme")) && line.ends_with("true")
        });
        ensure!(verified, "{} is not signed with scheme {scheme}:\n{signature}", apk.display());
    }
    let mut archive = open(apk)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        if name.ends_with(".so") || name.ends_with(".gguf") {
            let at = entry.data_start().with_context(|| format!("{name} has no data"))?;
            ensure!(entry.compression() == CompressionMethod::Stored, "{name} is compressed, not stored");
            ensure!(at % PAGE == 0, "{name} begins at byte {at}, not on a page of {PAGE}");
        }
        if name.ends_with(".dex") {
            let mut dex = Vec::new();
            entry.read_to_end(&mut dex)?;
            let calls = call_sites(&dex).with_context(|| name.clone())?;
            ensure!(
                calls == 0,
                "{name} has {calls} call sites (invoke-custom), which Android 8 cannot link all of; dx should have refused them"
            );
        }
    }
    Ok(())
}

/// How many call sites a DEX file declares: without one, there is no `invoke-custom` in it.
fn call_sites(dex: &[u8]) -> Result<u32> {
    const MAP_OFFSET: usize = 0x34;
    const CALL_SITE_IDS: u16 = 7;
    let word = |at: usize| -> Result<u32> {
        let bytes = dex.get(at..at + 4).context("the DEX file ends early")?;
        Ok(u32::from_le_bytes(bytes.try_into()?))
    };
    if !dex.starts_with(b"dex\n") {
        bail!("this is no DEX file");
    }
    let map = usize::try_from(word(MAP_OFFSET)?)?;
    // Kind and padding, two bytes each; how many; where.
    for item in 0..usize::try_from(word(map)?)? {
        let at = map + 4 + 12 * item;
        if word(at)? & 0xffff == u32::from(CALL_SITE_IDS) {
            return word(at + 4);
        }
    }
    Ok(0)
}

/// The key that every development machine makes for itself; Android installs what it signs, stores refuse it.
fn debug_key(shell: &Shell) -> Result<PathBuf> {
    let key = cache_folder()?.join("debug.keystore");
    if !key.is_file() {
        cmd!(shell, "keytool -genkeypair -keystore {key} -storepass android -alias androiddebugkey -keyalg RSA -keysize 2048 -validity 10000 -dname CN=Debug")
            .quiet()
            .ignore_stderr()
            .run()
            .context("`keytool` comes with a JDK")?;
    }
    Ok(key)
}

fn open(path: &Path) -> Result<ZipArchive<File>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    ZipArchive::new(file).with_context(|| format!("{} is no archive", path.display()))
}

/// The libraries for `abi` in the Android archive `aar`, each with its file name.
pub(crate) fn libraries_of(aar: &Path, abi: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut archive = open(aar)?;
    let prefix = format!("jni/{abi}/");
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let Some(name) = entry.name()?.strip_prefix(&prefix).map(str::to_owned) else { continue };
        if name.ends_with(".so") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            found.push((name, bytes));
        }
    }
    ensure!(!found.is_empty(), "{} has no library in {prefix}", aar.display());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A DEX file of which only the map is there.
    fn dex(map: &[(u16, u32)]) -> Vec<u8> {
        let mut dex = b"dex\n038\0".to_vec();
        dex.resize(0x34, 0);
        dex.extend(0x38_u32.to_le_bytes());
        dex.extend((map.len() as u32).to_le_bytes());
        for (kind, count) in map {
            dex.extend(u32::from(*kind).to_le_bytes());
            dex.extend(count.to_le_bytes());
            dex.extend([0; 4]);
        }
        dex
    }

    #[test]
    fn call_sites_are_counted() {
        assert_eq!(call_sites(&dex(&[(0, 1), (1, 20), (0x2000, 3)])).unwrap(), 0);
        assert_eq!(call_sites(&dex(&[(0, 1), (7, 4)])).unwrap(), 4);
        assert!(call_sites(b"PK").is_err());
        assert!(call_sites(&dex(&[(0, 1)])[..0x3a]).is_err());
    }
}
