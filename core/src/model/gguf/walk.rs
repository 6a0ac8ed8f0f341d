//! A cursor over a header that trusts no count, length or type in it.

use super::value_type::{self, fixed_size};
use super::{Entry, TensorEntry};
use crate::model::error::Fault;

const MAX_DIMENSIONS: u32 = 4;
/// Arrays of arrays are allowed by the format and used by no key we know: they are walked over, not read.
const MAX_ARRAY_DEPTH: u32 = 8;

/// A cursor that never leaves its bytes.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn take(&mut self, len: u64, what: impl std::fmt::Display) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        match usize::try_from(len).ok().and_then(|len| rest.get(..len)) {
            Some(bytes) => {
                self.at += bytes.len();
                Ok(bytes)
            }
            None => Err(Fault::invalid(
                what.to_string(),
                format!("needs {len} bytes at byte {}, but only {} are left", self.at, rest.len()),
            )),
        }
    }

    pub(super) fn u32(&mut self, what: impl std::fmt::Display) -> Result<u32, Fault> {
        let bytes = self.take(4, what)?;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    pub(super) fn u64(&mut self, what: impl std::fmt::Display) -> Result<u64, Fault> {
        let bytes = self.take(8, what)?;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    pub(super) fn string(&mut self, what: &impl std::fmt::Display) -> Result<&'a str, Fault> {
        let len = self.u64(what)?;
        let bytes = self.take(len, what)?;
        std::str::from_utf8(bytes).map_err(|error| Fault::invalid(what.to_string(), error.to_string()))
    }

    /// A key or a tensor's name. A NUL is refused because candle drops trailing ones, which could make two names equal.
    fn name(&mut self, what: &impl std::fmt::Display) -> Result<&'a str, Fault> {
        let name = self.string(what)?;
        if name.is_empty() || name.contains('\0') {
            return Err(Fault::invalid(what.to_string(), format!("the name {name:?} is empty or has a NUL")));
        }
        Ok(name)
    }

    pub(super) fn entry(&mut self, index: u64) -> Result<Entry<'a>, Fault> {
        let start = self.at;
        let key = self.name(&format_args!("metadata entry {index}"))?;
        let kind = self.u32(key)?;
        let value_start = self.at;
        self.skip_value(kind, key, 0)?;
        Ok(Entry { key, kind, raw: self.since(start), value: self.since(value_start) })
    }

    fn skip_value(&mut self, kind: u32, key: &str, depth: u32) -> Result<(), Fault> {
        match (kind, fixed_size(kind)) {
            (value_type::BOOL, _) => match self.take(1, key)? {
                [0 | 1] => Ok(()),
                other => Err(Fault::invalid(key, format!("is {other:?}, not a truth value (0 or 1)"))),
            },
            (_, Some(size)) => self.take(size, key).map(drop),
            (value_type::STRING, _) => self.string(&key).map(drop),
            (value_type::ARRAY, _) => self.skip_array(key, depth),
            _ => Err(Fault::unsupported(key, format!("of the unknown value type {kind}"), "types 0 to 12")),
        }
    }

    fn skip_array(&mut self, key: &str, depth: u32) -> Result<(), Fault> {
        if depth == MAX_ARRAY_DEPTH {
            return Err(Fault::invalid(key, format!("has arrays nested more than {MAX_ARRAY_DEPTH} deep")));
        }
        let kind = self.u32(key)?;
        let len = self.u64(key)?;
        match (kind, fixed_size(kind)) {
            (value_type::STRING, _) => {
                // No UTF-8 check here: `Array::strings` does it for the arrays that are read.
                for _ in 0..len {
                    let bytes = self.u64(key)?;
                    self.take(bytes, key)?;
                }
                Ok(())
            }
            (value_type::ARRAY, _) => (0..len).try_for_each(|_| self.skip_array(key, depth + 1)),
            (_, Some(size)) => self.take(len.saturating_mul(size), key).map(drop),
            _ => Err(Fault::unsupported(
                key,
                format!("an array of the unknown value type {kind}"),
                "types 0 to 12",
            )),
        }
    }

    pub(super) fn tensor(&mut self, index: u64) -> Result<TensorEntry<'a>, Fault> {
        let start = self.at;
        let name = self.name(&format_args!("tensor {index}"))?;
        let place = format_args!("tensor {name}").to_string();
        let dimensions = self.u32(&place)?;
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(Fault::invalid(
                place,
                format!("has {dimensions} dimensions, not 1 to {MAX_DIMENSIONS}"),
            ));
        }
        self.take(u64::from(dimensions) * 8, &place)?;
        let kind = self.u32(&place)?;
        self.u64(&place)?;
        Ok(TensorEntry { name, kind, raw: self.since(start) })
    }
}
