//! Walks the header of a GGUF file (v2, v3) without trusting it.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. `Layout::scan` bounds-checks every count,
//! length and type against the bytes that are there, borrows all it finds, and is what makes the rest of this room
//! safe on hostile files.
//!
//! Scalars and the tensor table are then read by candle's [`Content`], but not the file as it is:
//! `Layout::content` leaves the arrays out. candle turns each array element into a `Value` of 32 bytes plus a heap
//! string, 9 MB for the vocabulary of SmolLM2, which is most of what a keyboard may hold, and a file of one-byte
//! elements would make it allocate 32 times its own size. Arrays are read straight from the map ([`Array`]).

pub mod value_type;
mod walk;

use crate::model::error::{Fault, ModelError};
use candle_core::quantized::gguf_file::Content;
use std::io::Cursor;
use std::ops::Range;
use value_type::type_name;
use walk::Walk;

/// More entries than any model has; a bound on what a hostile header can make us hold.
const MAX_ENTRIES: u64 = 4096;
/// As [`MAX_ENTRIES`], for tensors: nine a block and three around them, so more than a thousand blocks.
const MAX_TENSORS: u64 = 16_384;
const DEFAULT_ALIGNMENT: usize = 32;
/// Beyond this an alignment is a mistake or an attack: it could only serve to push the data out of the file.
const MAX_ALIGNMENT: usize = 1 << 16;

/// Where everything lies in a GGUF file.
#[derive(Debug)]
pub struct Layout<'a> {
    /// 2 or 3.
    pub version: u32,
    /// The metadata, in the file's order; keys are distinct.
    pub entries: Vec<Entry<'a>>,
    /// The tensor table, in the file's order; names are distinct.
    pub tensors: Vec<TensorEntry<'a>>,
    /// `general.alignment`: a power of two.
    pub alignment: usize,
    /// Where the tensor data section begins, in bytes from the file's start.
    pub data_start: usize,
}

/// One metadata entry.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// The number of its [`value_type`].
    pub kind: u32,
    /// The whole entry as it stands in the file: key, type, value.
    pub raw: &'a [u8],
    /// The value alone.
    pub value: &'a [u8],
}

/// One row of the tensor table.
#[derive(Debug)]
pub struct TensorEntry<'a> {
    /// The tensor's name.
    pub name: &'a str,
    /// The number of its GGML type.
    pub kind: u32,
    /// The whole row as it stands in the file.
    pub raw: &'a [u8],
}

/// An array of the metadata, still in the file's bytes.
#[derive(Clone, Copy, Debug)]
pub struct Array<'a> {
    /// The number of the elements' [`value_type`].
    pub kind: u32,
    /// Number of elements.
    pub len: usize,
    /// The elements.
    pub bytes: &'a [u8],
}

impl<'a> Layout<'a> {
    /// Walks the header of `file` and checks that all of it is there and of known types; `name` is for messages.
    ///
    /// # Errors
    ///
    /// [`ModelError`] names the key, tensor or byte.
    pub fn read(file: &'a [u8], name: &str) -> Result<Self, ModelError> {
        Self::scan(file).map_err(|fault| fault.in_file(name))
    }

    pub(crate) fn scan(file: &'a [u8]) -> Result<Self, Fault> {
        let mut walk = Walk::new(file);
        let version = magic_and_version(&mut walk)?;
        let tensor_count = walk.u64("the tensor count")?;
        let entry_count = walk.u64("the metadata count")?;
        limit("the metadata count", entry_count, MAX_ENTRIES)?;
        limit("the tensor count", tensor_count, MAX_TENSORS)?;

        let mut entries = Vec::new();
        for index in 0..entry_count {
            entries.push(walk.entry(index)?);
        }
        let mut tensors = Vec::new();
        for index in 0..tensor_count {
            tensors.push(walk.tensor(index)?);
        }
        distinct("key", entries.iter().map(|entry| entry.key).collect())?;
        distinct("tensor", tensors.iter().map(|tensor| tensor.name).collect())?;

        let alignment = alignment(&entries)?;
        let data_start = walk.at().next_multiple_of(alignment);
        if data_start > file.len() && !tensors.is_empty() {
            return Err(Fault::invalid("the tensor data", format!("the file ends at byte {}", file.len())));
        }
        Ok(Self { version, entries, tensors, alignment, data_start: data_start.min(file.len()) })
    }

    /// Scalars and tensor table as candle reads them; see the head of this file for what is left out and why.
    pub(crate) fn content(&self) -> Result<Content, Fault> {
        let scalars = || self.entries.iter().filter(|entry| entry.kind != value_type::ARRAY);
        let mut header = Vec::new();
        header.extend_from_slice(b"GGUF");
        header.extend_from_slice(&self.version.to_le_bytes());
        header.extend_from_slice(&(self.tensors.len() as u64).to_le_bytes());
        header.extend_from_slice(&(scalars().count() as u64).to_le_bytes());
        scalars().for_each(|entry| header.extend_from_slice(entry.raw));
        self.tensors.iter().for_each(|tensor| header.extend_from_slice(tensor.raw));
        Content::read(&mut Cursor::new(header))
            .map_err(|error| Fault::invalid("the header", error.to_string()))
    }

    /// The array at `key`, if there is one.
    pub(crate) fn array(&self, key: &str) -> Result<Option<Array<'a>>, Fault> {
        let Some(entry) = self.entries.iter().find(|entry| entry.key == key) else { return Ok(None) };
        if entry.kind != value_type::ARRAY {
            return Err(Fault::invalid(key, format!("is {}, not an array", type_name(entry.kind))));
        }
        let mut walk = Walk::new(entry.value);
        let kind = walk.u32(key)?;
        let len = walk.u64(key)?;
        // The scan has found this many elements in the file, so the length fits.
        Ok(Some(Array { kind, len: len as usize, bytes: walk.rest() }))
    }
}

impl<'a> Array<'a> {
    /// The strings, in order; `key` is for the error.
    pub(crate) fn strings(&self, key: &str) -> Result<impl Iterator<Item = &'a str> + use<'a>, Fault> {
        self.check_kind(key, &[value_type::STRING])?;
        let mut walk = Walk::new(self.bytes);
        for index in 0..self.len {
            walk.string(&format_args!("{key}[{index}]"))?;
        }
        Ok(string_iter(self.bytes))
    }

    /// The elements as `u32`; negative ones wrap, which makes them too large for whatever they index.
    pub(crate) fn u32s(&self, key: &str) -> Result<impl Iterator<Item = u32> + use<'a>, Fault> {
        self.check_kind(key, &[value_type::U32, value_type::I32])?;
        Ok(self.bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)))
    }

    /// The elements as `u64`.
    pub(crate) fn u64s(&self, key: &str) -> Result<impl Iterator<Item = u64> + use<'a>, Fault> {
        self.check_kind(key, &[value_type::U64])?;
        Ok(self.bytes.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes)))
    }

    /// Checks that the elements are `f32`.
    pub(crate) fn expect_f32(&self, key: &str) -> Result<(), Fault> {
        self.check_kind(key, &[value_type::F32])
    }

    pub(crate) fn check_kind(&self, key: &str, kinds: &[u32]) -> Result<(), Fault> {
        if kinds.contains(&self.kind) || self.len == 0 {
            return Ok(());
        }
        let (found, wanted) = (type_name(self.kind), type_name(kinds[0]));
        Err(Fault::invalid(key, format!("is an array of {found}, expected {wanted}")))
    }
}

/// The strings of `bytes`, which have been checked to be length-prefixed UTF-8.
pub(crate) fn string_iter(mut bytes: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (len, rest) = bytes.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(u64::from_le_bytes(*len) as usize)?;
        bytes = rest;
        std::str::from_utf8(text).ok()
    })
}

fn magic_and_version(walk: &mut Walk<'_>) -> Result<u32, Fault> {
    const MAGIC: &str = "the first four bytes";
    match walk.take(4, MAGIC)? {
        b"GGUF" => {}
        b"FUGG" => return Err(big_endian()),
        other => {
            let found = other.escape_ascii();
            return Err(Fault::invalid(
                MAGIC,
                format!("are \"{found}\", so this is no GGUF file (\"GGUF\")"),
            ));
        }
    }
    match walk.u32("the version")? {
        version @ (2 | 3) => Ok(version),
        1 => Err(Fault::unsupported(
            "the GGUF version",
            "1, out of use since 2023",
            "2 and 3: convert it anew",
        )),
        version if version.swap_bytes() <= 0xff => Err(big_endian()),
        version => Err(Fault::unsupported("the GGUF version", version.to_string(), "2 and 3: update Spatz")),
    }
}

fn big_endian() -> Fault {
    Fault::unsupported("the byte order", "big-endian", "little-endian: run gguf-convert-endian on the file")
}

fn limit(what: &str, found: u64, max: u64) -> Result<(), Fault> {
    if found <= max {
        return Ok(());
    }
    Err(Fault::invalid(what, format!("{found} is more than any model has ({max})")))
}

fn distinct(what: &str, mut names: Vec<&str>) -> Result<(), Fault> {
    names.sort_unstable();
    match names.array_windows().find(|[a, b]| a == b) {
        Some([name, _]) => Err(Fault::invalid(format!("{what} {name}"), "is there twice")),
        None => Ok(()),
    }
}

fn alignment(entries: &[Entry<'_>]) -> Result<usize, Fault> {
    const KEY: &str = "general.alignment";
    let Some(entry) = entries.iter().find(|entry| entry.key == KEY) else { return Ok(DEFAULT_ALIGNMENT) };
    let value = match (entry.kind, entry.value.try_into()) {
        (value_type::U32, Ok(bytes)) => u32::from_le_bytes(bytes) as usize,
        (kind, _) => return Err(Fault::invalid(KEY, format!("is {}, expected a u32", type_name(kind)))),
    };
    if !value.is_power_of_two() || !(8..=MAX_ALIGNMENT).contains(&value) {
        return Err(Fault::invalid(KEY, format!("is {value}, not a power of two from 8 to {MAX_ALIGNMENT}")));
    }
    Ok(value)
}

/// `part` of `whole`, both slices of one buffer, as a range of the whole.
pub(crate) fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = (part.as_ptr().addr()).saturating_sub(whole.as_ptr().addr());
    start..start + part.len()
}
