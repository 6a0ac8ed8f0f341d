//! The bytes of the file; the form is written down in the room's front page.

use super::Kind;

const MAGIC: &[u8; 8] = b"SPATZST\0";
const FORMAT: u16 = 1;
const HEADER: usize = 32;
/// Bytes before each record.
const FRAME: usize = 8;

/// Why a file says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Damaged,
    Newer,
    OtherKind,
}

/// The first bytes of the file.
pub(super) struct Header;

impl Header {
    /// The snapshot, and the bytes behind it.
    pub(super) fn read(bytes: &[u8], kind: Kind) -> Result<(&[u8], &[u8]), Unreadable> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(Unreadable::Damaged)?;
        let (checked, crc) = header.split_at(HEADER - 4);
        if !header.starts_with(MAGIC) || crc != crc32fast::hash(checked).to_le_bytes() {
            return Err(Unreadable::Damaged);
        }
        let u16_at = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (format, number, version) = (u16_at(8), u16_at(10), u16_at(12));
        if format > FORMAT {
            return Err(Unreadable::Newer);
        }
        if number != kind.number {
            return Err(Unreadable::OtherKind);
        }
        if version > kind.version {
            return Err(Unreadable::Newer);
        }
        let (length, crc) = header[16..28].split_first_chunk::<8>().ok_or(Unreadable::Damaged)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Unreadable::Damaged)?;
        let (snapshot, tail) = rest.split_at_checked(length).ok_or(Unreadable::Damaged)?;
        if crc != crc32fast::hash(snapshot).to_le_bytes() {
            return Err(Unreadable::Damaged);
        }
        Ok((snapshot, tail))
    }
}

/// A file with this snapshot and no records.
pub(super) fn file(kind: Kind, snapshot: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + snapshot.len());
    out.extend(MAGIC);
    out.extend([FORMAT, kind.number, kind.version, 0].iter().flat_map(|number| number.to_le_bytes()));
    out.extend((snapshot.len() as u64).to_le_bytes());
    out.extend(crc32fast::hash(snapshot).to_le_bytes());
    out.extend(crc32fast::hash(&out).to_le_bytes());
    out.extend(snapshot);
    out
}

/// A record as it stands in the file.
pub(super) fn frame(record: &[u8]) -> Vec<u8> {
    let length = (record.len() as u32).to_le_bytes();
    let mut out = Vec::with_capacity(FRAME + record.len());
    out.extend(length);
    out.extend(record_crc(length, record).to_le_bytes());
    out.extend(record);
    out
}

/// The whole records at the beginning of `tail`, and how many bytes they take.
pub(super) fn records(tail: &[u8]) -> (Vec<Vec<u8>>, usize) {
    let mut found = Vec::new();
    let mut rest = tail;
    while let Some((record, behind)) = record(rest) {
        found.push(record.to_vec());
        rest = behind;
    }
    (found, tail.len() - rest.len())
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let (record, behind) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (record_crc(*length, record) == u32::from_le_bytes(*crc)).then_some((record, behind))
}

/// Over the length too: zeros, which a file system may leave behind, are then no record.
fn record_crc(length: [u8; 4], record: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&length);
    crc.update(record);
    crc.finalize()
}
