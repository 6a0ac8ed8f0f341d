//! Packs a plain GGUF and Spatz's own sections into one model package.
//!
//! ```text
//! header          the plain file's metadata byte for byte, then ours: alignment, section table, checksums
//! tensor data     as in the plain file, each tensor aligned to 64 bytes
//! sections        behind the last tensor, each aligned to 64 bytes; other readers of GGUF do not look there
//! ```
//!
//! What is written is opened and verified before it takes its name, so a package that exists is sound.

use anyhow::{Context, Result, bail, ensure};
use spatz::Model;
use spatz::model::gguf::{Layout, value_type};
use spatz::model::section::{self, key};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Our packages align to a cache line, so that no row of 64-byte blocks straddles two.
const ALIGNMENT: usize = 64;
const ALIGNMENT_KEY: &str = "general.alignment";

/// Writes the package `out` from the GGUF at `plain` and `sections` (name and bytes).
///
/// `plain` may be a package itself: its metadata and tensors are taken, its sections are not. `out` is replaced by
/// rename, so whoever has it open keeps the old one, and a failure leaves it as it was.
///
/// # Errors
///
/// If `plain` is not a model that Spatz can open, if section names are empty or not distinct, or if writing fails.
pub fn pack(plain: &Path, sections: &[(&str, Vec<u8>)], out: &Path) -> Result<()> {
    let model = Model::open(plain)?;
    let bytes = fs::read(plain).with_context(|| format!("cannot read {}", plain.display()))?;
    let layout = Layout::read(&bytes, &plain.display().to_string())?;
    for (index, (name, _)) in sections.iter().enumerate() {
        ensure!(!name.is_empty(), "section {index} has no name");
        ensure!(
            sections.iter().filter(|(other, _)| other == name).count() == 1,
            "section {name} is there twice"
        );
    }
    let plan = Plan::new(&model, &layout, sections)?;
    replace(out, |file| {
        file.write_all(&plan.header)?;
        plan.write_data(file)
    })
}

/// Everything that is to be written, placed.
struct Plan<'a> {
    header: Vec<u8>,
    /// Tensors and sections with their offset in the tensor data section, ascending.
    data: Vec<(usize, &'a [u8])>,
}

impl<'a> Plan<'a> {
    fn new(model: &'a Model, layout: &Layout<'_>, sections: &'a [(&str, Vec<u8>)]) -> Result<Self> {
        let mut data: Vec<(usize, &[u8])> = Vec::new();
        let mut end = 0;
        let mut place = |bytes: &'a [u8]| {
            let offset = end;
            data.push((offset, bytes));
            end = (offset + bytes.len()).next_multiple_of(ALIGNMENT);
            offset
        };
        let mut table = Vec::new();
        for tensor in &layout.tensors {
            let view = model.tensor(tensor.name).with_context(|| format!("no tensor {}", tensor.name))?;
            // A row of the table ends with the tensor's offset: eight bytes.
            let Some((row, _)) = tensor.raw.split_last_chunk::<8>() else {
                bail!("no row for {}", tensor.name)
            };
            table.extend_from_slice(row);
            table.extend_from_slice(&(place(view.bytes) as u64).to_le_bytes());
        }
        let offsets: Vec<u64> = sections.iter().map(|(_, bytes)| place(bytes) as u64).collect();

        let mut plan = Self { header: Vec::new(), data };
        let mut checksum = crc32fast::Hasher::new();
        plan.write_data_to(&mut Hashing(&mut checksum), offsets.first().copied())?;
        plan.header = header(layout, &table, sections, &offsets, checksum.finalize());
        Ok(plan)
    }

    fn write_data(&self, file: &mut impl Write) -> io::Result<()> {
        self.write_data_to(file, None)
    }

    /// Writes tensors and sections with the padding between them, as far as `end`.
    fn write_data_to(&self, file: &mut impl Write, end: Option<u64>) -> io::Result<()> {
        let mut at = 0;
        let until = end.map_or(usize::MAX, |end| end as usize);
        for (offset, bytes) in self.data.iter().filter(|(offset, _)| *offset < until) {
            file.write_all(&[0; ALIGNMENT][..offset - at])?;
            file.write_all(bytes)?;
            at = offset + bytes.len();
        }
        let padding = end.map_or(0, |end| end as usize - at);
        file.write_all(&[0; ALIGNMENT][..padding])
    }
}

struct Hashing<'a>(&'a mut crc32fast::Hasher);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn header(
    layout: &Layout<'_>,
    table: &[u8],
    sections: &[(&str, Vec<u8>)],
    offsets: &[u64],
    tensors_crc32: u32,
) -> Vec<u8> {
    let ours = |key: &str| key::ALL.contains(&key) || key == ALIGNMENT_KEY;
    let kept: Vec<_> = layout.entries.iter().filter(|entry| !ours(entry.key)).collect();
    let mut own = Entries::default();
    own.u32(ALIGNMENT_KEY, ALIGNMENT as u32);
    own.u32(key::FORMAT_VERSION, section::FORMAT_VERSION);
    own.array(key::NAMES, value_type::STRING, sections.iter().map(|(name, _)| string(name)));
    own.array(key::OFFSETS, value_type::U64, offsets.iter().map(|offset| offset.to_le_bytes()));
    own.array(
        key::LENGTHS,
        value_type::U64,
        sections.iter().map(|(_, bytes)| (bytes.len() as u64).to_le_bytes()),
    );
    let checksums = sections.iter().map(|(_, bytes)| crc32fast::hash(bytes).to_le_bytes());
    own.array(key::CHECKSUMS, value_type::U32, checksums);
    own.u32(key::TENSORS_CHECKSUM, tensors_crc32);
    // Last, so that its value is the last four bytes of the metadata.
    own.u32(key::HEADER_CHECKSUM, 0);

    let mut header = Vec::new();
    header.extend_from_slice(b"GGUF");
    header.extend_from_slice(&3u32.to_le_bytes());
    header.extend_from_slice(&(layout.tensors.len() as u64).to_le_bytes());
    header.extend_from_slice(&((kept.len() as u64) + own.count).to_le_bytes());
    kept.iter().for_each(|entry| header.extend_from_slice(entry.raw));
    header.extend_from_slice(&own.bytes);
    let checksum = header.len() - 4..header.len();
    header.extend_from_slice(table);
    header.resize(header.len().next_multiple_of(ALIGNMENT), 0);
    let crc32 = section::header_crc32(&header, checksum.clone());
    header[checksum].copy_from_slice(&crc32.to_le_bytes());
    header
}

/// Metadata entries as they are written.
#[derive(Default)]
struct Entries {
    bytes: Vec<u8>,
    count: u64,
}

impl Entries {
    fn u32(&mut self, key: &str, value: u32) {
        self.begin(key, value_type::U32);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn array<T: AsRef<[u8]>>(&mut self, key: &str, kind: u32, elements: impl ExactSizeIterator<Item = T>) {
        self.begin(key, value_type::ARRAY);
        self.bytes.extend_from_slice(&kind.to_le_bytes());
        self.bytes.extend_from_slice(&(elements.len() as u64).to_le_bytes());
        elements.for_each(|element| self.bytes.extend_from_slice(element.as_ref()));
    }

    fn begin(&mut self, key: &str, kind: u32) {
        self.count += 1;
        self.bytes.extend_from_slice(&string(key));
        self.bytes.extend_from_slice(&kind.to_le_bytes());
    }
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// Writes `out` aside, opens and verifies it, and renames it.
fn replace(out: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let name = out.file_name().with_context(|| format!("{} is not a file's name", out.display()))?;
    let aside = out.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let aside = Aside(aside);
    let context = || format!("cannot write {}", aside.0.display());
    let mut file = BufWriter::new(File::create(&aside.0).with_context(context)?);
    write(&mut file).with_context(context)?;
    file.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .with_context(context)?;
    Model::open(&aside.0)?.verify()?;
    fs::rename(&aside.0, out).with_context(|| format!("cannot replace {}", out.display()))
}

/// A file that is deleted unless it was renamed.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // Fails after the rename, when there is nothing left to delete.
        let _ = fs::remove_file(&self.0);
    }
}
