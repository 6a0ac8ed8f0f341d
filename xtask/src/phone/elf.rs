//! `cargo xtask check-elf`: whether Android will load a shared library.
//!
//! Android 15 runs on phones with 16 KB pages and refuses what is aligned to less; no Android since 6.0 loads code that
//! has to be patched in place; and a library that needs another which the system does not offer fails at the first call,
//! on the user's phone.

use crate::step;
use anyhow::{Context as _, Result, bail, ensure};
use goblin::elf::dynamic::{DF_TEXTREL, DT_TEXTREL};
use goblin::elf::header::{EM_386, EM_AARCH64, EM_ARM, EM_X86_64, ET_DYN};
use goblin::elf::program_header::{PF_W, PF_X, PT_GNU_STACK, PT_LOAD};
use goblin::elf::{Elf, Sym, sym::STB_WEAK};
use std::fs;
use std::path::{Path, PathBuf};

/// 16 KB, the largest page of any phone.
const PAGE: u64 = 0x4000;

/// Libraries that every phone with [`API_LEVEL`](super::API_LEVEL) lets apps use.
const SYSTEM: [&str; 19] = [
    "libEGL.so",
    "libGLESv1_CM.so",
    "libGLESv2.so",
    "libGLESv3.so",
    "libOpenMAXAL.so",
    "libOpenSLES.so",
    "libaaudio.so",
    "libandroid.so",
    "libc.so",
    "libcamera2ndk.so",
    "libdl.so",
    "libjnigraphics.so",
    "liblog.so",
    "libm.so",
    "libmediandk.so",
    "libnativewindow.so",
    "libstdc++.so",
    "libvulkan.so",
    "libz.so",
];

/// Checks each of `files`, says what was found and fails if any will not load.
pub(crate) fn check(files: &[PathBuf]) -> Result<()> {
    ensure!(!files.is_empty(), "name the libraries to check: cargo xtask check-elf FILE…");
    let mut bad = 0;
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        bad += usize::from(!check_bytes(&file.display().to_string(), &bytes)?);
    }
    ensure!(bad == 0, "{bad} of {} would not load on Android, for the reasons above", files.len());
    Ok(())
}

/// Whether Android loads the library `bytes`, which is called `name`; says what it found.
pub(crate) fn check_bytes(name: &str, bytes: &[u8]) -> Result<bool> {
    let elf = parse(bytes).with_context(|| name.to_owned())?;
    let faults = faults(&elf);
    match faults.is_empty() {
        true => step(&format!("{name}: 16 KB pages, needs {}", elf.libraries.join(" "))),
        false => step(&format!("{name}: {}", faults.join("; "))),
    }
    Ok(faults.is_empty())
}

/// The names that a library takes from others and offers to others.
pub(crate) struct Symbols {
    /// Must be found when it is loaded; the weak ones, which may be missing, are left out.
    pub(crate) imports: Vec<String>,
    pub(crate) exports: Vec<String>,
}

/// Reads the dynamic symbols of the library at `path`.
pub(crate) fn symbols(path: &Path) -> Result<Symbols> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let elf = parse(&bytes).with_context(|| path.display().to_string())?;
    let names = |wanted: fn(&Sym) -> bool| -> Vec<String> {
        let symbols = elf.dynsyms.iter().filter(wanted);
        let names = symbols.filter_map(|symbol| elf.dynstrtab.get_at(symbol.st_name));
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    Ok(Symbols {
        imports: names(|symbol| symbol.st_shndx == 0 && symbol.st_bind() != STB_WEAK),
        exports: names(|symbol| symbol.st_shndx != 0),
    })
}

/// The sizes of the largest sections, largest first.
pub(crate) fn sections(path: &Path) -> Result<Vec<(String, u64)>> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let elf = parse(&bytes).with_context(|| path.display().to_string())?;
    let mut sections: Vec<(String, u64)> = Vec::new();
    for section in &elf.section_headers {
        if let Some(name) = elf.shdr_strtab.get_at(section.sh_name) {
            sections.push((name.to_owned(), section.sh_size));
        }
    }
    sections.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(sections)
}

fn parse(bytes: &[u8]) -> Result<Elf<'_>> {
    let elf = Elf::parse(bytes).context("this is no ELF file")?;
    if elf.header.e_type != ET_DYN || elf.dynamic.is_none() {
        bail!("this is no shared library");
    }
    Ok(elf)
}

/// Why Android would refuse it; empty if it would not.
fn faults(elf: &Elf<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    if ![EM_AARCH64, EM_ARM, EM_X86_64, EM_386].contains(&elf.header.e_machine) {
        faults.push(format!("no Android runs on ELF machine {}", elf.header.e_machine));
    }
    for segment in &elf.program_headers {
        let at = segment.p_vaddr;
        if segment.p_type == PT_LOAD {
            if segment.p_align < PAGE || at.wrapping_sub(segment.p_offset) % PAGE != 0 {
                faults.push(format!(
                    "the segment at {at:#x} is aligned to {:#x}, not to {PAGE:#x}; link with -z max-page-size=16384",
                    segment.p_align
                ));
            }
            if segment.p_flags & (PF_W | PF_X) == PF_W | PF_X {
                faults.push(format!("the segment at {at:#x} is writable code"));
            }
        }
        if segment.p_type == PT_GNU_STACK && segment.p_flags & PF_X != 0 {
            faults.push("it asks for an executable stack; link with -z noexecstack".to_owned());
        }
    }
    if let Some(dynamic) = &elf.dynamic
        && (dynamic.info.flags & DF_TEXTREL != 0
            || dynamic.dyns.iter().any(|entry| entry.d_tag == DT_TEXTREL))
    {
        faults.push("it has text relocations; link with -z text to see whose".to_owned());
    }
    for library in elf.libraries.iter().filter(|library| !SYSTEM.contains(*library)) {
        faults.push(format!("it needs {library}, which Android does not have"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use goblin::elf::header::Header;
    use goblin::elf::program_header::{PF_R, ProgramHeader};

    fn library(segment: ProgramHeader, needed: &'static str) -> Vec<String> {
        let mut header = Header::new(goblin::container::Ctx::default());
        header.e_machine = EM_AARCH64;
        let mut elf = Elf::lazy_parse(header).unwrap();
        elf.program_headers = vec![segment];
        elf.libraries = vec![needed];
        faults(&elf)
    }

    fn load(align: u64, flags: u32) -> ProgramHeader {
        ProgramHeader { p_type: PT_LOAD, p_align: align, p_flags: flags, ..ProgramHeader::default() }
    }

    #[test]
    fn what_android_refuses_is_named() {
        assert!(library(load(0x4000, PF_R), "libc.so").is_empty());
        assert!(library(load(0x10000, PF_R), "libm.so").is_empty());
        assert!(library(load(0x1000, PF_R), "libc.so")[0].contains("0x1000"));
        assert!(library(load(0x4000, PF_R | PF_W | PF_X), "libc.so")[0].contains("writable code"));
        assert!(library(load(0x4000, PF_R), "libunwind.so")[0].contains("libunwind.so"));
        let shifted = ProgramHeader { p_vaddr: 0x5000, ..load(0x4000, PF_R) };
        assert_eq!(library(shifted, "libc.so").len(), 1);
    }

    #[test]
    fn what_is_no_library_is_refused() {
        assert!(check_bytes("a.so", b"no").unwrap_err().to_string().contains("a.so"));
    }
}
