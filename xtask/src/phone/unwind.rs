//! What a library for Android is linked with besides its own code: LLVM's unwinder, which the standard library asks for,
//! and stand-ins for the system's libraries.
//!
//! The unwinder's sources and C headers come inside Zig's Python package, which is taken by its checksum. The headers are
//! musl's: where the unwinder sees a difference to bionic, in the name of `errno`, it is told. Locks, whose size differs
//! on 32-bit ARM, it does not use there.

use super::{ABIS, API_LEVEL, Abi};
use crate::machine::install;
use crate::step;
use anyhow::{Context as _, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};
use zip::ZipArchive;

/// Compiles and links.
pub(crate) const CLANG: &str = "clang-19";

const PACKAGE: &str =
    "ziglang==0.17.1 --hash=sha256:ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54";
/// Written last, and with another number when what is built here changes.
const MARK: &str = "ready-2";

const CPP: [&str; 2] = ["libunwind.cpp", "Unwind-EHABI.cpp"];
const C: [&str; 2] = ["UnwindLevel1.c", "UnwindLevel1-gcc-ext.c"];
const ASSEMBLY: [&str; 2] = ["UnwindRegistersRestore.S", "UnwindRegistersSave.S"];

/// The folder with a folder for each ABI, set up if it is not there (100 MB to download).
pub(crate) fn ready(shell: &Shell, folder: &Path) -> Result<PathBuf> {
    if !folder.join(MARK).is_file() {
        set_up(shell, folder)
            .with_context(|| format!("the unwinder could not be built in {}", folder.display()))?;
    }
    Ok(folder.to_owned())
}

fn set_up(shell: &Shell, folder: &Path) -> Result<()> {
    step(&format!("building the unwinder in {}", folder.display()));
    install(shell, "pip3", "python3-pip")?;
    shell.remove_path(folder)?;
    let download = folder.join("download");
    shell.create_dir(&download)?;
    let requirement = download.join("requirements.txt");
    shell.write_file(&requirement, PACKAGE)?;
    cmd!(
        shell,
        "pip3 download --quiet --no-deps --require-hashes --only-binary=:all: --platform manylinux2010_x86_64 --dest {download} --requirement {requirement}"
    )
    .run()?;
    for file in shell.read_dir(&download)? {
        if file.extension().is_some_and(|extension| extension == "whl") {
            unpack(shell, &file, &folder.join("source"))?;
        }
    }
    shell.remove_path(&download)?;
    for abi in ABIS {
        build(shell, abi, &folder.join("source"), &folder.join(abi.name))?;
    }
    shell.write_file(folder.join(MARK), "")?;
    Ok(())
}

/// Takes the unwinder and the headers of our ABIs out of the package.
fn unpack(shell: &Shell, wheel: &Path, folder: &Path) -> Result<()> {
    let mut archive = ZipArchive::new(File::open(wheel)?).with_context(|| wheel.display().to_string())?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let Some(name) = entry.name()?.strip_prefix("ziglang/lib/").map(str::to_owned) else { continue };
        let headers = name.strip_prefix("libc/include/").and_then(|rest| rest.split('/').next());
        let wanted = name.starts_with("libunwind/")
            || headers.is_some_and(|of| of == "generic-musl" || ABIS.iter().any(|abi| abi.headers == of));
        if !wanted || entry.is_dir() {
            continue;
        }
        let path = folder.join(&name);
        shell.create_dir(path.parent().context("a file lies in a folder")?)?;
        std::io::copy(&mut entry, &mut File::create(&path)?).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn build(shell: &Shell, abi: Abi, source: &Path, out: &Path) -> Result<()> {
    let include = out.join("include");
    shell.create_dir(&include)?;
    // All of C++'s library that the unwinder uses.
    shell.write_file(
        include.join("new"),
        "#pragma once\n#include <stddef.h>\ninline void *operator new(size_t, void *place) noexcept { return place; }\n",
    )?;
    shell.write_file(out.join("dso_handle.c"), "void *__dso_handle = &__dso_handle;\n")?;
    shell.write_file(out.join("empty.c"), "")?;

    let headers = source.join("libc/include");
    let (special, generic) = (headers.join(abi.headers), headers.join("generic-musl"));
    let unwind = source.join("libunwind");
    let (unwind_include, sources) = (unwind.join("include"), unwind.join("src"));
    let target = format!("--target={}{API_LEVEL}", abi.clang);
    let flags = [
        target.as_str(),
        "-O2",
        "-fPIC",
        "-fvisibility=hidden",
        "-ffunction-sections",
        "-fdata-sections",
        "-funwind-tables",
        "-nostdlibinc",
        "-DNDEBUG",
        "-D_LIBUNWIND_HIDE_SYMBOLS",
        "-D_LIBUNWIND_IS_NATIVE_ONLY",
        "-D__errno_location=__errno",
    ];
    let mut objects = Vec::new();
    let mut compile = |file: &Path, language: &[&str]| -> Result<()> {
        let name = file.file_name().context("a source is a file")?;
        let object = out.join(name).with_added_extension("o");
        cmd!(
            shell,
            "{CLANG} {flags...} {language...} -I {unwind_include} -I {include} -isystem {special} -isystem {generic} -c {file} -o {object}"
        )
        .quiet()
        .run()?;
        objects.push(object);
        Ok(())
    };
    for file in CPP {
        compile(&sources.join(file), &["-std=c++17", "-nostdinc++", "-fno-exceptions", "-fno-rtti"])?;
    }
    for file in C {
        compile(&sources.join(file), &["-std=c11", "-fexceptions"])?;
    }
    for file in ASSEMBLY {
        compile(&sources.join(file), &[])?;
    }
    compile(&out.join("dso_handle.c"), &[])?;
    let archive = out.join("libunwind.a");
    // No index (S): the host's `ar` cannot make one for every ABI, and lld needs none.
    cmd!(shell, "ar rcSD {archive} {objects...}").quiet().run()?;

    let empty = out.join("empty.c");
    for library in ["c", "m", "dl", "log"] {
        let name = format!("lib{library}.so");
        let (soname, file) = (format!("-Wl,-soname,{name}"), out.join(&name));
        cmd!(shell, "{CLANG} {target} -shared -nostdlib -fuse-ld=lld-19 {soname} {empty} -o {file}")
            .quiet()
            .run()?;
    }
    Ok(())
}
