//! GGUF's value types by their number in the file.
#![allow(missing_docs)]

use candle_core::quantized::gguf_file::Value;

pub const U8: u32 = 0;
pub const I8: u32 = 1;
pub const U16: u32 = 2;
pub const I16: u32 = 3;
pub const U32: u32 = 4;
pub const I32: u32 = 5;
pub const F32: u32 = 6;
pub const BOOL: u32 = 7;
pub const STRING: u32 = 8;
pub const ARRAY: u32 = 9;
pub const U64: u32 = 10;
pub const I64: u32 = 11;
pub const F64: u32 = 12;

/// Size in bytes of a value whose size is fixed.
pub(super) fn fixed_size(kind: u32) -> Option<u64> {
    match kind {
        U8 | I8 | BOOL => Some(1),
        U16 | I16 => Some(2),
        U32 | I32 | F32 => Some(4),
        U64 | I64 | F64 => Some(8),
        _ => None,
    }
}

/// What a value of this type is, for messages.
pub(crate) fn type_name(kind: u32) -> &'static str {
    match kind {
        U8 => "u8",
        I8 => "i8",
        U16 => "u16",
        I16 => "i16",
        U32 => "u32",
        I32 => "i32",
        F32 => "f32",
        BOOL => "a truth value",
        STRING => "a string",
        ARRAY => "an array",
        U64 => "u64",
        I64 => "i64",
        F64 => "f64",
        _ => "of an unknown type",
    }
}

/// What candle's value is, for messages.
pub(crate) fn value_type_name(value: &Value) -> &'static str {
    match value {
        Value::U8(_) => "u8",
        Value::I8(_) => "i8",
        Value::U16(_) => "u16",
        Value::I16(_) => "i16",
        Value::U32(_) => "u32",
        Value::I32(_) => "i32",
        Value::U64(_) => "u64",
        Value::I64(_) => "i64",
        Value::F32(_) => "f32",
        Value::F64(_) => "f64",
        Value::Bool(_) => "a truth value",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
    }
}
