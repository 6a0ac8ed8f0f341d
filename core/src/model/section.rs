//! Spatz's own sections behind the last tensor, and the checksums.

pub use super::checksum::header_crc32;
use super::error::Fault;
use super::metadata::Metadata;
use std::ops::Range;

/// The newest package format that this version reads.
pub const FORMAT_VERSION: u32 = 1;

/// The metadata keys of a Spatz package; offsets count from the start of the tensor data section.
pub mod key {
    /// `u32`: [`FORMAT_VERSION`](super::FORMAT_VERSION).
    pub const FORMAT_VERSION: &str = "spatz.format_version";
    /// Strings: the sections' names.
    pub const NAMES: &str = "spatz.section.names";
    /// `u64`s: where each section starts.
    pub const OFFSETS: &str = "spatz.section.offsets";
    /// `u64`s: each section's bytes, without padding.
    pub const LENGTHS: &str = "spatz.section.lengths";
    /// `u32`s: each section's CRC-32 (ISO-HDLC).
    pub const CHECKSUMS: &str = "spatz.section.crc32";
    /// `u32`: CRC-32 of everything from the start of the tensor data to the first section, or to the file's end.
    pub const TENSORS_CHECKSUM: &str = "spatz.checksum.tensors";
    /// `u32`: CRC-32 of everything before the tensor data, with these four bytes taken as zero.
    pub const HEADER_CHECKSUM: &str = "spatz.checksum.header";
    /// All of them: what describes the file's layout, and is written anew when it is packed.
    pub const ALL: [&str; 7] =
        [FORMAT_VERSION, NAMES, OFFSETS, LENGTHS, CHECKSUMS, TENSORS_CHECKSUM, HEADER_CHECKSUM];
}

const MAX_SECTIONS: usize = 256;

/// The sections of a package.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    pub(crate) format_version: Option<u32>,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: Box<str>,
    /// Bytes from the start of the file.
    pub(crate) range: Range<usize>,
    pub(crate) crc32: u32,
}

/// Refuses packages that are newer than this version, before anything else in them is looked at.
pub(crate) fn format_version(metadata: &Metadata<'_>) -> Result<Option<u32>, Fault> {
    let version = metadata.u32(key::FORMAT_VERSION)?;
    match version {
        Some(0) => Err(Fault::invalid(key::FORMAT_VERSION, "is 0, versions start at 1")),
        Some(version) if version > FORMAT_VERSION => Err(Fault::unsupported(
            key::FORMAT_VERSION,
            version.to_string(),
            format!("up to {FORMAT_VERSION}: update Spatz, or pack the model with this version"),
        )),
        _ => Ok(version),
    }
}

impl Sections {
    /// Reads the section table and checks that sections are aligned, inside the file, behind the tensors and apart.
    pub(crate) fn new(metadata: &Metadata<'_>, tensors_end: usize, file_len: usize) -> Result<Self, Fault> {
        let format_version = format_version(metadata)?;
        if format_version.is_none() {
            return Ok(Self::default());
        }
        let Some(names) = metadata.array(key::NAMES)? else {
            return Ok(Self { format_version, sections: Vec::new() });
        };
        let offsets = metadata.required_array(key::OFFSETS)?;
        let lengths = metadata.required_array(key::LENGTHS)?;
        let checksums = metadata.required_array(key::CHECKSUMS)?;
        let counts = [names.len, offsets.len, lengths.len, checksums.len];
        if counts.iter().any(|count| *count != names.len) || names.len > MAX_SECTIONS {
            let problem =
                format!("and the keys beside it have {counts:?} entries; one each, at most {MAX_SECTIONS}");
            return Err(Fault::invalid(key::NAMES, problem));
        }

        let layout = metadata.layout;
        let places = offsets.u64s(key::OFFSETS)?.zip(lengths.u64s(key::LENGTHS)?);
        let rows = names.strings(key::NAMES)?.zip(places).zip(checksums.u32s(key::CHECKSUMS)?);
        let mut sections: Vec<Section> = Vec::with_capacity(names.len);
        let mut free_from = tensors_end;
        for ((name, (offset, length)), crc32) in rows {
            let range = absolute(offset, length, layout.data_start);
            match range {
                Some(range)
                    if range.start >= free_from
                        && range.end <= file_len
                        && offset.is_multiple_of(layout.alignment as u64) =>
                {
                    free_from = range.end;
                    sections.push(Section { name: name.into(), range, crc32 });
                }
                _ => {
                    let problem = format!(
                        "{length} bytes at {offset} of the tensor data are not aligned to {}, overlap what comes \
                         before or end outside the file",
                        layout.alignment
                    );
                    return Err(Fault::invalid(format!("section {name}"), problem));
                }
            }
        }
        if let Some(last) = sections.last()
            && last.range.end != file_len
        {
            let extra = file_len - last.range.end;
            return Err(Fault::invalid(
                format!("section {}", last.name),
                format!("has {extra} bytes behind it"),
            ));
        }
        for (index, section) in sections.iter().enumerate() {
            if sections.iter().take(index).any(|other| other.name == section.name) {
                return Err(Fault::invalid(format!("section {}", section.name), "is there twice"));
            }
        }
        Ok(Self { format_version, sections })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| *section.name == *name)
    }

    /// Where the tensor data ends and sections begin.
    pub(crate) fn start(&self) -> Option<usize> {
        self.sections.first().map(|section| section.range.start)
    }
}

fn absolute(offset: u64, length: u64, data_start: usize) -> Option<Range<usize>> {
    let start = usize::try_from(offset).ok()?.checked_add(data_start)?;
    Some(start..start.checked_add(usize::try_from(length).ok()?)?)
}
