//! CRC-32 checksums of a package: the header's at every open (a millisecond), the data's on [`Model::verify`].
//!
//! [`Model::verify`]: super::Model::verify

use super::Verification;
use super::error::Fault;
use super::gguf::range_in;
use super::metadata::Metadata;
use super::section::{Sections, key};
use std::ops::Range;

/// CRC-32 of `header` with the four bytes at `checksum`, where the result itself is stored, taken as zero.
pub fn header_crc32(header: &[u8], checksum: Range<usize>) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(header.get(..checksum.start).unwrap_or_default());
    hasher.update(&[0; 4]);
    hasher.update(header.get(checksum.end..).unwrap_or_default());
    hasher.finalize()
}

/// Compares the header's checksum. Only a GGUF that Spatz did not make may lack checksums, so that damage to a
/// checksum's key does not switch the check off.
pub(crate) fn check_header(metadata: &Metadata<'_>, file: &[u8]) -> Result<(), Fault> {
    let wanted = metadata.u32(key::HEADER_CHECKSUM)?;
    if metadata.u32(key::FORMAT_VERSION)?.is_some() {
        for (key, found) in
            [(key::HEADER_CHECKSUM, wanted), (key::TENSORS_CHECKSUM, metadata.u32(key::TENSORS_CHECKSUM)?)]
        {
            found.ok_or_else(|| Fault::invalid(key, "is missing from the metadata"))?;
        }
    }
    let Some(wanted) = wanted else { return Ok(()) };
    let layout = metadata.layout;
    let Some(entry) = layout.entries.iter().find(|entry| entry.key == key::HEADER_CHECKSUM) else {
        return Ok(());
    };
    let header = file.get(..layout.data_start).unwrap_or_default();
    compare("the header", header_crc32(header, range_in(file, entry.value)), wanted)
}

/// Compares the checksums of tensor data and sections; reads what no checksum covers too, so that a disk that cannot
/// read it is noticed.
pub(crate) fn verify(
    file: &[u8],
    data_start: usize,
    sections: &Sections,
    tensors_crc32: Option<u32>,
) -> Result<Verification, Fault> {
    let data_end = sections.start().unwrap_or(file.len());
    let data = file.get(data_start..data_end).unwrap_or_default();
    let mut done = Verification { read_bytes: data.len() as u64, checked_bytes: 0 };
    let found = crc32fast::hash(data);
    if let Some(wanted) = tensors_crc32 {
        compare("the tensor data", found, wanted)?;
        done.checked_bytes += data.len() as u64;
    }
    let mut end = data_end;
    for section in &sections.sections {
        let padding = file.get(end..section.range.start).unwrap_or_default();
        if padding.iter().any(|byte| *byte != 0) {
            return Err(Fault::invalid(
                format!("section {}", section.name),
                "has padding before it that is not zero",
            ));
        }
        end = section.range.end;
        let bytes = file.get(section.range.clone()).unwrap_or_default();
        compare(&format!("section {}", section.name), crc32fast::hash(bytes), section.crc32)?;
        done.read_bytes += bytes.len() as u64;
        done.checked_bytes += bytes.len() as u64;
    }
    Ok(done)
}

fn compare(place: &str, found: u32, wanted: u32) -> Result<(), Fault> {
    if found == wanted {
        return Ok(());
    }
    Err(Fault::invalid(
        place,
        format!("has the checksum {found:08x}, not {wanted:08x}: it was changed or damaged"),
    ))
}
